// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"

#include <QtCore/qfile.h>
#include <QtCore/qstring.h>

#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

/// Bare local sockets, for what QLocalSocket and QLocalServer take care not to do.
namespace Flywheel::Telemetry::Test {

inline UniqueFd newSocket()
{
    return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

template <typename Call>
int withAddress(Call call, const UniqueFd &socket, const QString &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray bytes = QFile::encodeName(path);
    std::memcpy(address.sun_path, bytes.constData(), static_cast<std::size_t>(bytes.size()));
    return call(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address);
}

inline bool connectTo(const UniqueFd &socket, const QString &path)
{
    return withAddress(::connect, socket, path) == 0;
}

/// Listens until it is closed; its file stays even then, as that of a killed process does.
inline UniqueFd listenOn(const QString &path)
{
    UniqueFd socket = newSocket();
    if (withAddress(::bind, socket, path) != 0 || ::listen(socket.get(), 5) != 0)
        socket.reset();
    return socket;
}

/// Whether the other side has closed, read or unread.
inline bool isHungUp(const UniqueFd &socket)
{
    pollfd poll{.fd = socket.get(), .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, 0) == 1 && (poll.revents & (POLLHUP | POLLERR));
}

inline bool sendAll(const UniqueFd &socket, const QByteArray &bytes)
{
    return ::send(socket.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL) ==
           bytes.size();
}

} // namespace Flywheel::Telemetry::Test
