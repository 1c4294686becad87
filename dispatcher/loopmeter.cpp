// SPDX-License-Identifier: MIT
#include "loopmeter.h"

#include "probe/depthprobe.h"
#include "receiver.h"

#include <QtCore/qsocketnotifier.h>

namespace Flywheel {

void PassMeter::begin()
{
    recorder()->beginPass(m_inExec);
}

void PassMeter::doRecordState(std::uint64_t timers, std::uint64_t notifiers)
{
    core().recordWakeUps(*recorder());
    recorder()->recordDepths(core().tasks.depth(), timers, notifiers);
    if (const ProbePostedDepthFunction postedDepth = postedDepthProbe())
        recorder()->recordPostedDepth(postedDepth());
}

std::optional<Instant> WaitMeter::doEnd(std::size_t ready)
{
    LoopRecorder &recorder = *this->recorder();
    recorder.recordReady(ready);
    if (m_blocks)
        recorder.endWait();
    else if (ready > 0)
        recorder.readClock(); // what the poll took is not its first notifier's
    else
        return std::nullopt;
    return recorder.now();
}

void BatchMeter::begin()
{
    m_open = true;
    recorder()->beginHandler(HandlerKind::PostedBatch, {});
}

void HandlerMeter::beginNotifier(const QSocketNotifier *notifier)
{
    const Receiver receiver(*notifier, notifier->socket());
    recorder()->beginHandler(HandlerKind::Notifier, receiver.subject());
}

void HandlerMeter::beginEvent(HandlerKind kind, const QObject *object, int eventType)
{
    const Receiver receiver(*object, eventType);
    recorder()->beginHandler(kind, receiver.subject());
}

void HandlerMeter::beginTask(const TaskQueue::Taken &task)
{
    Subject subject;
    subject.className = "(task)";
    if (task.posted != Immediately)
        recorder()->recordTaskLatency(task.posted, task.weight);
    recorder()->beginHandler(HandlerKind::Task, subject);
}

void HandlerMeter::beginTimer(const TimerQueue::Due &due)
{
    LoopRecorder &recorder = *this->recorder();
    const std::uint64_t key = (std::uint64_t(due.handle.generation) << 32 | due.handle.index) + 1;
    if (recorder.beginKnownTimer(key, due.id, due.interval, due.deadline))
        return;
    if (due.object) {
        const Receiver receiver(*due.object, due.id);
        recorder.beginTimer({receiver.subject(), due.interval, due.type}, due.deadline, key);
    } else {
        static const char timeouts = 0;
        Subject subject;
        subject.className = "(timeout)";
        subject.id = due.id;
        subject.identity = &timeouts;
        recorder.beginTimer({subject, due.interval, due.type}, due.deadline, key);
    }
}

} // namespace Flywheel
