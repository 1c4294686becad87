// SPDX-License-Identifier: MIT
// What a LoopRecorder notes of handlers: their time, their culprits, and stalls.
#include "metrics/looprecorder.h"

#include <algorithm>

namespace Flywheel {

namespace {

/// So many samples at most stand for the ticks that a late timer missed.
constexpr std::int64_t MostMissedSamples = 1000;

std::int64_t toCount(Instant instant) { return instant.time_since_epoch().count(); }

} // namespace

LoopRecorder::Frame &LoopRecorder::pushFrame(HandlerKind kind, const Subject &subject)
{
    Frame &frame = m_frames.emplace_back();
    frame.kind = kind;
    frame.start = m_now;
    frame.nestedBefore = m_nested;
    frame.stallsBefore = m_stalls.count();
    frame.id = subject.id;
    frame.objectName.assign(subject.objectName);
    frame.hasReceiver = kind != HandlerKind::PostedBatch; // a batch has many
    if (frame.hasReceiver)
        frame.receiver = m_receivers.pin(subject.className, kind);
    publishTop(frame);
    publishActivity();
    return frame;
}

void LoopRecorder::popFrame()
{
    if (m_frames.back().hasReceiver)
        m_receivers.unpin(m_frames.back().receiver);
    m_frames.pop_back();
}

void LoopRecorder::publishTop(const Frame &frame)
{
    m_top.store({frame.id, static_cast<std::uint32_t>(frame.kind), frame.receiver, frame.objectName});
}

/// Tells other threads what the loop is at, as if it had begun without its nested loops.
void LoopRecorder::publishActivity()
{
    Activity activity = Activity::None;
    Nanoseconds own{};
    if (!m_passes.empty() && m_frames.size() > m_passes.back().frames) {
        activity = Activity::Handler;
        own = ownTime(m_frames.back());
    } else if (!m_passes.empty()) {
        activity = Activity::Pass;
        own = ownTime(m_passes.back());
    }
    m_activity.store(toCount(m_now - own) << 2 | static_cast<std::int64_t>(activity),
                     std::memory_order_release);
}

void LoopRecorder::beginHandler(HandlerKind kind, const Subject &subject) { pushFrame(kind, subject); }

void LoopRecorder::beginTimer(const Subject &subject, Nanoseconds interval, Qt::TimerType type,
                              Instant deadline)
{
    Frame &frame = pushFrame(HandlerKind::Timer, subject);
    frame.isTimer = true;
    frame.interval = interval;
    if (interval > Nanoseconds::zero()) {
        frame.lateness = std::max(m_now - deadline, Nanoseconds::zero());
        m_timerLateness.record(frame.lateness);
    }
    frame.timer = m_timers.fire({subject, interval, type, frame.lateness});
}

void LoopRecorder::endHandler(bool repeats)
{
    readClock();
    const Frame &frame = m_frames.back();
    const Nanoseconds own = ownTime(frame);
    const auto kind = static_cast<std::size_t>(frame.kind);
    m_handlerTime[kind].record(own);
    m_totals[kind].add(1);
    m_window.add(kind, 1);
    if (frame.hasReceiver)
        m_receivers.record(frame.receiver, own);
    if (frame.isTimer)
        m_timers.record(frame.timer, own);
    if (repeats && frame.interval > Nanoseconds::zero() && frame.lateness >= frame.interval)
        recordMissedTicks(frame);
    judgeHandler(frame, own);
    if (!m_passes.empty())
        ++m_passes.back().handlers;
    popFrame();
    if (!m_frames.empty())
        publishTop(m_frames.back());
    publishActivity();
}

void LoopRecorder::abandonHandler() { popFrame(); }

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

StallList::Record LoopRecorder::recordOf(const Frame &frame, Nanoseconds own) const
{
    StallList::Record record;
    record.duration = own.count();
    record.id = frame.id;
    record.kind = static_cast<std::uint64_t>(frame.kind);
    if (frame.hasReceiver)
        record.className = m_receivers.className(frame.receiver);
    record.objectName = frame.objectName;
    return record;
}

/// A pass that is too long gets its culprit named: remembers who may be it.
void LoopRecorder::noteLongest(const Frame &frame, Nanoseconds own)
{
    StallList::Record &longest = m_passes.back().longest;
    const bool isSumOfNamed = frame.kind == HandlerKind::PostedBatch &&
                              longest.kind == static_cast<std::uint64_t>(HandlerKind::PostedEvent);
    if (own.count() > longest.duration && !isSumOfNamed)
        longest = recordOf(frame, own);
}

void LoopRecorder::judgeHandler(const Frame &frame, Nanoseconds own)
{
    const Nanoseconds threshold = stallThreshold();
    if (own * 16 > threshold && !m_passes.empty())
        noteLongest(frame, own);
    if (own > threshold && m_stalls.count() == frame.stallsBefore)
        appendStall(recordOf(frame, own), frame.start);
}

void LoopRecorder::judgePass(const Pass &pass, Nanoseconds own)
{
    if (m_stalls.count() != pass.stallsBefore)
        return;
    StallList::Record record = pass.longest;
    record.duration = own.count();
    record.wholePass = 1;
    appendStall(record, pass.start);
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
