// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/looprecorder.h"

#include <QtCore/qglobal.h>

#include <algorithm>

/// The small steps of a LoopRecorder that run for each handler. They are inlined: as calls they would cost
/// more than what they do.
namespace Flywheel {

Q_ALWAYS_INLINE LoopRecorder::Frame &LoopRecorder::pushFrame(HandlerKind kind, std::int64_t id)
{
    if (isInUntold()) [[unlikely]] {
        const char here = 0;
        endIfOver(&here);
    }
    Frame &frame = m_frames.push();
    frame.start = m_now;
    frame.id = id;
    frame.stallsBefore = m_stalls.count();
    frame.serial = ++m_serial;
    frame.kind = kind;
    frame.isOver = false;
    frame.hasReceiver = false;
    frame.isTimer = false;
    frame.isUntold = false;
    frame.isLeaf = true;
    frame.isNotable = true;
    return frame;
}

Q_ALWAYS_INLINE void LoopRecorder::setSubject(Frame &frame, SubjectTable::Index subject,
                                              ReceiverTable::Index receiver)
{
    frame.hasReceiver = true;
    frame.subject = subject;
    frame.receiver = receiver;
    if (!SubjectTable::canBeRecorded(subject))
        frame.isNotable = false;
}

/// After frame.timer was set.
Q_ALWAYS_INLINE void LoopRecorder::setTimer(Frame &frame, Nanoseconds interval, Instant deadline)
{
    frame.isTimer = true;
    frame.interval = interval;
    frame.lateness = {};
    if (interval != Nanoseconds::zero())
        recordLateness(frame, deadline);
}

Q_ALWAYS_INLINE void LoopRecorder::publishRunning(const Frame &frame)
{
    const SubjectTable::Index subject = frame.hasReceiver ? frame.subject : Journaling::Others;
    m_journal.setRunning(subject, static_cast<std::uint32_t>(frame.kind), frame.id);
}

Q_ALWAYS_INLINE void LoopRecorder::publishHandler(const Frame &frame)
{
    publishRunning(frame);
    m_journal.setActivity(m_now, passKind().ledByHand ? Activity::None : Activity::Handler);
}

Q_ALWAYS_INLINE Journal::Record LoopRecorder::journalRecord(const Frame &frame)
{
    Journal::Record record;
    record.end = m_now.time_since_epoch().count();
    record.duration = static_cast<float>((m_now - frame.start).count());
    record.id = static_cast<std::int32_t>(frame.id);
    record.kind = static_cast<std::uint8_t>(frame.kind);
    record.depth = static_cast<std::uint8_t>(std::min<std::size_t>(m_passes.size(), Journaling::MostDepth));
    if (frame.hasReceiver)
        record.subject = static_cast<std::uint16_t>(m_subjects.forRecord(frame.subject));
    if (frame.isTimer) {
        record.lateness = static_cast<float>(frame.lateness.count());
        record.timer = static_cast<std::uint8_t>(frame.timer.index + 1);
    }
    return record;
}

/// Records a handler that ended at the last clock reading.
Q_ALWAYS_INLINE void LoopRecorder::finish(const Frame &frame, bool repeats)
{
    if (isInPass()) [[likely]] {
        ++m_passes.top().handlers;
        if (m_passes.top().passKind.ledByHand) [[unlikely]] {
            countUntimed(frame.kind);
            return;
        }
    }
    const std::int64_t limit = m_noteLimit.load(std::memory_order_relaxed);
    if (frame.isNotable && frame.isLeaf && (m_now - frame.start).count() <= limit) [[likely]]
        m_figures.note(journalRecord(frame));
    else
        finishSlowly(frame, repeats);
}

Q_ALWAYS_INLINE void LoopRecorder::popFrame()
{
    const Frame &frame = m_frames.top();
    if (frame.hasReceiver) {
        m_figures.receivers.unpin(frame.receiver);
        m_subjects.end(frame.subject);
    }
    m_frames.pop();
}

/// Tells other threads what the loop is at, and since when it has served nothing else.
Q_ALWAYS_INLINE void LoopRecorder::publishActivity()
{
    if (m_passes.isEmpty() || m_passes.top().passKind.ledByHand) // what goes on may be the program's own work
        m_journal.setActivity(m_now, Activity::None);
    else if (isInHandler())
        m_journal.setActivity(unservedSince(m_frames.top()), Activity::Handler);
    else
        m_journal.setActivity(m_passes.top().unserved.since, Activity::Pass);
}

} // namespace Flywheel
