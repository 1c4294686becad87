// SPDX-License-Identifier: MIT
#include "support/tcppair.h"

#include "base/windows.h"

#include <cstdio>
#include <cstdlib>

namespace Flywheel::Test {

namespace {

void check(bool succeeded, const char *call)
{
    if (!succeeded) {
        std::fprintf(stderr, "%s: error %d\n", call, ::WSAGetLastError());
        std::abort();
    }
}

/// As an int, which is what descriptors are inside.
int makeSocket()
{
    static const int s_started = [] {
        WSADATA data;
        return ::WSAStartup(MAKEWORD(2, 2), &data);
    }();
    check(s_started == 0, "WSAStartup");
    const SOCKET made = ::socket(AF_INET, SOCK_STREAM, 0);
    check(made != INVALID_SOCKET, "socket");
    return static_cast<int>(made);
}

SOCKET toSocket(const UniqueFd &fd)
{
    return static_cast<SOCKET>(fd.get());
}

} // namespace

TcpPair::TcpPair()
{
    const UniqueFd listener(makeSocket());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    int length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    check(::bind(toSocket(listener), generic, length) == 0, "bind");
    check(::listen(toSocket(listener), 1) == 0, "listen");
    check(::getsockname(toSocket(listener), generic, &length) == 0, "getsockname");
    m_second.reset(makeSocket());
    check(::connect(toSocket(m_second), generic, length) == 0, "connect");
    const SOCKET accepted = ::accept(toSocket(listener), nullptr, nullptr);
    check(accepted != INVALID_SOCKET, "accept");
    m_first.reset(static_cast<int>(accepted));
}

void TcpPair::sendOutOfBand() const
{
    check(::send(toSocket(m_second), "!", 1, MSG_OOB) == 1, "send");
}

} // namespace Flywheel::Test
