// SPDX-License-Identifier: MIT
#include "telemetry/publisher/listeningsocket.h"

#include <QtCore/qfile.h>
#include <QtNetwork/qlocalserver.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace Flywheel::Telemetry {

namespace {

/// -1, and errno, if it cannot. The directory keeps others out until the socket has its rights (chmod(2)).
int listenAtPath(const QByteArray &path)
{
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto length =
        std::min<std::size_t>(static_cast<std::size_t>(path.size()), sizeof address.sun_path - 1);
    std::copy_n(path.constData(), length, address.sun_path);
    const bool isBound = ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && ::fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
                         ::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    if (isBound && ::chmod(path.constData(), S_IRUSR | S_IWUSR) == 0 && ::listen(fd, SOMAXCONN) == 0)
        return fd;
    const int error = errno;
    ::close(fd);
    if (isBound)
        ::unlink(path.constData());
    errno = error;
    return -1;
}

} // namespace

ListeningSocket::~ListeningSocket()
{
    close();
}

QString ListeningSocket::open(const QString &path, QLocalServer &)
{
    close();
    m_fd = listenAtPath(QFile::encodeName(path));
    if (m_fd < 0)
        return qt_error_string(errno);
    m_path = path;
    m_closedInChild.emplace(m_fd);
    return {};
}

bool ListeningSocket::serve(QLocalServer &server)
{
    // The server closes the socket from now on and removes its file.
    return m_fd >= 0 && server.listen(std::exchange(m_fd, -1));
}

void ListeningSocket::close()
{
    m_closedInChild.reset();
    if (m_fd >= 0) {
        ::close(std::exchange(m_fd, -1));
        QFile::remove(m_path);
    }
    m_path.clear();
}

} // namespace Flywheel::Telemetry
