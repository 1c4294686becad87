// SPDX-License-Identifier: MIT
#include "support/socketpair.h"

#include "support/tcppair.h"
#include "support/winsock.h"

#include <array>

namespace Flywheel::Test {

namespace {

/// How long data may take from one socket of this machine to another.
constexpr INT TransitMilliseconds = 50;

bool becomes(int fd, SHORT events, INT milliseconds)
{
    WSAPOLLFD polled{toSocket(fd), events, 0};
    return ::WSAPoll(&polled, 1, milliseconds) > 0 && (polled.revents & events);
}

std::size_t readAll(int fd)
{
    std::array<char, 65536> buffer;
    std::size_t total = 0;
    for (int count; (count = ::recv(toSocket(fd), buffer.data(), static_cast<int>(buffer.size()), 0)) > 0;)
        total += static_cast<std::size_t>(count);
    return total;
}

} // namespace

/// There is no socketpair(2): a TCP connection to ourselves.
SocketPair::SocketPair()
{
    TcpPair pair;
    for (const int fd : {pair.first(), pair.second()}) {
        u_long on = 1;
        check(::ioctlsocket(toSocket(fd), static_cast<long>(FIONBIO), &on) == 0, "ioctlsocket");
    }
    pair.release(m_first, m_second);
}

void SocketPair::write() const
{
    check(::send(toSocket(second()), "x", 1, 0) == 1, "send");
    becomes(first(), POLLRDNORM, TransitMilliseconds); // not if another thread reads it first
}

std::size_t SocketPair::drain() const
{
    return readAll(first());
}

void SocketPair::fill() const
{
    const std::array<char, 65536> bytes{};
    do {
        while (::send(toSocket(first()), bytes.data(), static_cast<int>(bytes.size()), 0) > 0) {}
        while (::send(toSocket(first()), bytes.data(), 1, 0) > 0) {}
    } while (becomes(first(), POLLWRNORM, TransitMilliseconds));
}

void SocketPair::makeRoom() const
{
    while (becomes(second(), POLLRDNORM, TransitMilliseconds))
        readAll(second());
}

void SocketPair::closeSecond()
{
    m_second.reset();
    check(becomes(first(), POLLRDNORM | POLLHUP | POLLERR, 10'000), "WSAPoll");
}

} // namespace Flywheel::Test
