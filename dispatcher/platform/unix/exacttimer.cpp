// SPDX-License-Identifier: MIT
#include "platform/exacttimer.h"

#ifdef FLYWHEEL_EPOLL
#    include "platform/unix/syscalls.h"

#    include <sys/timerfd.h>
#endif

namespace Flywheel {

#ifdef FLYWHEEL_EPOLL

namespace {

/// A process without descriptors stays so for a while, and each tick would ask.
constexpr int PauseAfterFailure = 255;

} // namespace

bool ExactTimer::open()
{
    if (m_fd)
        return true;
    if (m_pause > 0) {
        --m_pause;
        return false;
    }
    m_process.renew();
    m_fd = keepOffStandard(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!m_fd)
        m_pause = PauseAfterFailure;
    return bool(m_fd);
}

/// Zero: never.
bool ExactTimer::arm(Nanoseconds due)
{
    itimerspec time{};
    time.it_value = toTimespec(due);
    return ::timerfd_settime(m_fd.get(), TFD_TIMER_ABSTIME, &time, nullptr) == 0;
}

bool ExactTimer::set(Instant due)
{
    if (!isOurs())
        drop();
    if (!open())
        return false;
    if (arm(due.time_since_epoch()))
        return true;
    drop();
    m_pause = PauseAfterFailure;
    return false;
}

void ExactTimer::clear()
{
    if (m_fd && (!isOurs() || !arm(Nanoseconds::zero())))
        drop();
}

/// The program may have closed it, and the number may mean a file of its own by now.
void ExactTimer::drop()
{
    itimerspec time{};
    if (m_fd && ::timerfd_gettime(m_fd.get(), &time) != 0)
        m_fd.release();
    m_fd.reset();
}

#else

bool ExactTimer::set(Instant)
{
    return false;
}

void ExactTimer::clear() {}
void ExactTimer::drop() {}

#endif

} // namespace Flywheel
