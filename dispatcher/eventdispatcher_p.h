// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "notifiertable.h"
#include "pollbudget.h"
#include "poller/interestset.h"
#include "timers/timerqueue.h"

#include <flywheel/eventdispatcher.h>

#include <atomic>
#include <optional>

namespace Flywheel {

/// The state of one loop and the steps of a pass. docs/contract.md has the numbers of the steps.
class EventDispatcherPrivate
{
public:
    /// \a coarseClock need not be exact (RegistrationAudit).
    EventDispatcherPrivate(std::unique_ptr<AbstractPoller> poller, ClockFunction clock,
                           ClockFunction coarseClock);

    /// For tests: a dispatcher on another poller and clock.
    static std::unique_ptr<EventDispatcher> createDispatcher(std::unique_ptr<AbstractPoller> poller,
                                                             ClockFunction clock);

    bool processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags);

    const ClockFunction clock;
    InterestSet interests;
    NotifierTable notifiers;
    TimerQueue timers;
    std::atomic<bool> interrupted{false};

private:
    void renewAfterFork();
    bool mayBlock(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags) const;
    Instant nextDeadline(bool withTimers) const;
    std::optional<Instant> collectReadiness(Instant deadline, bool maySkip);
    int deliverNotifiers();
    int deliverTimers(Instant now);

    PollBudget m_pollBudget;
    Instant m_lastTick = Immediately; ///< when timers were looked at last: what was due then is due now
    unsigned m_forkCount;
};

} // namespace Flywheel
