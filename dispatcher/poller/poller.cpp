// SPDX-License-Identifier: MIT
#include "poller/poller.h"

#include <algorithm>

namespace Flywheel {

namespace {

/// How long a wait may last. Reads the clock only if there is a deadline.
class Remaining
{
public:
    Remaining(AbstractPoller::Limit limit, ClockFunction clock) : m_clock(clock), m_first(limit.atMost)
    {
        if (limit.deadline == Never)
            return;
        const Instant now = clock();
        m_deadline = std::min(limit.deadline, after(now, limit.atMost));
        m_first = std::max(m_deadline - now, Nanoseconds::zero());
    }

    Nanoseconds first() const { return m_first; }
    /// After an interruption. Without a deadline there is nothing to keep: as long as the first time.
    Nanoseconds again() const
    {
        return m_deadline == Never ? m_first : std::max(m_deadline - m_clock(), Nanoseconds::zero());
    }
    bool isBefore(Instant deadline) const { return m_deadline == Never || m_deadline < deadline; }

private:
    const ClockFunction m_clock;
    Instant m_deadline = Never;
    Nanoseconds m_first;
};

} // namespace

AbstractPoller::Result AbstractPoller::wait(Limit limit, WaitFor what)
{
    if (limit.deadline == Immediately || !m_wakeFlag.fallAsleep())
        return look(what);

    const Remaining remaining(limit, m_clock);
    Outcome outcome = doWait(remaining.first(), what);
    const auto mayGoOn = [&] {
        return outcome.events.empty() && !outcome.timedOut && !outcome.error && !outcome.hasMessages;
    };
    while (mayGoOn() && !m_wakeFlag.isNotified())
        outcome = doWait(remaining.again(), what);
    m_wakeFlag.arise();
    return {outcome.events, outcome.timedOut && remaining.isBefore(limit.deadline), outcome.error};
}

/// Looks without waiting.
AbstractPoller::Result AbstractPoller::look(WaitFor what)
{
    if (what == WaitFor::WakeUps)
        return {};
    const Outcome outcome = doWait(Nanoseconds::zero(), what);
    return {outcome.events, false, outcome.error};
}

} // namespace Flywheel
