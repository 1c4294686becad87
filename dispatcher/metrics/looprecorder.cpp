// SPDX-License-Identifier: MIT
#include "metrics/looprecorder.h"

namespace Flywheel {

namespace {

constexpr std::size_t UsualNesting = 4; // deeper levels take their memory when they are first reached
/// Two clocks are read one after the other: only a longer difference is sleep.
constexpr Nanoseconds ShortestSuspend = std::chrono::milliseconds(100);

} // namespace

LoopRecorder::LoopRecorder(ClockFunction clock, SuspendFunction suspended, Nanoseconds stallThreshold)
    : m_clock(clock)
    , m_suspendFunction(suspended)
    , m_threshold(stallThreshold.count())
    , m_now(clock())
    , m_suspendTotal(suspended())
    , m_window(m_now)
{
    m_passes.levels.resize(UsualNesting);
    m_frames.levels.resize(UsualNesting);
}

void LoopRecorder::restart()
{
    while (!m_frames.isEmpty())
        popFrame();
    m_passes.size = 0;
    m_pendingBatch = nullptr;
    m_followsOn = false;
    m_nested = {};
    m_depth.set(0);
    m_suspendTotal = m_suspendFunction();
    m_phase.store(0, std::memory_order_release);
    m_activity.store(0, std::memory_order_release);
}

void LoopRecorder::beginPass(bool followsOn, PassKind kind)
{
    const bool outermost = m_passes.isEmpty();
    if (outermost)
        m_nested = {};
    if (!followsOn || !m_followsOn) {
        if (outermost)
            leavePhase(); // what was between the passes is not the loop's time
        readClock();
    }
    if (m_resetRequested.load(std::memory_order_relaxed))
        resetMaxima();
    beginServing();
    Pass &pass = m_passes.push();
    pass.start = m_now;
    pass.unserved.begin(m_now);
    pass.blocked = {};
    pass.handlers = 0;
    pass.longest.duration = 0;
    pass.nestedBefore = m_nested;
    pass.stallsBefore = m_stalls.count();
    pass.frames = m_frames.size;
    pass.serial = ++m_serial;
    pass.isOver = false;
    pass.passKind = kind;
    if (outermost && (!followsOn || !m_followsOn))
        enterPhase(phaseOfPass());
    const auto depth = static_cast<std::uint32_t>(m_passes.size);
    m_depth.set(depth);
    m_depthMax.raise(depth);
    publishActivity();
}

/// What runs lets a loop inside it serve others, or waits.
void LoopRecorder::beginServing()
{
    if (!isInPass())
        return;
    m_passes.top().unserved.end(m_now);
    if (isInHandler())
        m_frames.top().unserved.end(m_now);
}

/// It goes on.
void LoopRecorder::endServing()
{
    if (!isInPass())
        return;
    m_passes.top().unserved.since = m_now;
    if (isInHandler())
        m_frames.top().unserved.since = m_now;
}

void LoopRecorder::finishPass(Pass &pass)
{
    const Nanoseconds own = std::max(ownTime(pass), Nanoseconds::zero());
    m_passTime.record(own);
    m_window.add(Passes, 1);
    if (pass.handlers == 0)
        m_idlePasses.add(1);
    pass.unserved.end(m_now);
    if (pass.unserved.longest > stallThreshold() && !pass.passKind.ledByHand)
        judgePass(pass);
}

void LoopRecorder::endPass(bool more)
{
    Pass &pass = m_passes.top();
    const bool isUnfinished = m_frames.size > pass.frames;
    // What a nested loop took without a handler must not count for the handler that runs it.
    if (isUnfinished || (m_passes.size > 1 && !more))
        readClock();
    if (isUnfinished)
        dropFramesOfPass();
    finishPass(pass);
    m_nested = pass.nestedBefore + (m_now - pass.start);
    m_passes.pop();
    while (isInPass() && m_passes.top().isOver)
        m_passes.pop();
    popOver();
    endServing();
    m_depth.set(static_cast<std::uint32_t>(m_passes.size));
    m_followsOn = more;
    if (m_passes.isEmpty() && !more)
        leavePhase();
    if (!m_frames.isEmpty())
        publishTop(m_frames.top());
    publishActivity();
}

void LoopRecorder::endPass(Handle handle, bool more)
{
    if (!holds(m_passes, handle))
        return;
    if (handle.index == indexOf(m_passes)) {
        endPass(more);
        return;
    }
    Pass &pass = m_passes.levels[handle.index];
    finishPass(pass);
    pass.isOver = true;
}

void LoopRecorder::extendPass()
{
    const std::int64_t packed = m_phase.load(std::memory_order_relaxed);
    const bool isOutside = static_cast<Phase>(packed & 3) == Phase::Outside && m_passes.size == 1;
    if (isOutside)
        m_phase.store(pack(Instant(Nanoseconds(packed >> 2)), Phase::Busy), std::memory_order_release);
    readClock();
    if (isOutside)
        enterPhase(Phase::Outside);
}

void LoopRecorder::abandonPass()
{
    const Pass pass = m_passes.top();
    while (m_frames.size > pass.frames) {
        if (!m_frames.top().isOver)
            countUntimed(m_frames.top().kind);
        popFrame();
        ++m_passes.top().handlers;
    }
    finishPass(m_passes.top());
    m_passes.pop();
    if (m_passes.isEmpty())
        leavePhase();
    else
        readClock(); // whatever it was, it was not the handler's that ran the nested loop
    m_nested = pass.nestedBefore + (m_now - pass.start);
    m_followsOn = false;
    popOver();
    endServing();
    m_depth.set(static_cast<std::uint32_t>(m_passes.size));
    if (!m_frames.isEmpty())
        publishTop(m_frames.top());
    publishActivity();
}

void LoopRecorder::leaveAll(const void *here, int level)
{
    while (isInPass() && isLeft(m_passes.top(), here, level))
        abandonPass();
}

void LoopRecorder::recordWakeUps(Instant asked, std::uint64_t posts)
{
    if (asked != Immediately)
        m_wakeUpLatency.record(std::max(m_now - asked, Nanoseconds::zero()));
    m_hasPosts = posts > 0;
    m_postsPerPass.record(posts);
    if (m_hasPosts) {
        m_totals[Posts].add(posts);
        m_window.add(Posts, posts);
    }
}

void LoopRecorder::recordDepths(std::uint64_t tasks, std::uint64_t timers, std::uint64_t notifiers)
{
    m_taskDepth.record(tasks);
    m_timerCount.record(timers);
    m_notifierCount.record(notifiers);
}

void LoopRecorder::recordPostedDepth(std::uint64_t events)
{
    m_postedDepth.record(events);
    m_knowsPostedDepth.set(true);
}

void LoopRecorder::recordTaskLatency(Instant posted, std::uint64_t weight)
{
    m_taskLatency.record(std::max(m_now - posted, Nanoseconds::zero()), weight);
}

void LoopRecorder::beginWait()
{
    const char here = 0;
    endOver(&here);
    beginServing();
    enterPhase(Phase::Blocked);
    m_activity.store(pack(m_now, Activity::None), std::memory_order_release);
}

void LoopRecorder::endWait()
{
    if (!isInPass())
        return;
    const Instant began = m_now;
    readClock();
    if (isInHandler()) // of a loop that is not ours, and that a handler runs
        m_nested += m_now - began;
    else
        m_passes.top().blocked += m_now - began;
    endServing();
    enterPhase(phaseOfPass());
    publishActivity();
}

/// From the last reading on, the loop's time counts for \a phase.
void LoopRecorder::enterPhase(Phase phase)
{
    flushPhase();
    m_phase.store(pack(m_now, phase), std::memory_order_release);
}

/// No pass runs from the last reading on. What is before the first one counts for nothing.
void LoopRecorder::leavePhase()
{
    if ((m_phase.load(std::memory_order_relaxed) & 3) != static_cast<std::int64_t>(Phase::None))
        enterPhase(Phase::Outside);
}

void LoopRecorder::flushPhase()
{
    const std::int64_t packed = m_phase.load(std::memory_order_relaxed);
    const auto phase = static_cast<Phase>(packed & 3);
    if (phase == Phase::None)
        return;
    const Instant since{Nanoseconds(packed >> 2)};
    const Column column = columnOf(phase);
    m_window.addSpan(column, since, m_now);
    m_totals[column].add(static_cast<std::uint64_t>(std::max(m_now - since, Nanoseconds::zero()).count()));
    m_phase.store(pack(m_now, phase), std::memory_order_release);
}

void LoopRecorder::enterRow()
{
    flushPhase();
    m_window.advance(m_now);
    checkSuspend();
}

/// Whether the machine has slept since the last look.
bool LoopRecorder::checkSuspend()
{
    const Nanoseconds total = m_suspendFunction();
    const Nanoseconds slept = total - m_suspendTotal;
    m_suspendTotal = total;
    if (slept < ShortestSuspend)
        return false;
    m_suspends.add(1);
    m_suspendedTime.add(slept.count());
    m_suspendNoticed = m_now;
    return true;
}

void LoopRecorder::resetMaxima()
{
    m_resetRequested.store(false, std::memory_order_relaxed);
    for (SeriesRecorder *series : {&m_taskLatency, &m_wakeUpLatency, &m_timerLateness, &m_passTime})
        series->resetMax();
    for (SeriesRecorder &series : m_handlerTime)
        series.resetMax();
    for (GaugeRecorder *gauge :
         {&m_taskDepth, &m_postsPerPass, &m_postedDepth, &m_timerCount, &m_notifierCount, &m_readyPerPoll})
        gauge->resetMax();
    m_depthMax.set(m_depth.get());
    m_receivers.resetMaxima();
    m_timers.resetMaxima();
}

} // namespace Flywheel
