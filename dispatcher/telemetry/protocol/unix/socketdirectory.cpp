// SPDX-License-Identifier: MIT
#include "telemetry/protocol/socketdirectory.h"

#include "platform/uniquefd.h"
#include "platform/unix/runtimedirectory.h"
#include "telemetry/protocol/publishers.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace Flywheel::Telemetry {

namespace {

constexpr int MaxNamesakes = 9;
/// What QLocalServer appends to the directory's path for the moment before the socket has its rights:
/// "/XXXXXX/s".
constexpr qsizetype TemporaryNameBytes = 9;

std::string nativeName(const QString &path)
{
    return QFile::encodeName(path).toStdString();
}

QString fromNative(const std::string &text)
{
    return QFile::decodeName(text.c_str());
}

bool isSocket(const QString &path)
{
    struct stat status
    {
    };
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 && S_ISSOCK(status.st_mode);
}

} // namespace

QString socketDirectory()
{
    return fromNative(runtimeDirectory());
}

QString insecurity(const QString &path)
{
    return fromNative(insecurityOfDirectory(nativeName(path)));
}

QString socketPath(const QString &directory, const QString &name)
{
    return directory + QLatin1Char('/') + name;
}

QString secureDirectory(const QString &path)
{
    return fromNative(Flywheel::secureDirectory(nativeName(path)));
}

QString lengthProblem(const QString &directory, const QString &name)
{
    const qsizetype bytes =
        QFile::encodeName(directory).size() + std::max(name.size() + 1, TemporaryNameBytes);
    const auto limit = static_cast<qsizetype>(sizeof(sockaddr_un::sun_path)) - 2;
    return bytes <= limit
               ? QString()
               : QStringLiteral(
                     "%1 is too long for the name of a socket; set XDG_RUNTIME_DIR to a shorter path")
                     .arg(directory);
}

bool isPublished(const QString &path)
{
    // After a change of user it may be out of sight, and is there all the same.
    return ::access(QFile::encodeName(path).constData(), F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

bool isListening(const QString &path)
{
    sockaddr_un address{};
    const QByteArray name = QFile::encodeName(path);
    if (static_cast<std::size_t>(name.size()) >= sizeof address.sun_path)
        return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket)
        return true; // can't tell
    const int result = ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address);
    return result == 0 || (errno != ECONNREFUSED && errno != ENOENT);
}

QString freeSocketName(const QString &directory, qint64 processId)
{
    // Containers may share the directory and not the process ids.
    QString name = QString::number(processId);
    for (int namesake = 1; namesake <= MaxNamesakes; ++namesake) {
        const QString path = socketPath(directory, name);
        if (isSocket(path) && !isListening(path))
            QFile::remove(path);
        if (!QFileInfo::exists(path))
            return name;
        name = QStringLiteral("%1.%2").arg(processId).arg(namesake);
    }
    return {};
}

bool processExists(qint64 processId)
{
    return Flywheel::processExists(processId);
}

bool seemsAlive(const QString &path)
{
    return processExists(processIdOf(QFileInfo(path).fileName())) || isListening(path);
}

QStringList socketsIn(const QString &directory)
{
    QStringList paths;
    for (const QString &name : QDir(directory).entryList(QDir::System, QDir::Name)) {
        const QString path = socketPath(directory, name);
        if (processIdOf(name) > 0 && isSocket(path))
            paths.append(path);
    }
    return paths;
}

void removeStaleSockets(const QString &directory)
{
    for (const QString &path : socketsIn(directory)) {
        if (!seemsAlive(path))
            QFile::remove(path);
    }
}

QString programNameOf(qint64 processId)
{
    const QFileInfo executable(QStringLiteral("/proc/%1/exe").arg(processId));
    return QFileInfo(executable.symLinkTarget()).fileName();
}

} // namespace Flywheel::Telemetry
