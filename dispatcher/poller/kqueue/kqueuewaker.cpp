// SPDX-License-Identifier: MIT
#include "poller/kqueue/kqueuewaker.h"

namespace Flywheel {

namespace {

constexpr std::uint64_t WakeToken = UINT64_MAX; // no descriptor's: those are not negative

} // namespace

bool KqueueWaker::isWakeUp(const Kqueue::Event &event)
{
    return Kqueue::toToken(event.udata) == WakeToken;
}

#ifdef EVFILT_USER

namespace {

constexpr int WakeIdent = 1; // idents of user events are a space of their own

} // namespace

std::error_code KqueueWaker::open()
{
    return {};
}

std::error_code KqueueWaker::enrol(int queue) const
{
    return Kqueue::change(queue, WakeIdent, EVFILT_USER, EV_ADD | EV_CLEAR, 0, WakeToken);
}

bool KqueueWaker::isEnrolled(int queue) const
{
    return !Kqueue::change(queue, WakeIdent, EVFILT_USER, 0, 0, WakeToken);
}

bool KqueueWaker::wake(int queue, int other) const
{
    // Without EV_ADD and EV_CLEAR: EV_CLEAR takes the trigger of its own change back (FreeBSD). With the
    // token: each change replaces it.
    bool arrives = true;
    for (const int target : {queue, other}) {
        if (target >= 0 && Kqueue::change(target, WakeIdent, EVFILT_USER, 0, NOTE_TRIGGER, WakeToken))
            arrives = false;
    }
    return arrives;
}

void KqueueWaker::consume() {} // EV_CLEAR did it

#else

std::error_code KqueueWaker::open()
{
    return m_pipe || m_pipe.open() ? std::error_code() : lastError();
}

std::error_code KqueueWaker::enrol(int queue) const
{
    return Kqueue::change(queue, m_pipe.readEnd(), EVFILT_READ, EV_ADD, 0, WakeToken);
}

bool KqueueWaker::isEnrolled(int queue) const
{
    return !Kqueue::change(queue, m_pipe.readEnd(), EVFILT_READ, 0, 0, WakeToken);
}

bool KqueueWaker::wake(int, int) const
{
    return m_pipe.write();
}

void KqueueWaker::consume()
{
    m_pipe.drain();
}

#endif

} // namespace Flywheel
