// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "core/leftovers.h"
#include "core/notifiertable.h"
#include "core/pollbudget.h"
#include "hooks/loopmeter.h"
#include "hosting/hostedloop.h"
#include "messages/nativemessages.h"
#include "poller/interestset.h"
#include "tasks/timeoutpool.h"
#include "timers/timerqueue.h"

#include <flywheel/eventdispatcher.h>

#include <atomic>
#include <optional>

namespace Flywheel {

/// The state of one loop and the steps of a pass. docs/contract.md has the numbers of the steps.
class EventDispatcherPrivate final : public LoopWaker, private NativeMessages::Loop
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

    void configure(const Options &wanted);
    /// Makes the loop of a thread that has not started yet known to posters.
    static void announce(const EventDispatcher &q, QThread *thread) { q.d->core->announce(thread); }
    /// Makes this the loop of the calling thread.
    void enterThread(QThread *thread);

    bool processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags);

    void startTimer(int id, Nanoseconds interval, Qt::TimerType type, QObject *object);
    /// \a object is about to be registered. The main thread does not run again.
    void noteOwner(QObject *object)
    {
        if (m_notesOwners)
            m_owners.note(object);
    }
    /// The thread ends, and may run again.
    void keepForNextRun(QThread *thread);
    /// What was registered in this thread's last run is registered again.
    void resumeLastRun(EventDispatcher *q);
    TimeoutHandle startTimeout(Nanoseconds delay, bool repeats, InlineTask &&task);
    bool clearTimeout(TimeoutHandle handle);
    SlotHandle runningTimeout() const { return m_timeouts.running(); }

    bool isAsleep() const override;
    bool wake() override;

    /// Decides, once that can be known, whether this loop waits by itself or inside another dispatcher.
    void settleMode(EventDispatcher *q, bool startingUp);
    bool isModeSettled() const { return m_modeSettled; }
    /// Code of others runs from now on, before the first pass.
    void beginHandlers()
    {
        if (m_messages && !hosted)
            m_messages->beginHandlers();
    }
    /// Calls \a use(native), unless there is none. Any thread: the native dispatcher is not deleted
    /// meanwhile.
    template <typename Use>
    void withHost(Use use)
    {
        m_hostUsers.fetch_add(1);
        if (QAbstractEventDispatcher *const host = native.load())
            use(*host);
        m_hostUsers.fetch_sub(1);
    }
    /// Before the end: the native dispatcher is destroyed.
    void endHosting();

    // Parts of a pass, for a HostedLoop.
    bool beginPass(PassMeter &meter);
    int runTasks();
    Instant nextDeadline(bool withTimers) const;
    int deliverNotifiers();
    int deliverTimers(Instant now);
    static bool hasListener(const EventDispatcher &q, const QMetaMethod &signal)
    {
        return q.isSignalConnected(signal);
    }

    EventDispatcher *dispatcher = nullptr; ///< whose implementation this is
    const ClockFunction clock;
    InterestSet interests;
    NotifierTable notifiers;
    TimerQueue timers;
    std::unique_ptr<HostedLoop> hosted;
    /// That of `hosted`, for threads that call wakeUp(); null while this loop waits by itself.
    std::atomic<QAbstractEventDispatcher *> native{nullptr};
    std::atomic<bool> interrupted{false};
    std::atomic<bool> listenersChanged{false}; ///< of q's signals
    Options options;
    const std::shared_ptr<LoopCore> core;
    NestingLevel nesting = NestingLevel::Outside; ///< of the handler that runs

private:
    void passInForeignLoop() override;
    Instant fallAsleepInForeignLoop() override;
    void ariseInForeignLoop() override { interests.poller().ariseElsewhere(); }
    int descriptorToWatch() const override { return interests.poller().descriptor(); }
    void announceHandlers();
    bool processOwnEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags, bool withMessages = true);
    void settleConsoleMode();
    void goOnWithoutHost(const std::string &why);
    void host(std::unique_ptr<QAbstractEventDispatcher> dispatcher);
    void renewAfterFork();
    void sendPostedEvents();
    bool mayBlock(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags) const;
    std::optional<Instant> collectReadiness(Instant deadline, bool maySkip);
    std::optional<Instant> waitForWakeUp(Instant deadline);
    void deliverTimer(const TimerQueue::Due &due);
    void fireTimeout(const TimerQueue::Due &due);
    void publishTimeouts();

    const std::unique_ptr<NativeMessages> m_messages; ///< null where threads get none
    TimeoutPool m_timeouts;
    LiveObjects m_owners;
    bool m_notesOwners = false;
    bool m_entered = false;
    PollBudget m_pollBudget;
    Instant m_lastTick = Immediately; ///< when timers were looked at last: what was due then is due now
    unsigned m_forkCount;
    bool m_modeSettled = false;
    std::atomic<int> m_hostUsers{0}; ///< threads inside withHost()
};

} // namespace Flywheel
