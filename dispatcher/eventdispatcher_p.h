// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "loopmeter.h"
#include "notifiertable.h"
#include "pollbudget.h"
#include "poller/interestset.h"
#include "tasks/timeoutpool.h"
#include "timers/timerqueue.h"

#include <flywheel/eventdispatcher.h>

#include <atomic>
#include <optional>

namespace Flywheel {

/// The state of one loop and the steps of a pass. docs/contract.md has the numbers of the steps.
class EventDispatcherPrivate final : public LoopWaker
{
public:
    /// \a coarseClock need not be exact (RegistrationAudit).
    EventDispatcherPrivate(std::unique_ptr<AbstractPoller> poller, ClockFunction clock,
                           ClockFunction coarseClock);
    ~EventDispatcherPrivate();

    /// For tests: a dispatcher on another poller and clock.
    static std::unique_ptr<EventDispatcher> createDispatcher(std::unique_ptr<AbstractPoller> poller,
                                                             ClockFunction clock);

    /// The loop of the calling thread, or null.
    static EventDispatcherPrivate *current();

    void configure(const Options &options);
    /// Makes the loop of a thread that has not started yet known to posters.
    static void announce(const EventDispatcher &q, QThread *thread) { q.d->core->announce(thread); }
    /// Makes this the loop of the calling thread.
    void enterThread(QThread *thread);

    bool processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags);

    void startTimer(int id, Nanoseconds interval, Qt::TimerType type, QObject *object);
    TimeoutHandle startTimeout(Nanoseconds delay, bool repeats, InlineTask &&task);
    bool clearTimeout(TimeoutHandle handle);

    bool isAsleep() const override { return interests.poller().isAsleep(); }
    bool wake() override { return interests.poller().wakeUp(); }

    const ClockFunction clock;
    InterestSet interests;
    NotifierTable notifiers;
    TimerQueue timers;
    std::atomic<bool> interrupted{false};
    const std::shared_ptr<LoopCore> core;

private:
    void renewAfterFork();
    void sendPostedEvents();
    int runTasks();
    bool mayBlock(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags) const;
    Instant nextDeadline(bool withTimers) const;
    std::optional<Instant> collectReadiness(Instant deadline, bool maySkip);
    std::optional<Instant> waitForWakeUp(Instant deadline);
    int deliverNotifiers();
    int deliverTimers(Instant now);
    void deliverTimer(const TimerQueue::Due &due);
    void fireTimeout(const TimerQueue::Due &due);
    void publishTimeouts();

    TimeoutPool m_timeouts;
    NestingLevel m_nesting = NestingLevel::Outside; ///< of the handler that runs
    bool m_clampNestedTimers = false;
    bool m_entered = false;
    PollBudget m_pollBudget;
    Instant m_lastTick = Immediately; ///< when timers were looked at last: what was due then is due now
    unsigned m_forkCount;
};

} // namespace Flywheel
