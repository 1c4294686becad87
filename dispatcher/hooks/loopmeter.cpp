// SPDX-License-Identifier: MIT
#include "hooks/loopmeter.h"

#include "depthprobe/depthprobe.h"
#include "hooks/receiver.h"

#include <QtCore/qsocketnotifier.h>

namespace Flywheel {

void PassMeter::doRecordState(bool woken, std::uint64_t timers, std::uint64_t notifiers)
{
    LoopCore &core = this->core();
    LoopRecorder &recorder = *this->recorder();
    core.recordWakeUps(recorder, woken);
    recorder.recordDepths(core.tasks.depth(), timers, notifiers);
    if (void *const queue = core.openPostedQueue()) {
        // An empty queue that nobody posted to is still empty: that spares its lock.
        const bool mayBeFilled = recorder.hasPosts() || recorder.postedDepth() != 0;
        recorder.recordPostedDepth(mayBeFilled ? postedDepth(queue) : 0);
    }
}

std::optional<Instant> WaitMeter::doEnd(std::size_t ready)
{
    LoopRecorder &recorder = *this->recorder();
    recorder.recordReady(ready);
    if (m_blocks)
        recorder.endWait();
    else if (ready > 0)
        recorder.readSystemClock(); // what the poll took is not its first notifier's
    else
        return std::nullopt;
    return recorder.now();
}

void HandlerMeter::beginNotifier(const QSocketNotifier *notifier)
{
    const Receiver receiver(*notifier, notifier->socket());
    recorder()->beginHandler(HandlerKind::Notifier, receiver.subject());
    m_handler = recorder()->topHandler();
}

void HandlerMeter::beginTask(const TaskQueue::Taken &task)
{
    Subject subject;
    subject.className = "(task)";
    if (task.posted != Immediately)
        recorder()->recordTaskLatency(task.posted, task.weight);
    recorder()->beginHandler(HandlerKind::Task, subject);
    m_handler = recorder()->topHandler();
}

void HandlerMeter::beginTimer(const TimerQueue::Due &due)
{
    LoopRecorder &recorder = *this->recorder();
    const std::uint64_t key = (std::uint64_t(due.handle.generation) << 32 | due.handle.index) + 1;
    if (!recorder.beginKnownTimer(key, due.id, due.interval, due.deadline))
        beginUnknownTimer(due, key);
    m_handler = recorder.topHandler();
}

void HandlerMeter::beginUnknownTimer(const TimerQueue::Due &due, std::uint64_t key)
{
    LoopRecorder &recorder = *this->recorder();
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
