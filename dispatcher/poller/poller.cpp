// SPDX-License-Identifier: MIT
#include "poller/poller.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace Flywheel {

namespace {

using namespace std::chrono_literals;

/// How long a wait that failed again pauses, at first and at most.
constexpr Nanoseconds FirstPause = 10ms;
constexpr Nanoseconds LongestPause = 160ms;
/// Signals that come more often than that are none: something answers EINTR without waiting.
constexpr unsigned ManyInterruptions = 64;
constexpr Nanoseconds ShortestInterruption = 10us;

Nanoseconds pauseAfter(unsigned failures)
{
    Nanoseconds pause = FirstPause;
    for (; failures > 2 && pause < LongestPause; --failures)
        pause *= 2;
    return pause;
}

} // namespace

/// How long a wait may last. Reads the clock only if there is a deadline.
class AbstractPoller::Remaining
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

AbstractPoller::Result AbstractPoller::wait(Limit limit, WaitFor what)
{
    if (limit.deadline == Immediately || !m_wakeFlag.fallAsleep())
        return look(what);

    const Remaining remaining(limit, m_clock);
    Outcome outcome = doWait(remaining.first(), what);
    if (mayGoOn(outcome)) [[unlikely]]
        waitAgain(outcome, remaining, what);
    if (outcome.error)
        noteFailure(outcome.error.code(), remaining.again());
    else
        noteSuccess();
    m_wakeFlag.arise();
    return {outcome.events, outcome.timedOut && remaining.isBefore(limit.deadline), outcome.error};
}

/// True if the wait was interrupted or woken in vain.
inline bool AbstractPoller::mayGoOn(const Outcome &outcome) const
{
    return outcome.events.empty() && !outcome.timedOut && !outcome.error && !outcome.hasMessages &&
           !m_wakeFlag.isNotified();
}

/// Until something happened, or the time is over.
void AbstractPoller::waitAgain(Outcome &outcome, const Remaining &remaining, WaitFor what)
{
    Instant begin = m_clock();
    for (unsigned interruptions = 1; mayGoOn(outcome); ++interruptions) {
        if (interruptions % ManyInterruptions == 0) {
            pauseIfSpinning(begin, ManyInterruptions);
            begin = m_clock();
        }
        const Nanoseconds rest = remaining.again();
        outcome = doWait(rest, what);
        if (rest == Nanoseconds::zero() && mayGoOn(outcome))
            outcome.timedOut = true; // interrupted again, but the time is over
    }
}

void AbstractPoller::pauseIfSpinning(Instant begin, unsigned interruptions)
{
    if (m_clock() - begin >= ShortestInterruption * interruptions)
        return;
    m_trouble = std::make_error_code(std::errc::interrupted);
    std::this_thread::sleep_for(FirstPause);
}

/// The first failure says that the kernel's objects are gone, and reset() makes new ones. If that does not
/// help, nothing soon will.
void AbstractPoller::noteFailure(std::error_code error, Nanoseconds longestPause)
{
    if (++m_failures < 2)
        return;
    m_trouble = error;
    std::this_thread::sleep_for(std::min(pauseAfter(m_failures), longestPause));
}

void AbstractPoller::noteSuccess()
{
    if (m_failures == 0) [[likely]]
        return;
    if (std::exchange(m_failures, 0) > 1)
        m_trouble = {};
}

/// Looks without waiting.
AbstractPoller::Result AbstractPoller::look(WaitFor what)
{
    if (what == WaitFor::WakeUps)
        return {};
    const Outcome outcome = doWait(Nanoseconds::zero(), what);
    if (outcome.error)
        noteFailure(outcome.error.code(), LongestPause);
    else
        noteSuccess();
    return {outcome.events, false, outcome.error};
}

} // namespace Flywheel
