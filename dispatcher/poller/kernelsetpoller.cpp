// SPDX-License-Identifier: MIT
#include "poller/kernelsetpoller.h"

#include "platform/unix/syscalls.h"

#include <algorithm>
#include <cerrno>

namespace Flywheel {

namespace {

/// Some kernels refuse time-outs that are years away, others count them in 32 bits.
constexpr Nanoseconds LongestWait = std::chrono::hours(24);

} // namespace

KernelSetPoller::KernelSetPoller(ClockFunction clock) : AbstractPoller(clock) {}

std::error_code KernelSetPoller::open()
{
    if (isOpen())
        return {};
    m_thread.adopt();
    const std::error_code error = openEach();
    m_isOpen = !error;
    if (error)
        closeSets();
    setOpenError(error);
    return error;
}

bool KernelSetPoller::noteIfLost()
{
    m_isLost = m_isLost || (isOpen() && !isOurs());
    return m_isLost;
}

int KernelSetPoller::descriptor()
{
    open();
    return set();
}

std::error_code KernelSetPoller::reset()
{
    const bool wasOpen = isOpen();
    m_isLost = false;
    m_polled.clear();
    if (!m_processMark.isSameProcess() || (wasOpen && !isOurs())) {
        // A child shares its parent's objects or has lost them, and may have given their numbers to other
        // files. So may somebody who closed them behind our back.
        m_processMark.renew();
        abandon();
    }
    closeSets(); // first, for the process may be out of descriptors
    m_isOpen = false;
    return wasOpen ? open() : std::error_code();
}

AbstractPoller::Outcome KernelSetPoller::doWait(Nanoseconds timeout, WaitFor what)
{
    m_polled.forgetReadiness();
    forgetReadiness();
    if (!isOpen() && timeout != Nanoseconds::zero() && !open())
        return {}; // whoever woke us before that left only the flag: look at it first
    // Without a set, wake-ups leave only the flag, which is looked at after each slice.
    const Nanoseconds longest = !isOpen() ? WithoutWakeUps : timeout == Forever ? Forever : LongestWait;
    const Nanoseconds slice = std::min(timeout, longest);
    const int count = waitFor(slice, what);
    if (count < 0)
        return errno == EINTR ? Outcome{} : Outcome{{}, false, lastError()};
    if (count == 0)
        return {{}, slice == timeout, {}};
    return {collect(), false, {}};
}

int KernelSetPoller::waitFor(Nanoseconds timeout, WaitFor what)
{
    if (!isOpen())
        return m_polled.wait(timeout, what);
    if (m_isLost) {
        errno = EBADF;
        return -1;
    }
    if (what == WaitFor::WakeUps)
        return waitForWakeUp(timeout);
    return m_polled.isEmpty() ? waitInSet(timeout) : waitForBoth(timeout);
}

int KernelSetPoller::waitForBoth(Nanoseconds timeout)
{
    const int ready = m_polled.wait(timeout, WaitFor::Everything);
    if (ready <= 0 || m_polled.ownEvents() == 0)
        return ready;
    const int count = waitInSet(Nanoseconds::zero());
    return count < 0 ? count : ready;
}

} // namespace Flywheel
