// SPDX-License-Identifier: MIT
#include "metrics/recordersteps.h"

#include <utility>

namespace Flywheel {

namespace {

/// Two clocks are read one after the other: only a longer difference is sleep.
constexpr Nanoseconds ShortestSuspend = std::chrono::milliseconds(100);

} // namespace

LoopRecorder::LoopRecorder(ClockFunction clock, SuspendFunction suspended, Nanoseconds stallThreshold,
                           std::span<std::byte> journal)
    : m_clock(clock, TickClock::counterFor(clock))
    , m_suspendFunction(suspended)
    , m_threshold(stallThreshold.count())
    , m_noteLimit(noteLimit(stallThreshold))
    , m_now(clock())
    , m_suspendTotal(suspended())
    , m_journal(journal)
    , m_figures(m_journal, m_subjects, m_now)
{
}

void LoopRecorder::restart()
{
    while (!m_frames.isEmpty())
        popFrame();
    m_passes.clear();
    m_pendingBatch = nullptr;
    m_followsOn = false;
    m_nested = {};
    m_depth.set(0);
    m_suspendTotal = m_suspendFunction();
    m_phase.store(0, std::memory_order_release);
    m_journal.setActivity(Instant(), Activity::None);
}

LoopRecorder::Handle LoopRecorder::beginPass(bool followsOn, PassKind kind)
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
    pushPass(kind);
    if (outermost && (!followsOn || !m_followsOn))
        enterPhase(phaseOfPass());
    m_depthMax.raise(m_depth.get());
    return topPass();
}

/// The usual pass: nothing has happened since the last one.
LoopRecorder::Handle LoopRecorder::beginFollowingPass()
{
    m_nested = {};
    return {0, pushPass({}).serial};
}

LoopRecorder::Pass &LoopRecorder::pushPass(PassKind kind)
{
    Pass &pass = m_passes.push();
    pass.start = m_now;
    pass.unserved.begin(m_now);
    pass.blocked = {};
    pass.handlers = 0;
    pass.longest.duration = 0;
    pass.nestedBefore = m_nested;
    pass.stallsBefore = m_stalls.count();
    pass.frames = m_frames.size();
    pass.serial = ++m_serial;
    pass.isOver = false;
    pass.passKind = kind;
    m_depth.set(static_cast<std::uint32_t>(m_passes.size()));
    m_journal.setActivity(m_now, kind.ledByHand ? Activity::None : Activity::Pass);
    return pass;
}

/// What runs lets a loop inside it serve others, or waits.
void LoopRecorder::beginServing()
{
    if (!isInPass())
        return;
    m_passes.top().unserved.end(m_now);
    openFrames();
    if (isInHandler())
        m_frames.top().unserved.end(m_now);
}

/// The handlers of the innermost pass are leaves no longer.
void LoopRecorder::openFrames()
{
    for (std::size_t index = m_passes.top().frames; index < m_frames.size(); ++index) {
        Frame &frame = m_frames.at(index);
        if (!std::exchange(frame.isLeaf, false))
            continue;
        frame.unserved.begin(frame.start);
        frame.nestedBefore = m_nested;
    }
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
    m_figures.notePass(own);
    if (pass.handlers == 0)
        m_idlePasses.add(1);
    pass.unserved.end(m_now);
    if (pass.unserved.longest > stallThreshold() && !pass.passKind.ledByHand)
        judgePass(pass);
}

void LoopRecorder::endPass(bool more)
{
    Pass &pass = m_passes.top();
    const bool isUnfinished = m_frames.size() > pass.frames;
    // What a nested loop took without a handler must not count for the handler that runs it.
    if (isUnfinished || (m_passes.size() > 1 && !more))
        readClock();
    if (isUnfinished)
        dropFramesOfPass();
    finishPass(pass);
    m_nested = pass.nestedBefore + (m_now - pass.start);
    m_passes.pop();
    while (isInPass() && m_passes.top().isOver)
        m_passes.pop();
    m_depth.set(static_cast<std::uint32_t>(m_passes.size()));
    m_followsOn = more;
    if (m_passes.isEmpty()) {
        if (!more)
            leavePhase();
    } else {
        popOver();
        endServing();
    }
    publishWhatGoesOn();
}

/// The usual pass ends, another one follows, and nothing else goes on.
void LoopRecorder::endPlainPass()
{
    finishPass(m_passes.top());
    m_passes.pop();
    m_depth.set(0);
    m_followsOn = true;
    m_journal.setActivity(m_now, Activity::None);
}

void LoopRecorder::endOtherPass(Handle handle, bool more)
{
    if (!holds(m_passes, handle))
        return;
    if (handle.index == indexOf(m_passes)) {
        endPass(more);
        return;
    }
    Pass &pass = m_passes.at(handle.index);
    finishPass(pass);
    pass.isOver = true;
}

void LoopRecorder::extendPass()
{
    const std::int64_t packed = m_phase.load(std::memory_order_relaxed);
    const bool isOutside = static_cast<Phase>(packed & 3) == Phase::Outside && m_passes.size() == 1;
    if (isOutside)
        m_phase.store(pack(Instant(Nanoseconds(packed >> 2)), Phase::Busy), std::memory_order_release);
    readClock();
    if (isOutside)
        enterPhase(Phase::Outside);
}

void LoopRecorder::abandonPass()
{
    const Pass pass = m_passes.top();
    while (m_frames.size() > pass.frames) {
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
    m_depth.set(static_cast<std::uint32_t>(m_passes.size()));
    publishWhatGoesOn();
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
        m_totals[HandlerFigures::Posts].add(posts);
        m_figures.window.add(HandlerFigures::Posts, posts);
    }
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
    m_journal.setActivity(m_now, Activity::None);
}

void LoopRecorder::endWait()
{
    if (!isInPass())
        return;
    const Instant began = m_now;
    readSystemClock();
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
    m_figures.window.addSpan(column, since, m_now);
    m_totals[column].add(static_cast<std::uint64_t>(std::max(m_now - since, Nanoseconds::zero()).count()));
    m_phase.store(pack(m_now, phase), std::memory_order_release);
}

void LoopRecorder::enterRow()
{
    {
        const HandlerFigures::Guard guard(m_figures); // what was noted belongs to the former row
        flushPhase();
        m_figures.window.advance(m_now);
    }
    m_journal.setWallOffset(std::chrono::system_clock::now().time_since_epoch() - m_now.time_since_epoch());
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
    const HandlerFigures::Guard guard(m_figures);
    for (SeriesRecorder *series : {&m_taskLatency, &m_wakeUpLatency, &m_timerLateness, &m_figures.passTime})
        series->resetMax();
    for (SeriesRecorder &series : m_figures.handlerTime)
        series.resetMax();
    for (GaugeRecorder *gauge :
         {&m_taskDepth, &m_postsPerPass, &m_postedDepth, &m_timerCount, &m_notifierCount, &m_readyPerPoll})
        gauge->resetMax();
    m_depthMax.set(m_depth.get());
    m_figures.receivers.resetMaxima();
    m_figures.timers.resetMaxima();
}

} // namespace Flywheel
