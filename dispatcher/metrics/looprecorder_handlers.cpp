// SPDX-License-Identifier: MIT
// What a LoopRecorder notes of handlers: their time, their culprits, and stalls.
#include "metrics/recordersteps.h"

#include <algorithm>
#include <cstddef>

namespace Flywheel {

namespace {

/// So many samples at most stand for the ticks that a late timer missed.
constexpr std::int64_t MostMissedSamples = 1000;

std::int64_t toCount(Instant instant)
{
    return instant.time_since_epoch().count();
}

} // namespace

/// The handlers of the innermost pass that ended while others went on inside them.
void LoopRecorder::popOver()
{
    const std::size_t least = isInPass() ? m_passes.top().frames : 0;
    while (m_frames.size() > least && (m_frames.top().isOver || !isInPass()))
        popFrame();
}

/// The innermost pass ends: so does what runs in it and has not told. What else is left belongs to other
/// stacks and can't be told apart any more.
void LoopRecorder::dropFramesOfPass()
{
    while (m_frames.size() > m_passes.top().frames) {
        const Frame &frame = m_frames.top();
        if (frame.isUntold && !frame.isOver)
            finish(frame, false);
        popFrame();
    }
}

void LoopRecorder::openBatch()
{
    beginHandler(HandlerKind::PostedBatch, {});
    *m_pendingBatch = topHandler();
    m_pendingBatch = nullptr;
}

bool LoopRecorder::isOfBatch(const void *at)
{
    if (m_pendingBatch && !isInHandler())
        openBatch(); // an event whose wake-up has not been counted yet
    if (!isInHandler())
        return false;
    Frame &frame = m_frames.top();
    if (frame.kind != HandlerKind::PostedBatch)
        return frame.isUntold && frame.mark.isAt(at);
    if (!frame.deliveries)
        frame.deliveries = at;
    return frame.deliveries == at;
}

void LoopRecorder::beginUntold(HandlerKind kind, const Subject &subject, const StackMark &mark)
{
    if (isInUntold()) {
        readClock();
        finish(m_frames.top(), false);
        popFrame();
    }
    beginHandler(kind, subject);
    m_frames.top().mark = mark;
    m_frames.top().isUntold = true;
}

void LoopRecorder::endIfOver(const void *here)
{
    if (!StackRange::ofThisThread().contains(here) || m_frames.top().mark.isAlive(here))
        return;
    if (!passKind().ledByHand)
        readClock();
    finish(m_frames.top(), false);
    popFrame();
    publishActivity();
}

void LoopRecorder::beginHandler(HandlerKind kind, const Subject &subject)
{
    Frame &frame = pushFrame(kind, subject.id);
    if (kind == HandlerKind::PostedBatch) { // that has many
        frame.deliveries = nullptr;
    } else {
        const SubjectTable::Index index = subjectOf(kind, subject);
        setSubject(frame, index, m_subjects.receiver(index));
    }
    publishHandler(frame);
}

inline SubjectTable::Index LoopRecorder::subjectOf(HandlerKind kind, const Subject &subject)
{
    ReceiverTable &receivers = m_figures.receivers;
    const SubjectTable::Index known = m_subjects.beginKnown(kind, subject, receivers);
    if (known != SubjectTable::Unknown) [[likely]]
        return known;
    const HandlerFigures::Guard guard(m_figures); // others may have to make room
    return m_subjects.begin(kind, subject, receivers);
}

void LoopRecorder::beginTimer(const TimerTable::Firing &firing, Instant deadline, std::uint64_t key)
{
    beginHandler(HandlerKind::Timer, firing.subject);
    Frame &frame = m_frames.top();
    {
        const HandlerFigures::Guard guard(m_figures); // another timer may have to make room
        frame.timer = m_figures.timers.find(firing);
    }
    for (std::size_t outer = 0; outer + 1 < m_frames.size(); ++outer)
        m_frames.at(outer).isNotable = false; // the timer that made room may be theirs
    setTimer(frame, firing.interval, deadline);
    if (key != 0) {
        const std::uint32_t tenancy = m_subjects.tenancy(frame.subject);
        placeOf(key) = {key, m_figures.window.rowEnd(), frame.subject, tenancy, frame.receiver, frame.timer};
    }
}

bool LoopRecorder::beginKnownTimer(std::uint64_t key, std::int64_t id, Nanoseconds interval, Instant deadline)
{
    const KnownTimer &known = placeOf(key);
    if (known.key != key || m_now >= known.validUntil || !m_figures.timers.holds(known.timer) ||
        !m_subjects.beginAgain(known.subject, known.subjectTenancy, m_figures.receivers))
        return false;
    Frame &frame = pushFrame(HandlerKind::Timer, id);
    setSubject(frame, known.subject, known.receiver);
    frame.timer = known.timer;
    setTimer(frame, interval, deadline);
    publishHandler(frame);
    return true;
}

/// A timer of an interval.
void LoopRecorder::recordLateness(Frame &frame, Instant deadline)
{
    frame.lateness = std::max(m_now - deadline, Nanoseconds::zero());
    m_timerLateness.record(frame.lateness);
    if (frame.lateness > HandlerFigures::LongestNoted || frame.lateness >= frame.interval)
        frame.isNotable = false;
}

/// Behind the last handler of the pass that the one at \a index runs in.
std::size_t LoopRecorder::endOfPassAround(std::size_t index) const
{
    for (std::size_t pass = 0; pass < m_passes.size(); ++pass) {
        if (m_passes.at(pass).frames > index)
            return m_passes.at(pass).frames;
    }
    return m_frames.size();
}

void LoopRecorder::endHandler(Handle handle, bool repeats)
{
    if (handle.index + 1 == m_frames.size() && m_frames.top().serial == handle.serial &&
        !m_frames.top().isOver) [[likely]] {
        readClock();
        finish(m_frames.top(), repeats);
        popFrame();
        publishWhatGoesOn();
        return;
    }
    if (!holds(m_frames, handle))
        return;
    readClock();
    for (std::size_t inside = handle.index + 1; inside < endOfPassAround(handle.index); ++inside) {
        Frame &untold = m_frames.at(inside);
        if (untold.isUntold && !untold.isOver)
            finish(untold, false);
        untold.isOver = untold.isOver || untold.isUntold;
    }
    Frame &frame = m_frames.at(handle.index);
    finish(frame, repeats);
    frame.isOver = true;
    publishWhatGoesOn();
}

/// After something has ended.
void LoopRecorder::publishWhatGoesOn()
{
    if (!m_frames.isEmpty()) {
        popOver();
        if (!m_frames.isEmpty())
            publishRunning(m_frames.top());
    }
    publishActivity();
}

/// A handler that cannot be noted.
void LoopRecorder::finishSlowly(const Frame &frame, bool repeats)
{
    const Nanoseconds own = std::max(ownTime(frame), Nanoseconds::zero());
    const auto kind = static_cast<std::size_t>(frame.kind);
    {
        const HandlerFigures::Guard guard(m_figures);
        m_figures.handlerTime[kind].record(own);
        m_figures.window.add(kind, 1);
        if (frame.hasReceiver)
            m_figures.receivers.record(frame.receiver, own);
        if (frame.isTimer) {
            m_figures.timers.fire(frame.timer, frame.id, frame.lateness);
            m_figures.timers.record(frame.timer, own);
        }
        m_figures.append(journalRecord(frame));
    }
    if (frame.isTimer && repeats && frame.interval > Nanoseconds::zero() && frame.lateness >= frame.interval)
        recordMissedTicks(frame);
    if (m_now - frame.start > stallThreshold() / NotedPart)
        judgeLongHandler(frame);
}

/// Whoever waits for the ticks of a timer that comes late waits in vain for those that it skips, too: each
/// counts as late as it would have been at this moment (the correction for coordinated omission).
void LoopRecorder::recordMissedTicks(const Frame &frame)
{
    const std::int64_t missed = frame.lateness / frame.interval;
    m_missedTicks.add(static_cast<std::uint64_t>(missed));
    const std::int64_t stride = (missed + MostMissedSamples - 1) / MostMissedSamples;
    for (std::int64_t tick = 1; tick <= missed; tick += stride) {
        const std::int64_t weight = std::min(stride, missed - tick + 1);
        m_timerLateness.record(frame.lateness - frame.interval * tick, static_cast<std::uint64_t>(weight));
    }
}

StallList::Record LoopRecorder::recordOf(const Frame &frame, Nanoseconds duration) const
{
    StallList::Record record;
    record.duration = duration.count();
    record.id = frame.id;
    record.kind = static_cast<std::uint64_t>(frame.kind);
    if (frame.hasReceiver) {
        record.className = m_figures.receivers.className(frame.receiver);
        record.objectName = m_subjects.objectName(frame.subject);
    }
    return record;
}

/// A pass that is too long gets its culprit named: remembers who may be it.
void LoopRecorder::noteLongest(const Frame &frame, Nanoseconds duration)
{
    StallList::Record &longest = m_passes.top().longest;
    const bool isSumOfNamed = frame.kind == HandlerKind::PostedBatch &&
                              longest.kind == static_cast<std::uint64_t>(HandlerKind::PostedEvent);
    if (duration.count() > longest.duration && !isSumOfNamed)
        longest = recordOf(frame, duration);
}

void LoopRecorder::judgeLongHandler(const Frame &frame)
{
    m_hadLongHandler = true;
    Unserved unserved = frame.unserved;
    if (frame.isLeaf)
        unserved.begin(frame.start);
    unserved.end(m_now);
    const Nanoseconds threshold = stallThreshold();
    if (unserved.longest * NotedPart > threshold && !m_passes.isEmpty())
        noteLongest(frame, unserved.longest);
    if (unserved.longest > threshold && m_stalls.count() == frame.stallsBefore)
        appendStall(recordOf(frame, unserved.longest), unserved.longestSince);
}

void LoopRecorder::judgePass(const Pass &pass)
{
    if (m_stalls.count() != pass.stallsBefore)
        return;
    StallList::Record record = pass.longest;
    record.duration = pass.unserved.longest.count();
    record.wholePass = 1;
    appendStall(record, pass.unserved.longestSince);
}

/// Unless the machine slept meanwhile.
void LoopRecorder::appendStall(StallList::Record record, Instant start)
{
    if (checkSuspend() || m_suspendNoticed >= start)
        return;
    const auto wall = std::chrono::system_clock::now() - (m_now - start);
    record.began = toCount(start);
    record.beganWall = std::chrono::duration_cast<Nanoseconds>(wall.time_since_epoch()).count();
    m_stalls.append(record);
}

} // namespace Flywheel
