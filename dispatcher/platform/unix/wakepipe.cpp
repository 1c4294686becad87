// SPDX-License-Identifier: MIT
#include "platform/unix/wakepipe.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Flywheel {

namespace {

#ifdef MSG_NOSIGNAL
constexpr int NoSignal = MSG_NOSIGNAL;
#else
constexpr int NoSignal = 0; // SO_NOSIGPIPE does it
#endif

bool openSockets(std::array<int, 2> &ends)
{
#ifdef SOCK_CLOEXEC
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0;
#else
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
        return false;
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
#    ifdef SO_NOSIGPIPE
        const int on = 1;
        ::setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#    endif
    }
    return true;
#endif
}

} // namespace

WakePipe::~WakePipe()
{
    if (m_writeEnd && !isOurs(m_writeEnd.get()))
        abandon();
}

bool WakePipe::isOurs(int target) const
{
    struct stat status
    {
    };
    return ::fstat(target, &status) == 0 && status.st_dev == m_device.load(std::memory_order_relaxed) &&
           status.st_ino == m_inode.load(std::memory_order_relaxed);
}

bool WakePipe::open()
{
    std::array<int, 2> ends{};
    if (!openSockets(ends))
        return false;
    UniqueFd readEnd = keepOffStandard(ends[0]);
    UniqueFd writeEnd = keepOffStandard(ends[1]);
    struct stat status
    {
    };
    if (!readEnd || !writeEnd || ::fstat(writeEnd.get(), &status) != 0)
        return false;
    m_readEnd = std::move(readEnd);
    m_writeEnd = std::move(writeEnd);
    m_device.store(status.st_dev, std::memory_order_relaxed);
    m_inode.store(status.st_ino, std::memory_order_relaxed);
    m_target.store(m_writeEnd.get(), std::memory_order_release);
    return true;
}

void WakePipe::abandon()
{
    m_readEnd.release();
    m_writeEnd.release();
    m_target.store(-1, std::memory_order_relaxed);
}

bool WakePipe::drain()
{
    // At most one byte a sleep; the pipe is empty when the read fails or comes back short.
    std::array<char, 16> bytes;
    ssize_t count;
    do {
        count = ::recv(m_readEnd.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    } while (count == static_cast<ssize_t>(bytes.size()));
    if (count == 0)
        errno = EPIPE; // the other end was closed
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

bool WakePipe::write() const
{
    const int target = m_target.load(std::memory_order_acquire);
    if (target < 0)
        return true;
    if (!isOurs(target))
        return false;
    // EAGAIN: the pipe is full of wake-ups, one more changes nothing.
    const char byte = 0;
    return ::send(target, &byte, 1, MSG_DONTWAIT | NoSignal) == 1 || errno == EAGAIN;
}

} // namespace Flywheel
