// SPDX-License-Identifier: MIT
#pragma once

#include "journal/journal.h"
#include "metrics/handlerfigures.h"
#include "metrics/levelstack.h"
#include "metrics/loopframes.h"
#include "metrics/tickclock.h"

#include <cstddef>
#include <span>

namespace Flywheel {

/// Records everything about one loop, in fixed memory (at most MostBytes).
///
/// The loop's thread calls the recording functions in the order in which things happen. Any thread may read.
/// Each handler that ends is also written to the loop's journal, in memory that the recorder is given.
///
/// One reading of the clock is the end of one thing and the start of the next: the recorder keeps the last
/// reading (now()). It reads the clock only at the end of a handler, after a wait, and where a pass does not
/// directly follow another.
///
/// Passes and handlers form a stack. The time of a nested loop counts for its own passes and handlers, and
/// not for those around it. If coroutines switch stacks inside handlers, handlers may end in any order.
///
/// If nobody reports the end of a handler (beginUntold()), the handler ends when something else shows that it
/// is over. If nobody reports the end of a pass either (PassKind::ledByHand), its handlers are counted but
/// not timed, because what runs after them may be the program's own work.
class LoopRecorder
{
public:
    static constexpr std::size_t MostBytes = std::size_t(512) * 1024;
    using SuspendFunction = Nanoseconds (*)();
    using PassKind = Flywheel::PassKind;

    /// \a journal: see Journal.
    LoopRecorder(ClockFunction clock, SuspendFunction suspended, Nanoseconds stallThreshold,
                 std::span<std::byte> journal);

    // The loop's thread:

    /// Identifies a pass or a handler that has begun. Has no effect once the recorder has given that up.
    struct Handle
    {
        std::uint32_t index = 0;
        std::uint32_t serial = 0; ///< 0: none
    };

    /// Begins a pass. \a followsOn: nothing has run since the last endPass(), if that call had \a more set.
    Handle beginPass(bool followsOn)
    {
        if (followsOn && m_followsOn && m_passes.isEmpty() &&
            !m_resetRequested.load(std::memory_order_relaxed)) [[likely]]
            return beginFollowingPass();
        return beginPass(followsOn, PassKind());
    }
    Handle beginPass(bool followsOn, PassKind kind);
    /// Ends the innermost pass. \a more: another pass of the same exec() follows at once.
    void endPass(bool more);
    /// Ends a certain pass. If others go on inside it, it ends with them.
    void endPass(Handle pass, bool more)
    {
        const bool isPlain = more && pass.index == 0 && m_passes.size() == 1 &&
                             m_passes.top().serial == pass.serial && m_frames.isEmpty();
        if (isPlain) [[likely]]
            endPlainPass();
        else
            endOtherPass(pass, more);
    }
    /// Notes that something belongs to the innermost pass, whose end nobody reports.
    void extendPass();
    /// Ends the innermost pass at the last reading of the clock, because nobody knows when it ended.
    void abandonPass();
    Handle topPass() const { return {indexOf(m_passes), m_passes.top().serial}; }
    Journaling::Header &journal() { return m_journal.header(); }
    /// Forgets what was going on when recording was last switched off.
    void restart();

    /// Records that \a posts calls of wakeUp() began the pass. The first came at \a asked (Immediately: not
    /// known).
    void recordWakeUps(Instant asked, std::uint64_t posts);
    /// Records how many tasks, timers and notifiers exist in this pass.
    void recordDepths(std::uint64_t tasks, std::uint64_t timers, std::uint64_t notifiers)
    {
        m_taskDepth.record(tasks);
        m_timerCount.record(timers);
        m_notifierCount.record(notifiers);
    }
    void recordPostedDepth(std::uint64_t events)
    {
        m_postedDepth.record(events);
        m_knowsPostedDepth.set(true);
    }
    /// Returns the depth that was recorded last; 1 if none was recorded yet.
    std::uint64_t postedDepth() const
    {
        return m_knowsPostedDepth.get() ? m_postedDepth.snapshot().current : 1;
    }
    /// Records that a task starts. It was posted at \a posted and stands for \a weight tasks.
    void recordTaskLatency(Instant posted, std::uint64_t weight);

    void beginWait();
    void endWait();
    void recordReady(std::size_t descriptors) { m_readyPerPoll.record(descriptors); }

    /// Begins a handler. Call endHandler() for each.
    void beginHandler(HandlerKind kind, const Subject &subject);
    /// Begins a timer's handler. Timers of 0 ms have no lateness. \a key is the same each time the timer
    /// fires, and differs from that of all other existing timers; 0 if there is none.
    void beginTimer(const TimerTable::Firing &firing, Instant deadline, std::uint64_t key);
    /// Does the same for a timer whose names were read less than 100 ms ago. Returns false, and does nothing,
    /// for all others.
    bool beginKnownTimer(std::uint64_t key, std::int64_t id, Nanoseconds interval, Instant deadline);
    /// Ends a handler. \a repeats: the timer goes on, so the ticks that it missed are recorded.
    void endHandler(bool repeats = false) { endHandler(topHandler(), repeats); }
    void endHandler(Handle handler, bool repeats = false);
    Handle topHandler() const { return {indexOf(m_frames), m_frames.top().serial}; }

    /// Begins a handler whose end nobody reports: a call in Qt that \a mark marks. An earlier handler at the
    /// same place of the stack ends by this.
    void beginUntold(HandlerKind kind, const Subject &subject, const StackMark &mark);
    /// Ends the innermost handler if it is over and nobody reported that. \a here is an address in the
    /// caller's frame.
    void endOver(const void *here)
    {
        if (isInUntold())
            endIfOver(here);
    }
    /// Gives up the passes that the thread has left, judged by \a level (its loopLevel()) and \a here (an
    /// address in the caller's frame).
    void leave(const void *here, int level)
    {
        if (isInPass() && isLeft(m_passes.top(), here, level))
            leaveAll(here, level);
        endOver(here);
    }
    /// Counts a handler without recording its time.
    void countUntimed(HandlerKind kind)
    {
        const HandlerFigures::Guard guard(m_figures);
        m_untimed[static_cast<std::size_t>(kind)].add(1);
        m_figures.window.add(static_cast<std::size_t>(kind), 1);
    }
    /// Says that all posted events will be sent now. \a batch gets the handle of the batch once an event is
    /// delivered, and must live until endBatch().
    void beginBatch(Handle &batch)
    {
        m_pendingBatch = &batch;
        if (m_hasPosts)
            openBatch();
    }
    void endBatch(const Handle &batch)
    {
        m_pendingBatch = nullptr;
        if (batch.serial != 0)
            endHandler(batch);
    }
    /// True if the call in Qt at \a at delivers an event of the running batch, and not an event that a
    /// handler sends.
    bool isOfBatch(const void *at);

    /// The last clock reading.
    Instant now() const { return m_now; }
    void readClock() { setNow(m_clock.now()); }
    /// Reads it exactly as the system's clock goes. A timer that the loop has waited for must be due then.
    void readSystemClock() { setNow(m_clock.readSystem()); }
    /// True if posts began the pass.
    bool hasPosts() const { return m_hasPosts; }
    /// True if a handler of the innermost pass runs.
    bool isInHandler() const { return isInPass() && m_frames.size() > m_passes.top().frames; }
    /// True if the loop has run more than a few handlers, or a long one.
    bool isActive() const { return m_journal.written() >= FewHandlers || m_hadLongHandler; }
    /// Passes on the stack.
    std::size_t depth() const { return m_passes.size(); }
    bool isInPass() const { return !m_passes.isEmpty(); }
    /// The kind of the innermost pass; level 0 if there is none.
    PassKind passKind() const { return isInPass() ? m_passes.top().passKind : PassKind{}; }

    // Any thread:

    /// Fills in what the recorder knows. Read \a now from the clock first. \a live: the loop is recording.
    void read(LoopSnapshot &snapshot, Instant now, bool live, const SnapshotOptions &options);
    void setStallThreshold(Nanoseconds threshold)
    {
        m_threshold.store(threshold.count(), std::memory_order_relaxed);
        m_noteLimit.store(noteLimit(threshold), std::memory_order_relaxed);
    }
    Nanoseconds stallThreshold() const { return Nanoseconds(m_threshold.load(std::memory_order_relaxed)); }
    /// Returns what is going on now if it has taken longer than the threshold. Its number is the one that the
    /// stall will have.
    std::optional<Stall> ongoingStall(Instant now) const;
    /// Returns since when nothing else has been served; nothing if the loop waits.
    std::optional<Instant> busySince() const;
    /// Before and after a fork(2).
    void lockForFork() { m_figures.lockForFork(); }
    void unlockAfterFork() { m_figures.unlockAfterFork(); }
    void requestResetOfMaxima() { m_resetRequested.store(true, std::memory_order_relaxed); }

private:
    using Column = HandlerFigures::Column;
    using Pass = PassFrame;
    using Frame = HandlerFrame;
    enum class Phase : std::uint8_t { None, Busy, Blocked, Outside };
    using Activity = Journaling::Activity;
    static constexpr std::uint64_t FewHandlers = 16;
    /// A handler that takes longer than this part of a stall may be to blame for one.
    static constexpr int NotedPart = 16;

    static constexpr std::size_t UsualNesting = 4; // deeper levels take their memory when first reached

    template <typename Level>
    static std::uint32_t indexOf(const LevelStack<Level> &stack)
    {
        return static_cast<std::uint32_t>(stack.size() - 1);
    }
    template <typename Level>
    static bool holds(const LevelStack<Level> &stack, Handle handle)
    {
        return handle.index < stack.size() && stack.at(handle.index).serial == handle.serial &&
               !stack.at(handle.index).isOver;
    }
    template <typename State>
    static std::int64_t pack(Instant since, State state)
    {
        return since.time_since_epoch().count() << 2 | static_cast<std::int64_t>(state);
    }
    void setNow(Instant now)
    {
        m_now = std::max(m_now, now); // no clock of ours goes back, and no duration is negative
        if (!m_figures.window.isCurrent(now)) [[unlikely]]
            enterRow();
    }
    void enterRow();
    void enterPhase(Phase phase);
    void leavePhase();
    /// If nobody knows when a pass ends, only the known part of it counts as busy.
    Phase phaseOfPass() const
    {
        return m_passes.size() == 1 && m_passes.top().passKind.ledByHand ? Phase::Outside : Phase::Busy;
    }
    static Column columnOf(Phase phase)
    {
        return phase == Phase::Blocked ? HandlerFigures::Blocked
               : phase == Phase::Busy  ? HandlerFigures::Busy
                                       : HandlerFigures::Outside;
    }
    void flushPhase();
    bool checkSuspend();
    void resetMaxima();

    Nanoseconds ownTime(const Pass &pass) const
    {
        return m_now - pass.start - pass.blocked - (m_nested - pass.nestedBefore);
    }
    Nanoseconds ownTime(const Frame &frame) const
    {
        return m_now - frame.start - (frame.isLeaf ? Nanoseconds::zero() : m_nested - frame.nestedBefore);
    }
    /// Since when it has served nothing else.
    static Instant unservedSince(const Frame &frame)
    {
        return frame.isLeaf ? frame.start : frame.unserved.since;
    }
    /// A timer that fired in the current row of the window.
    struct KnownTimer
    {
        std::uint64_t key = 0;
        Instant validUntil{};
        SubjectTable::Index subject = 0;
        std::uint32_t subjectTenancy = 0;
        ReceiverTable::Index receiver = 0;
        TimerTable::Handle timer{};
    };
    KnownTimer &placeOf(std::uint64_t key) { return m_knownTimers[key % m_knownTimers.size()]; }

    /// True if nobody will report the end of the innermost handler.
    bool isInUntold() const { return isInHandler() && m_frames.top().isUntold; }
    bool isLeft(const Pass &pass, const void *here, int level) const
    {
        const bool outlivesHandler = pass.frames > 0 && m_frames.at(pass.frames - 1).isUntold &&
                                     !m_frames.at(pass.frames - 1).mark.isAlive(here);
        return pass.passKind.level > level || outlivesHandler;
    }
    void leaveAll(const void *here, int level);
    void endIfOver(const void *here);
    void dropFramesOfPass();
    std::size_t endOfPassAround(std::size_t index) const;
    void openBatch();
    void popOver();

    Handle beginFollowingPass();
    Pass &pushPass(PassKind kind);
    void endPlainPass();
    void endOtherPass(Handle pass, bool more);
    Frame &pushFrame(HandlerKind kind, std::int64_t id);
    void setSubject(Frame &frame, SubjectTable::Index subject, ReceiverTable::Index receiver);
    Journal::Record journalRecord(const Frame &frame);
    void finish(const Frame &frame, bool repeats);
    void finishSlowly(const Frame &frame, bool repeats);
    void openFrames();
    void finishPass(Pass &pass);
    void beginServing();
    void endServing();
    SubjectTable::Index subjectOf(HandlerKind kind, const Subject &subject);
    void setTimer(Frame &frame, Nanoseconds interval, Instant deadline);
    void recordLateness(Frame &frame, Instant deadline);
    void popFrame();
    void publishHandler(const Frame &frame);
    void publishRunning(const Frame &frame);
    void publishActivity();
    void publishWhatGoesOn();
    void recordMissedTicks(const Frame &frame);
    void noteLongest(const Frame &frame, Nanoseconds duration);
    void judgePass(const Pass &pass);
    void judgeLongHandler(const Frame &frame);
    StallList::Record recordOf(const Frame &frame, Nanoseconds duration) const;
    void appendStall(StallList::Record record, Instant start);

    void readRunning(Stall &stall) const;
    void readSeries(LoopSnapshot &snapshot, bool recent) const;
    void readRates(LoopSnapshot &snapshot, Instant now) const;
    void readUtilisation(LoopSnapshot &snapshot, Instant now, bool live) const;

    TickClock m_clock;
    const SuspendFunction m_suspendFunction;
    static std::int64_t noteLimit(Nanoseconds stallThreshold)
    {
        return std::min(stallThreshold / NotedPart, HandlerFigures::LongestNoted).count();
    }

    std::atomic<std::int64_t> m_threshold;
    std::atomic<std::int64_t> m_noteLimit; ///< handlers that take longer are looked at at once
    std::atomic<bool> m_resetRequested{false};

    // The loop's:
    Instant m_now;
    bool m_hasPosts = false;
    bool m_hadLongHandler = false;
    bool m_followsOn = false; ///< the last pass ended in the middle of an exec()
    std::uint32_t m_serial = 0;
    Handle *m_pendingBatch = nullptr; ///< of a batch in which nothing has happened yet
    Nanoseconds m_nested{};           ///< time in nested passes, of the outermost pass that runs
    Nanoseconds m_suspendTotal;
    Instant m_suspendNoticed = Immediately;
    LevelStack<Pass> m_passes{UsualNesting};
    LevelStack<Frame> m_frames{UsualNesting};
    std::array<KnownTimer, 64> m_knownTimers{};

    // For readers:
    SeriesRecorder m_taskLatency;
    SeriesRecorder m_wakeUpLatency;
    SeriesRecorder m_timerLateness;
    std::array<Cell<std::uint64_t>, HandlerFigures::ColumnCount>
        m_totals; ///< of the columns that no series counts
    std::array<Cell<std::uint64_t>, HandlerKindCount> m_untimed;
    Cell<std::uint64_t> m_missedTicks;
    GaugeRecorder m_taskDepth;
    GaugeRecorder m_postsPerPass;
    GaugeRecorder m_postedDepth;
    Cell<bool> m_knowsPostedDepth;
    GaugeRecorder m_timerCount;
    GaugeRecorder m_notifierCount;
    GaugeRecorder m_readyPerPoll;
    Cell<std::uint64_t> m_idlePasses;
    Cell<std::uint32_t> m_depth;
    Cell<std::uint32_t> m_depthMax;
    Cell<std::uint64_t> m_suspends;
    Cell<std::int64_t> m_suspendedTime;
    std::atomic<std::int64_t> m_phase{0}; ///< since when << 2 | Phase
    Journal m_journal;
    SubjectTable m_subjects{m_journal};
    StallList m_stalls;
    HandlerFigures m_figures;
};

static_assert(sizeof(LoopRecorder) <= LoopRecorder::MostBytes);

} // namespace Flywheel
