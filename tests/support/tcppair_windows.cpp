// SPDX-License-Identifier: MIT
#include "support/tcppair.h"

#include "support/winsock.h"

namespace Flywheel::Test {

namespace {

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

} // namespace

TcpPair::TcpPair()
{
    const UniqueFd listener(makeSocket());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    int length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    check(::bind(toSocket(listener.get()), generic, length) == 0, "bind");
    check(::listen(toSocket(listener.get()), 1) == 0, "listen");
    check(::getsockname(toSocket(listener.get()), generic, &length) == 0, "getsockname");
    m_second.reset(makeSocket());
    check(::connect(toSocket(second()), generic, length) == 0, "connect");
    const SOCKET accepted = ::accept(toSocket(listener.get()), nullptr, nullptr);
    check(accepted != INVALID_SOCKET, "accept");
    m_first.reset(static_cast<int>(accepted));
}

void TcpPair::sendOutOfBand() const
{
    check(::send(toSocket(second()), "!", 1, MSG_OOB) == 1, "send");
}

} // namespace Flywheel::Test
