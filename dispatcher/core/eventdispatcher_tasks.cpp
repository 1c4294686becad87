// SPDX-License-Identifier: MIT
// The loop's own lanes: tasks and timeouts.
#include "core/eventdispatcher_p.h"

#include "base/logging.h"
#include "depthprobe/depthprobe.h"
#include "hooks/eventhook.h"

#include <QtCore/qcoreapplication.h>

namespace Flywheel {

namespace {

thread_local EventDispatcherPrivate *t_current = nullptr;

} // namespace

EventDispatcherPrivate *EventDispatcherPrivate::current()
{
    return t_current;
}

Loop Loop::current()
{
    const EventDispatcherPrivate *const loop = EventDispatcherPrivate::current();
    return loop ? Loop(loop->core) : Loop();
}

EventDispatcherPrivate::~EventDispatcherPrivate()
{
    core->close();
    if (t_current == this)
        t_current = nullptr;
}

void EventDispatcherPrivate::configure(const Options &wanted)
{
    options = wanted;
    core->setStallThreshold(options.stallThreshold);
    core->setMetricsEnabled(options.metrics);
    if (options.metrics) {
        hookEvents(); // if Qt refuses, posted events are known by their batches only
        tryDepthProbe();
    }
}

void EventDispatcherPrivate::enterThread(QThread *thread)
{
    m_entered = true;
    const QCoreApplication *const application = QCoreApplication::instance();
    m_notesOwners = !application || application->thread() != thread;
    t_current = this;
    core->enter(thread);
}

/// Those that were queued when it began; what they post waits for the next pass.
int EventDispatcherPrivate::runTasks()
{
    if (core->tasks.isEmpty())
        return 0;
    int run = 0;
    const TaskQueue::Limit limit = core->tasks.beginBatch();
    TaskQueue::Taken taken;
    while (core->tasks.takeNext(limit, taken)) {
        const HandlerMeter meter(*core, taken);
        ++run;
        InlineTask task = std::move(taken.task); // an exception destroys it here
        task();
    }
    return run;
}

TimeoutHandle EventDispatcherPrivate::startTimeout(Nanoseconds delay, bool repeats, InlineTask &&task)
{
    const SlotHandle handle = m_timeouts.add(std::move(task), repeats);
    timers.insert(TimeoutPool::idOf(handle.index), std::max(delay, Nanoseconds::zero()), Qt::PreciseTimer,
                  nullptr, clock(), nesting);
    publishTimeouts();
    return {core->id(), handle.index, handle.generation};
}

bool EventDispatcherPrivate::clearTimeout(TimeoutHandle handle)
{
    const SlotHandle slot{handle.index, handle.generation};
    if (handle.loop != core->id() || !m_timeouts.isAlive(slot))
        return false;
    timers.remove(TimeoutPool::idOf(handle.index));
    m_timeouts.remove(slot);
    publishTimeouts();
    return true;
}

void EventDispatcherPrivate::fireTimeout(const TimerQueue::Due &due)
{
    const std::uint32_t index = TimeoutPool::indexOf(due.id);
    if (!m_timeouts.repeats(index))
        timers.remove(due.id);
    m_timeouts.run(index);
    publishTimeouts();
}

void EventDispatcherPrivate::publishTimeouts()
{
    core->timeoutsUsed.set(m_timeouts.used());
    core->timeoutsCapacity.set(m_timeouts.capacity());
}

TimeoutHandle Detail::startTimeout(std::chrono::nanoseconds delay, bool repeats, InlineTask &&task)
{
    if (EventDispatcherPrivate *const loop = EventDispatcherPrivate::current())
        return loop->startTimeout(delay, repeats, std::move(task));
    qCWarning(lcDispatcher,
              "Flywheel::setTimeout: this thread does not run on Flywheel; call Flywheel::install() before "
              "it starts");
    return {};
}

bool clear(TimeoutHandle handle)
{
    EventDispatcherPrivate *const loop = EventDispatcherPrivate::current();
    return loop && loop->clearTimeout(handle);
}

} // namespace Flywheel
