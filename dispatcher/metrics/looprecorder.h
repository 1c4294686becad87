// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "metrics/ratewindow.h"
#include "metrics/receivertable.h"
#include "metrics/seriesrecorder.h"
#include "metrics/stalllist.h"
#include "metrics/timertable.h"
#include "platform/stackmark.h"

namespace Flywheel {

/// Everything that one loop records of itself, in fixed memory (MostBytes).
///
/// The loop's thread tells what happens, in the order in which it happens; any thread reads. A clock reading
/// serves as the end of one thing and the start of the next: the recorder remembers the last one (now()), and
/// reads the clock only at the end of a handler, after a wait, and where a pass does not follow on another.
///
/// Nesting: passes and handlers form a stack. What a nested loop took counts for its own passes and handlers
/// and for none of those around it. Where coroutines switch stacks inside handlers, they may end in any
/// order.
///
/// Handlers whose end nobody tells (beginUntold()) end when something else shows that they are over. Where a
/// pass ends unseen, too (PassKind::ledByHand), its handlers are counted and not timed: what runs after them
/// may be the program's own work.
class LoopRecorder
{
public:
    static constexpr std::size_t MostBytes = std::size_t(512) * 1024;
    using SuspendFunction = Nanoseconds (*)();

    LoopRecorder(ClockFunction clock, SuspendFunction suspended, Nanoseconds stallThreshold);

    // The loop's thread:

    /// Names a pass or a handler that has begun; of no effect once that was given up.
    struct Handle
    {
        std::uint32_t index = 0;
        std::uint32_t serial = 0; ///< 0: none
    };
    /// Of a pass that another dispatcher makes.
    struct PassKind
    {
        int level = 0;          ///< QThread::loopLevel()
        bool ledByHand = false; ///< no exec() runs it, so that nobody knows when it ends
        bool endIsTold = false; ///< the dispatcher does
    };

    /// A pass begins. \a followsOn: nothing can have run since the last endPass(), if that allowed it.
    void beginPass(bool followsOn) { beginPass(followsOn, PassKind()); }
    void beginPass(bool followsOn, PassKind kind);
    /// The innermost pass is over. \a more: another one of the same exec() follows at once.
    void endPass(bool more);
    /// The same for a certain pass: one inside which others go on ends with them.
    void endPass(Handle pass, bool more);
    /// Something happens that surely belongs to the innermost pass, which is led by hand.
    void extendPass();
    /// The innermost pass is over since nobody knows when; the last clock reading is what is known of it.
    void abandonPass();
    Handle topPass() const { return {indexOf(m_passes), m_passes.top().serial}; }
    /// Forgets what was under way when recording was last switched off.
    void restart();

    /// The pass was begun by wake-ups: the first came at \a asked (Immediately: not known), \a posts calls of
    /// wakeUp().
    void recordWakeUps(Instant asked, std::uint64_t posts);
    /// What there is in this pass.
    void recordDepths(std::uint64_t tasks, std::uint64_t timers, std::uint64_t notifiers);
    void recordPostedDepth(std::uint64_t events);
    /// As recorded last; not 0 if it never was.
    std::uint64_t postedDepth() const
    {
        return m_knowsPostedDepth.get() ? m_postedDepth.snapshot().current : 1;
    }
    /// A task starts that was posted at \a posted and stands for \a weight tasks.
    void recordTaskLatency(Instant posted, std::uint64_t weight);

    void beginWait();
    void endWait();
    void recordReady(std::size_t descriptors) { m_readyPerPoll.record(descriptors); }

    /// A handler starts; each needs an endHandler().
    void beginHandler(HandlerKind kind, const Subject &subject);
    /// A timer's handler starts. Zero timers have no lateness. \a key: the same in each firing of a timer,
    /// and of no other one that lives; 0 for none.
    void beginTimer(const TimerTable::Firing &firing, Instant deadline, std::uint64_t key);
    /// The same for one whose names were read less than 100 ms ago; false if that is not so.
    bool beginKnownTimer(std::uint64_t key, std::int64_t id, Nanoseconds interval, Instant deadline);
    /// \a repeats: the timer lives on, so the ticks that it missed were missed by whoever waits for them.
    void endHandler(bool repeats = false) { endHandler(topHandler(), repeats); }
    void endHandler(Handle handler, bool repeats = false);
    Handle topHandler() const { return {indexOf(m_frames), m_frames.top().serial}; }

    /// A handler starts, and nobody tells when it ends: a call of Qt's that \a mark marks. A former one at
    /// the same place ends by that.
    void beginUntold(HandlerKind kind, const Subject &subject, const StackMark &mark);
    /// Ends the innermost handler if it is over and nobody tells. \a here: an address in the caller's frame.
    void endOver(const void *here)
    {
        if (isInUntold())
            endIfOver(here);
    }
    /// Gives up the passes that the thread has left: at \a level, its loopLevel(), and at \a here.
    void leave(const void *here, int level)
    {
        if (isInPass() && isLeft(m_passes.top(), here, level))
            leaveAll(here, level);
        endOver(here);
    }
    /// Counts a handler without its time.
    void countUntimed(HandlerKind kind)
    {
        m_untimed[static_cast<std::size_t>(kind)].add(1);
        m_window.add(static_cast<std::size_t>(kind), 1);
    }
    /// All posted events are going to be sent; \a batch names that once there is one. It lives until
    /// endBatch().
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
    /// Whether the call of Qt's at \a at delivers an event of the batch that runs, and not one that a handler
    /// sends.
    bool isOfBatch(const void *at);

    /// The last clock reading.
    Instant now() const { return m_now; }
    void readClock() { setNow(m_clock()); }
    /// Whether the pass was begun by posts.
    bool hasPosts() const { return m_hasPosts; }
    /// Whether a handler of the present pass runs.
    bool isInHandler() const { return isInPass() && m_frames.size > m_passes.top().frames; }
    /// Passes on the stack.
    std::size_t depth() const { return m_passes.size; }
    bool isInPass() const { return !m_passes.isEmpty(); }
    /// Of the innermost pass; the outermost one's surroundings are level 0.
    PassKind passKind() const { return isInPass() ? m_passes.top().passKind : PassKind{}; }

    // Any thread:

    /// Fills in what the recorder knows. \a now is read before; \a live: the loop is recording.
    void read(LoopSnapshot &snapshot, Instant now, bool live, const SnapshotOptions &options) const;
    void setStallThreshold(Nanoseconds threshold)
    {
        m_threshold.store(threshold.count(), std::memory_order_relaxed);
    }
    Nanoseconds stallThreshold() const { return Nanoseconds(m_threshold.load(std::memory_order_relaxed)); }
    /// What is going on now, if it takes longer than the threshold. Its number is that of the stall it will
    /// be.
    std::optional<Stall> ongoingStall(Instant now) const;
    void requestResetOfMaxima() { m_resetRequested.store(true, std::memory_order_relaxed); }

private:
    enum Column : std::size_t { Busy = HandlerKindCount, Blocked, Outside, Posts, Passes, ColumnCount };
    enum class Phase : std::uint8_t { None, Busy, Blocked, Outside };
    enum class Activity : std::int64_t { None, Pass, Handler };

    /// The time in which nothing else was served: since something began, or since the last loop inside it
    /// ended.
    struct Unserved
    {
        Instant since;
        Instant longestSince;
        Nanoseconds longest;

        void begin(Instant now)
        {
            since = now;
            longest = {};
        }
        void end(Instant now)
        {
            if (now - since > longest) {
                longest = now - since;
                longestSince = since;
            }
        }
    };

    // Kept and reused: a level that was reached once costs no memory again, and nothing is cleared in vain.
    struct Pass
    {
        Instant start;
        Unserved unserved;
        Nanoseconds blocked;      ///< within it, nested loops not counted
        Nanoseconds nestedBefore; ///< m_nested when it began
        std::uint64_t stallsBefore;
        std::uint64_t handlers;
        std::size_t frames; ///< how many there were when it began
        std::uint32_t serial;
        bool isOver; ///< but not those inside it
        PassKind passKind;
        StallList::Record longest;
    };
    struct Frame
    {
        HandlerKind kind;
        Instant start;
        Unserved unserved;
        Nanoseconds nestedBefore;
        std::uint64_t stallsBefore;
        std::uint32_t serial;
        bool isOver; ///< but not those inside it
        bool hasReceiver;
        bool isTimer;
        StackMark mark;         ///< set: nobody tells when it ends
        const void *deliveries; ///< of a batch: where Qt delivers its events, once known
        TimerTable::Handle timer;
        Nanoseconds lateness;
        Nanoseconds interval;
        struct Top
        {
            std::int64_t id;
            std::uint32_t kind;
            ReceiverTable::Index receiver;
            ObjectName objectName;
        } top; ///< for other threads, too
    };
    /// Grows, never shrinks.
    template <typename Level>
    struct Stack
    {
        std::vector<Level> levels;
        std::size_t size = 0;

        bool isEmpty() const { return size == 0; }
        Level &top() { return levels[size - 1]; }
        const Level &top() const { return levels[size - 1]; }
        Level &push()
        {
            if (size == levels.size())
                levels.emplace_back();
            return levels[size++];
        }
        void pop() { --size; }
    };

    template <typename Level>
    static std::uint32_t indexOf(const Stack<Level> &stack)
    {
        return static_cast<std::uint32_t>(stack.size - 1);
    }
    template <typename Level>
    static bool holds(const Stack<Level> &stack, Handle handle)
    {
        return handle.index < stack.size && stack.levels[handle.index].serial == handle.serial &&
               !stack.levels[handle.index].isOver;
    }
    template <typename State>
    static std::int64_t pack(Instant since, State state)
    {
        return since.time_since_epoch().count() << 2 | static_cast<std::int64_t>(state);
    }
    void setNow(Instant now)
    {
        m_now = std::max(m_now, now); // no clock of ours goes back, and no duration is negative
        if (!m_window.isCurrent(now))
            enterRow();
    }
    void enterRow();
    void enterPhase(Phase phase);
    void leavePhase();
    /// Where nobody knows when a pass ends, only what is known of it is busy.
    Phase phaseOfPass() const
    {
        return m_passes.size == 1 && m_passes.top().passKind.ledByHand ? Phase::Outside : Phase::Busy;
    }
    static Column columnOf(Phase phase)
    {
        return phase == Phase::Blocked ? Blocked : phase == Phase::Busy ? Busy : Outside;
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
        return m_now - frame.start - (m_nested - frame.nestedBefore);
    }
    /// A timer that fired in the present row of the window.
    struct KnownTimer
    {
        std::uint64_t key = 0;
        Instant validUntil{};
        ReceiverTable::Handle receiver{};
        TimerTable::Handle timer{};
    };
    KnownTimer &placeOf(std::uint64_t key) { return m_knownTimers[key % m_knownTimers.size()]; }

    /// Whether nobody will tell when the innermost handler ends.
    bool isInUntold() const { return isInHandler() && m_frames.top().mark.isSet(); }
    bool isLeft(const Pass &pass, const void *here, int level) const
    {
        const bool outlivesHandler = pass.frames > 0 && m_frames.levels[pass.frames - 1].mark.isSet() &&
                                     !m_frames.levels[pass.frames - 1].mark.isAlive(here);
        return pass.passKind.level > level || outlivesHandler;
    }
    void leaveAll(const void *here, int level);
    void endIfOver(const void *here);
    void dropFramesOfPass();
    std::size_t endOfPassAround(std::size_t index) const;
    void openBatch();
    void popOver();

    Frame &pushFrame(HandlerKind kind, std::int64_t id);
    void finish(const Frame &frame, bool repeats);
    void finishPass(Pass &pass);
    void beginServing();
    void endServing();
    Nanoseconds recordLateness(Nanoseconds interval, Instant deadline);
    void popFrame();
    void publishTop(const Frame &frame);
    void publishActivity();
    void recordMissedTicks(const Frame &frame);
    void noteLongest(const Frame &frame, Nanoseconds duration);
    void judgePass(const Pass &pass);
    void judgeHandler(const Frame &frame);
    StallList::Record recordOf(const Frame &frame, Nanoseconds duration) const;
    void appendStall(StallList::Record record, Instant start);

    void readSeries(LoopSnapshot &snapshot, bool recent) const;
    void readRates(LoopSnapshot &snapshot, Instant now) const;
    void readUtilisation(LoopSnapshot &snapshot, Instant now, bool live) const;

    const ClockFunction m_clock;
    const SuspendFunction m_suspendFunction;
    std::atomic<std::int64_t> m_threshold;
    std::atomic<bool> m_resetRequested{false};

    // The loop's:
    Instant m_now;
    bool m_hasPosts = false;
    bool m_followsOn = false; ///< the last pass ended in the middle of an exec()
    std::uint32_t m_serial = 0;
    Handle *m_pendingBatch = nullptr; ///< of a batch in which nothing has happened yet
    Nanoseconds m_nested{};           ///< time in nested passes, of the outermost pass that runs
    Nanoseconds m_suspendTotal;
    Instant m_suspendNoticed = Immediately;
    Stack<Pass> m_passes;
    Stack<Frame> m_frames;
    std::array<KnownTimer, 64> m_knownTimers{};

    // For readers:
    SeriesRecorder m_taskLatency;
    SeriesRecorder m_wakeUpLatency;
    SeriesRecorder m_timerLateness;
    std::array<SeriesRecorder, HandlerKindCount> m_handlerTime;
    SeriesRecorder m_passTime;
    RateWindow<ColumnCount> m_window;
    std::array<Cell<std::uint64_t>, ColumnCount> m_totals; ///< of the columns that no series counts
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
    std::atomic<std::int64_t> m_phase{0};    ///< since when << 2 | Phase
    std::atomic<std::int64_t> m_activity{0}; ///< since when << 2 | Activity, nested loops taken out
    SeqSlot<Frame::Top> m_top;
    StallList m_stalls;
    ReceiverTable m_receivers;
    TimerTable m_timers;
};

static_assert(sizeof(LoopRecorder) <= LoopRecorder::MostBytes);

} // namespace Flywheel
