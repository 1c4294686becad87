// SPDX-License-Identifier: MIT
#include "support/tcppair.h"

#include <cstdio>
#include <cstdlib>

#include <arpa/inet.h>
#include <sys/socket.h>

namespace Flywheel::Test {

namespace {

void check(int result, const char *call)
{
    if (result < 0) {
        std::perror(call);
        std::abort();
    }
}

} // namespace

TcpPair::TcpPair()
{
    const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    check(listener.get(), "socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    check(::bind(listener.get(), generic, length), "bind");
    check(::listen(listener.get(), 1), "listen");
    check(::getsockname(listener.get(), generic, &length), "getsockname");
    m_second.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    check(::connect(m_second.get(), generic, length), "connect");
    m_first.reset(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    check(m_first.get(), "accept4");
}

void TcpPair::sendOutOfBand() const
{
    check(static_cast<int>(::send(second(), "!", 1, MSG_OOB)), "send");
}

} // namespace Flywheel::Test
