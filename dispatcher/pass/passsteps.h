// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "hooks/loopmeter.h"
#include "pass/notifiertable.h"
#include "pass/pollbudget.h"
#include "platform/forkcounter.h"
#include "poller/interestset.h"
#include "tasks/timeoutpool.h"
#include "timers/timerqueue.h"

#include <atomic>
#include <optional>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// The state of one loop, and the steps that every kind of pass is made of. docs/contract.md has the order of
/// the steps and their rules. The loop's thread only, but for what says otherwise.
class PassSteps
{
public:
    /// \a coarseClock need not be exact (RegistrationAudit). \a waker must outlive the loop's core.
    PassSteps(std::unique_ptr<AbstractPoller> poller, ClockFunction clock, ClockFunction coarseClock,
              LoopWaker &waker);

    /// What a pass finds when it begins.
    struct Arrival
    {
        bool woken;
        bool interrupted;
    };
    /// Takes the interrupt and the wake-up.
    Arrival begin(PassMeter &meter);
    void sendPostedEvents();
    /// Hosted loops: whatever event was heard of last is delivered.
    void endHeardEvents();
    /// Those that were queued when it began; what they post waits for the next pass. Returns how many ran.
    int runTasks() { return core->tasks.isEmpty() ? 0 : runBatch(); }
    /// Until when the loop may wait. Immediately where a timer was due when the clock was read last, which
    /// spares reading it again.
    Instant nextDeadline(bool withTimers) const;
    /// Looks for ready descriptors, and waits for them if the deadline allows. \a maySkip: the poller may be
    /// left unasked within the budget. Returns the time, if it was read and still holds.
    std::optional<Instant> collectReadiness(Instant deadline, bool maySkip);
    std::optional<Instant> waitForWakeUp(Instant deadline);
    /// Returns how many were delivered, as deliverTimers().
    int deliverNotifiers() { return notifiers.hasPending() ? deliverPending() : 0; }
    /// Those that are due at \a now.
    int deliverTimers(Instant now);

    const ClockFunction clock;
    const std::shared_ptr<LoopCore> core;
    QAbstractEventDispatcher *dispatcher = nullptr; ///< whose signals are emitted
    InterestSet interests;
    NotifierTable notifiers;
    TimerQueue timers;
    TimeoutPool timeouts;
    PollBudget pollBudget;
    NestingLevel nesting = NestingLevel::Outside; ///< of the handler that runs
    std::uint64_t notifiersDelivered = 0;
    std::atomic<bool> interrupted{false}; ///< set by any thread
    // Whether anybody listens to these signals of the dispatcher's. Any thread may set them: where nobody
    // does, a pass is spared the emission. "Yes" is never wrong.
    std::atomic<bool> isAwakeHeard{true};
    std::atomic<bool> isAboutToBlockHeard{true};

    /// Tells others how many timeouts there are.
    void publishTimeouts();

private:
    /// The time, read anew unless metrics have just read it.
    Instant now() const;
    void renewAfterFork();
    int runBatch();
    int deliverPending();
    void deliverTimer(const TimerQueue::Due &due);
    void fireTimeout(const TimerQueue::Due &due);

    Instant m_lastTick = Immediately; ///< when timers were looked at last: what was due then is due now
    ProcessMark m_processMark;
};

} // namespace Flywheel
