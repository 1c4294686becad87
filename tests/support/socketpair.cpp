// SPDX-License-Identifier: MIT
#include "support/socketpair.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include <sys/socket.h>
#include <unistd.h>

namespace Flywheel::Test {

namespace {

std::size_t readAll(int fd)
{
    std::array<char, 65536> buffer;
    std::size_t total = 0;
    for (ssize_t count; (count = ::read(fd, buffer.data(), buffer.size())) > 0;)
        total += static_cast<std::size_t>(count);
    return total;
}

} // namespace

SocketPair::SocketPair()
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) < 0) {
        std::perror("socketpair");
        std::abort();
    }
    m_first.reset(ends[0]);
    m_second.reset(ends[1]);
}

void SocketPair::write() const
{
    if (::write(m_second.get(), "x", 1) != 1) {
        std::perror("write");
        std::abort();
    }
}

std::size_t SocketPair::drain() const
{
    return readAll(m_first.get());
}

void SocketPair::fill() const
{
    const std::array<char, 65536> bytes{};
    while (::write(m_first.get(), bytes.data(), bytes.size()) > 0) {}
    while (::write(m_first.get(), bytes.data(), 1) > 0) {}
}

void SocketPair::makeRoom() const
{
    readAll(m_second.get());
}

void SocketPair::closeSecond()
{
    m_second.reset();
}

} // namespace Flywheel::Test
