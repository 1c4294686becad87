// SPDX-License-Identifier: MIT
#include "poller/kernelsetpoller.h"

#include "base/syscalls.h"
#include "poller/pollcall.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace Flywheel {

namespace {

/// Some kernels refuse time-outs that are years away, others count them in 32 bits.
constexpr Nanoseconds LongestWait = std::chrono::hours(24);

} // namespace

KernelSetPoller::KernelSetPoller(ClockFunction clock) : AbstractPoller(clock), m_owner(::getpid()) {}

std::error_code KernelSetPoller::open()
{
    const std::error_code error = openEach();
    if (error)
        closeSets();
    return error;
}

std::error_code KernelSetPoller::reset()
{
    if (::getpid() != m_owner || (isOpen() && !isOurs())) {
        // A child shares its parent's objects or has lost them, and may have given their numbers to other
        // files. So may somebody who closed them behind our back.
        m_owner = ::getpid();
        abandon();
    }
    closeSets(); // first, for the process may be out of descriptors
    return open();
}

AbstractPoller::Outcome KernelSetPoller::doWait(Nanoseconds timeout, WaitFor what)
{
    // Whoever wakes us while there are no sets leaves only the flag. It is looked at after each slice, also
    // after they were made: the poster may not have seen the descriptor yet.
    const Nanoseconds longest = !isOpen() ? WithoutWakeUps : timeout == Forever ? Forever : LongestWait;
    const Nanoseconds slice = std::min(timeout, longest);
    const bool canWait = isOpen() || !open();
    const int count = canWait ? waitInKernel(slice, what) : pollFor({}, slice);
    if (count < 0)
        return errno == EINTR ? Outcome{} : Outcome{{}, false, lastError()};
    if (count == 0)
        return {{}, slice == timeout, {}};
    return {collect(), false, {}};
}

} // namespace Flywheel
