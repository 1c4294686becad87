// SPDX-License-Identifier: MIT
#include "base/wakepipe.h"

#include <array>

#include <fcntl.h>
#include <unistd.h>

namespace Flywheel {

namespace {

bool openPipe(std::array<int, 2> &ends)
{
#ifdef __APPLE__ // has no pipe2(2)
    if (::pipe(ends.data()) < 0)
        return false;
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    return true;
#else
    return ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0;
#endif
}

} // namespace

bool WakePipe::open()
{
    std::array<int, 2> ends{};
    if (!openPipe(ends))
        return false;
    m_readEnd.reset(ends[0]);
    m_writeEnd.reset(ends[1]);
    m_target.store(ends[1], std::memory_order_release);
    return true;
}

void WakePipe::abandon()
{
    m_readEnd.release();
    m_writeEnd.release();
    m_target.store(-1, std::memory_order_relaxed);
}

void WakePipe::drain()
{
    // At most one byte a sleep; the pipe is empty when the read fails or comes back short.
    std::array<char, 16> bytes;
    while (::read(m_readEnd.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size())) {}
}

void WakePipe::write() const
{
    // EAGAIN: the pipe is full of wake-ups, one more changes nothing.
    const char byte = 0;
    const int target = m_target.load(std::memory_order_acquire);
    [[maybe_unused]] const ssize_t written = target < 0 ? 0 : ::write(target, &byte, 1);
}

} // namespace Flywheel
