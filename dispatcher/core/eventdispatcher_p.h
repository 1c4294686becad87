// SPDX-License-Identifier: MIT
#pragma once

#include "core/leftovers.h"
#include "hosting/hostedpass.h"
#include "pass/ownpass.h"
#include "pass/passsteps.h"

#include <flywheel/eventdispatcher.h>

#include <atomic>

namespace Flywheel {

/// One event dispatcher: its loop, how that waits, and what belongs to its thread.
class EventDispatcherPrivate final : private LoopWaker
{
public:
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
    static void announce(const EventDispatcher &q, QThread *thread) { q.d->steps.core->announce(thread); }
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
    SlotHandle runningTimeout() const { return steps.timeouts.running(); }

    /// Decides, once that can be known, whether this loop waits by itself or inside another dispatcher.
    void settleMode(EventDispatcher *q, bool startingUp);
    bool isModeSettled() const { return m_modeSettled; }
    bool isHosted() const { return m_hosted != nullptr; }
    Pass &pass() { return *m_pass; }
    void closingDown();
    /// Somebody has connected or disconnected a signal of q's. Any thread.
    void noteListeners();
    bool wake() override;

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

    PassSteps steps;
    /// Who hosts this loop, for threads that call wakeUp(); null while it waits by itself.
    std::atomic<QAbstractEventDispatcher *> native{nullptr};
    std::atomic<bool> listenersChanged{true}; ///< of q's signals
    Options options;

private:
    bool isAsleep() const override;
    void settleConsoleMode();
    void goOnWithoutHost(const std::string &why);
    void host(std::unique_ptr<QAbstractEventDispatcher> dispatcher);
    void updateListeners(const EventDispatcher &q);

    OwnPass m_ownPass{steps};
    std::unique_ptr<HostedPass> m_hosted;
    Pass *m_pass = &m_ownPass;
    LiveObjects m_owners;
    bool m_notesOwners = false;
    bool m_isInThread = false; ///< enterThread() was called
    bool m_modeSettled = false;
    std::atomic<int> m_hostUsers{0}; ///< threads inside withHost()
};

} // namespace Flywheel
