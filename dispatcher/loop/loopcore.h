// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journalmemory.h"
#include "loop/postcounter.h"
#include "metrics/looprecorder.h"
#include "metrics/registry.h"
#include "platform/forkcounter.h"
#include "platform/suspendclock.h"
#include "platform/zeropages.h"
#include "tasks/taskqueue.h"

#include <flywheel/tasks.h>

#include <QtCore/qthread.h>

namespace Flywheel {

/// How a loop is woken. Any thread.
class LoopWaker
{
public:
    /// Whether a wake-up would cost a system call: a hint, it may change at once.
    virtual bool isAsleep() const = 0;
    /// True if it did cost one. Many threads call it: a wake-up of a loop that is notified already should
    /// not write to what they share.
    virtual bool wake() = 0;

protected:
    ~LoopWaker() = default;
};

/// The part of a loop that other threads may hold, and that outlives it: its ingress of tasks, its metrics,
/// its wake-ups.
///
/// Life: made by the dispatcher, bound to its thread by enter(), ended by close(). Metrics take their memory
/// in the first pass that they are on in; where there is none, nothing is recorded.
class LoopCore final : public RegisteredLoop, public std::enable_shared_from_this<LoopCore>
{
public:
    /// \a waker: valid until close().
    LoopCore(LoopWaker &waker, Poller poller, ClockFunction clock);

    // The loop's thread:

    /// Tells under which thread this loop is found, and that the calling thread is that.
    void enter(QThread *thread);
    /// The same for a thread that has not started yet.
    void announce(QThread *thread);
    /// No task, no wake-up and no snapshot of the registry from now on. Waits for those who are just waking
    /// the loop: its waker is not called any more. May be called again.
    void close();

    /// The calling thread's loop, or null.
    static LoopCore *current();

    /// Where to record a pass that begins now, or null.
    LoopRecorder *beginRecording()
    {
        if (!m_processMark.isSameProcess()) [[unlikely]]
            noticeFork();
        const unsigned current = generation();
        if (m_journalHasNoFile) [[unlikely]]
            makeJournalFileIfActive();
        if (current == m_recordedGeneration) [[likely]]
            return current % 2 == 0 ? nullptr : m_recorder.load(std::memory_order_relaxed);
        return current % 2 == 0 ? nullptr : currentRecorder();
    }
    /// Where to record what happens in a pass, or null: metrics are off, or it is not being recorded.
    LoopRecorder *recording() const
    {
        // The loop's thread made it (currentRecorder()), so it sees it.
        LoopRecorder *const recorder = m_recorder.load(std::memory_order_relaxed);
        const bool isLive = generation() == m_recordedGeneration && m_recordedGeneration % 2 == 1;
        return isLive && recorder->isInPass() ? recorder : nullptr;
    }
    /// This thread's queue of posted events, from now on open to snapshots; null without the depth probe.
    void *openPostedQueue()
    {
        if (!m_postedQueue) [[unlikely]]
            lookForPostedQueue();
        return m_postedQueue;
    }
    /// Takes what the wake-ups since the last call have to tell. \a woken: another thread may have posted.
    void recordWakeUps(LoopRecorder &recorder, bool woken);
    /// Somebody else waits for this loop, from now until endForeignWait(): that is called when the first
    /// thing happens after the wait, and may be called in vain.
    void beginForeignWait();
    void endForeignWait()
    {
        if (m_waitsElsewhere.load(std::memory_order_relaxed))
            finishForeignWait();
    }
    /// Calls of wakeUp() by the loop's thread.
    std::uint64_t ownPosts() const { return m_ownPosts.get(); }
    /// Qt adds a wake-up of its own if events were posted while it sent some: that is no arrival and is not
    /// to count. \a before: ownPosts() when Qt began to send.
    void ignoreAddedPost(std::uint64_t before)
    {
        const std::uint64_t own = ownPosts() - before;
        if (own > 1 || (own == 1 && m_foreignPosts.count() != m_foreignPostsSeen))
            ++m_postsSeen;
    }

    // Any thread:

    bool post(InlineTask &&task);
    /// As QAbstractEventDispatcher::wakeUp(). Only while the loop is known to live.
    void wakeUp();
    /// True if the calling thread is the loop's. May be false before its first pass.
    bool isLoopThread() const
    {
        return m_loopThread.load(std::memory_order_relaxed) == QThread::currentThreadId();
    }
    void setMetricsEnabled(bool on);
    bool isMetricsEnabled() const { return generation() % 2 == 1; }
    void setStallThreshold(Nanoseconds threshold);
    /// How many handlers to keep. Before the first pass that records.
    void setRecentHandlers(std::size_t count);
    void resetMaxima();
    std::uint64_t id() const { return m_id; }
    Mode mode() const { return m_mode.load(std::memory_order_relaxed); }
    void setMode(Mode mode) { m_mode.store(mode, std::memory_order_relaxed); }
    bool isWaitingElsewhere() const { return m_waitsElsewhere.load(std::memory_order_relaxed); }
    /// Odd while metrics are on; changes with each switch.
    unsigned generation() const { return m_generation.load(std::memory_order_relaxed); }
    const QThread *thread() const { return m_thread.load(std::memory_order_acquire); }
    LoopSnapshot snapshot(const SnapshotOptions &options) const override;
    std::optional<LoopHandlers> recentHandlers(std::size_t most) const override;
    std::optional<Stall> ongoingStall() const override;
    Nanoseconds stallThreshold() const override;
    std::optional<Nanoseconds> busySince() const override;
    std::uint64_t threadId() const override;
    void lockForFork() override;
    void unlockAfterFork(bool inChild) override;
    bool isLost() const override { return m_isLost; }

    TaskQueue tasks;
    /// Set by the loop, read by snapshots.
    Cell<std::uint64_t> timeoutsUsed;
    Cell<std::uint64_t> timeoutsCapacity;

private:
    std::uint64_t posts() const { return ownPosts() + m_foreignPosts.count(); }
    void noteWakeUp();
    void noteTimeOfWakeUp();
    void noteOwnKernelWakeUp();
    void countWakeUp(bool touchedKernel);
    void finishForeignWait();
    LoopRecorder *currentRecorder();
    LoopRecorder *makeRecorder();
    void identifyJournal();
    bool isOfMainThread() const;
    void makeJournalFileIfActive();
    void noticeFork();
    void lookForPostedQueue();
    void readPostedDepth(LoopSnapshot &snapshot) const;

    LoopWaker &m_waker;
    const Poller m_poller;
    const ClockFunction m_clock;
    const std::uint64_t m_id;

    mutable std::mutex m_mutex; ///< for what follows, up to the recorder
    std::string m_threadName;
    std::uint64_t m_threadId = 0;
    Nanoseconds m_threshold = std::chrono::milliseconds(50);
    std::size_t m_recentHandlers = Options().recentHandlers;
    JournalMemory m_journalMemory; ///< of the recorder; stays where it is
    ZeroPagesPtr<LoopRecorder> m_ownedRecorder;
    void *m_postedQueue = nullptr; ///< set by the loop; its own thread may read it without the mutex

    std::atomic<Mode> m_mode{Mode::Owner};
    std::atomic<bool> m_waitsElsewhere{false}; ///< while it is recorded
    std::atomic<const QThread *> m_thread{nullptr};
    std::atomic<Qt::HANDLE> m_loopThread{nullptr}; ///< null before enter()
    std::atomic<LoopRecorder *> m_recorder{nullptr};
    std::atomic<unsigned> m_generation{0};
    unsigned m_recordedGeneration = 0; ///< the loop's
    unsigned m_failedGeneration = 0;   ///< the loop's: there was no memory for a recorder
    ProcessMark m_processMark;         ///< the loop's
    bool m_isLost = false;
    bool m_journalHasNoFile = false; ///< the loop's: not yet

    // The loop's, written in each pass: what posters read is above.
    alignas(64) std::uint64_t m_postsSeen = 0;
    std::uint64_t m_foreignPostsSeen = 0; ///< of them; only while metrics are recorded
    Cell<std::uint64_t> m_ownPosts;

    // Written by those who wake the loop:
    PostCounter m_foreignPosts;
    alignas(64) std::atomic<std::uint64_t> m_taskWakeUps{0};
    std::atomic<std::uint64_t> m_kernelWakeUps{0};
    std::atomic<std::int64_t> m_wakeAsked{0}; ///< when the first of them found the loop asleep; 0: none did
};

} // namespace Flywheel
