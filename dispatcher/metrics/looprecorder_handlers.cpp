// SPDX-License-Identifier: MIT
// What a LoopRecorder notes of handlers: their time, their culprits, and stalls.
#include "metrics/looprecorder.h"

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

LoopRecorder::Frame &LoopRecorder::pushFrame(HandlerKind kind, std::int64_t id)
{
    const char here = 0;
    endOver(&here);
    Frame &frame = m_frames.push();
    frame.kind = kind;
    frame.serial = ++m_serial;
    frame.isOver = false;
    frame.mark = {};
    frame.deliveries = nullptr;
    frame.start = m_now;
    frame.unserved.begin(m_now);
    frame.nestedBefore = m_nested;
    frame.stallsBefore = m_stalls.count();
    frame.isTimer = false;
    frame.lateness = {};
    frame.interval = {};
    frame.hasReceiver = kind != HandlerKind::PostedBatch; // a batch has many
    frame.top.id = id;
    frame.top.kind = static_cast<std::uint32_t>(kind);
    if (passKind().ledByHand)
        m_activity.store(pack(m_now, Activity::None), std::memory_order_release);
    else
        m_activity.store(pack(m_now, Activity::Handler), std::memory_order_release);
    return frame;
}

void LoopRecorder::popFrame()
{
    if (m_frames.top().hasReceiver)
        m_receivers.unpin(m_frames.top().top.receiver);
    m_frames.pop();
}

/// The handlers of the innermost pass that ended while others went on inside them.
void LoopRecorder::popOver()
{
    const std::size_t least = isInPass() ? m_passes.top().frames : 0;
    while (m_frames.size > least && (m_frames.top().isOver || !isInPass()))
        popFrame();
}

/// The innermost pass ends: so does what runs in it and has not told. What else is left belongs to other
/// stacks and can't be told apart any more.
void LoopRecorder::dropFramesOfPass()
{
    while (m_frames.size > m_passes.top().frames) {
        const Frame &frame = m_frames.top();
        if (frame.mark.isSet() && !frame.isOver)
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
        return frame.mark.isAt(at);
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

void LoopRecorder::publishTop(const Frame &frame)
{
    const std::size_t nameBytes = frame.top.objectName.length * sizeof(char16_t);
    m_top.store(frame.top, offsetof(Frame::Top, objectName) + sizeof(std::uint64_t) + nameBytes);
}

/// Tells other threads what the loop is at, and since when it has served nothing else.
void LoopRecorder::publishActivity()
{
    Activity activity = Activity::None;
    Instant since = m_now;
    if (passKind().ledByHand) {
        // What goes on may be the program's own work.
    } else if (isInHandler()) {
        activity = Activity::Handler;
        since = m_frames.top().unserved.since;
    } else if (!m_passes.isEmpty()) {
        activity = Activity::Pass;
        since = m_passes.top().unserved.since;
    }
    m_activity.store(pack(since, activity), std::memory_order_release);
}

void LoopRecorder::beginHandler(HandlerKind kind, const Subject &subject)
{
    Frame &frame = pushFrame(kind, subject.id);
    if (frame.hasReceiver)
        frame.top.receiver = m_receivers.pin(subject.className, kind);
    frame.top.objectName.assign(subject.objectName);
    publishTop(frame);
}

void LoopRecorder::beginTimer(const TimerTable::Firing &firing, Instant deadline, std::uint64_t key)
{
    beginHandler(HandlerKind::Timer, firing.subject);
    Frame &frame = m_frames.top();
    frame.isTimer = true;
    frame.interval = firing.interval;
    frame.lateness = recordLateness(firing.interval, deadline);
    frame.timer = m_timers.fire(firing, frame.lateness);
    if (key != 0)
        placeOf(key) = {key, m_window.rowEnd(), m_receivers.handle(frame.top.receiver), frame.timer};
}

bool LoopRecorder::beginKnownTimer(std::uint64_t key, std::int64_t id, Nanoseconds interval, Instant deadline)
{
    const KnownTimer &known = placeOf(key);
    if (known.key != key || m_now >= known.validUntil || !m_receivers.repin(known.receiver))
        return false;
    if (!m_timers.holds(known.timer)) {
        m_receivers.unpin(known.receiver.index);
        return false;
    }
    Frame &frame = pushFrame(HandlerKind::Timer, id);
    frame.isTimer = true;
    frame.interval = interval;
    frame.lateness = recordLateness(interval, deadline);
    frame.timer = known.timer;
    frame.top.receiver = known.receiver.index;
    const ObjectName &name = m_timers.objectName(known.timer);
    frame.top.objectName.assign({name.text.data(), name.length});
    m_timers.refire(known.timer, id, frame.lateness);
    publishTop(frame);
    return true;
}

Nanoseconds LoopRecorder::recordLateness(Nanoseconds interval, Instant deadline)
{
    if (interval == Nanoseconds::zero())
        return Nanoseconds::zero();
    const Nanoseconds lateness = std::max(m_now - deadline, Nanoseconds::zero());
    m_timerLateness.record(lateness);
    return lateness;
}

/// Behind the last handler of the pass that the one at \a index runs in.
std::size_t LoopRecorder::endOfPassAround(std::size_t index) const
{
    for (std::size_t pass = 0; pass < m_passes.size; ++pass) {
        if (m_passes.levels[pass].frames > index)
            return m_passes.levels[pass].frames;
    }
    return m_frames.size;
}

void LoopRecorder::endHandler(Handle handle, bool repeats)
{
    if (!holds(m_frames, handle))
        return;
    readClock();
    for (std::size_t inside = handle.index + 1; inside < endOfPassAround(handle.index); ++inside) {
        Frame &untold = m_frames.levels[inside];
        if (untold.mark.isSet() && !untold.isOver)
            finish(untold, false);
        untold.isOver = untold.isOver || untold.mark.isSet();
    }
    Frame &frame = m_frames.levels[handle.index];
    finish(frame, repeats);
    frame.isOver = true;
    popOver();
    if (!m_frames.isEmpty())
        publishTop(m_frames.top());
    publishActivity();
}

/// Records a handler that ended at the last clock reading.
void LoopRecorder::finish(const Frame &frame, bool repeats)
{
    if (isInPass())
        ++m_passes.top().handlers;
    if (passKind().ledByHand) {
        countUntimed(frame.kind);
        return;
    }
    const Nanoseconds own = std::max(ownTime(frame), Nanoseconds::zero());
    const auto kind = static_cast<std::size_t>(frame.kind);
    m_handlerTime[kind].record(own);
    m_window.add(kind, 1);
    if (frame.hasReceiver)
        m_receivers.record(frame.top.receiver, own);
    if (frame.isTimer)
        m_timers.record(frame.timer, own);
    if (repeats && frame.interval > Nanoseconds::zero() && frame.lateness >= frame.interval)
        recordMissedTicks(frame);
    judgeHandler(frame);
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
    record.id = frame.top.id;
    record.kind = static_cast<std::uint64_t>(frame.kind);
    if (frame.hasReceiver)
        record.className = m_receivers.className(frame.top.receiver);
    record.objectName = frame.top.objectName;
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

void LoopRecorder::judgeHandler(const Frame &frame)
{
    const Nanoseconds threshold = stallThreshold();
    Unserved unserved = frame.unserved;
    unserved.end(m_now);
    if (unserved.longest * 16 > threshold && !m_passes.isEmpty())
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
