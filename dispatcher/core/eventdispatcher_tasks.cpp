// SPDX-License-Identifier: MIT
// The loop's own lanes: tasks and timeouts.
#include "core/eventdispatcher_p.h"

#include "base/logging.h"
#include "depthprobe/depthprobe.h"
#include "hooks/eventhook.h"
#include "loop/metricswitch.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

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
    return loop ? Loop(loop->steps.core) : Loop();
}

EventDispatcherPrivate::~EventDispatcherPrivate()
{
    steps.core->close();
    if (t_current == this)
        t_current = nullptr;
}

void EventDispatcherPrivate::configure(const Options &wanted)
{
    options = wanted;
    options.metrics = recordsFromTheStart(wanted);
    steps.core->setStallThreshold(options.stallThreshold);
    steps.core->setRecentHandlers(options.recentHandlers);
    steps.core->setMetricsEnabled(options.metrics);
    if (options.metrics) {
        hookEvents(); // if Qt refuses, posted events are known by their batches only
        tryDepthProbe();
    }
}

void EventDispatcherPrivate::enterThread(QThread *thread)
{
    m_isInThread = true;
    const QCoreApplication *const application = QCoreApplication::instance();
    m_notesOwners = !application || application->thread() != thread;
    t_current = this;
    steps.core->enter(thread);
}

TimeoutHandle EventDispatcherPrivate::startTimeout(Nanoseconds delay, bool repeats, InlineTask &&task)
{
    const SlotHandle handle = steps.timeouts.add(std::move(task), repeats);
    steps.timers.insert(TimeoutPool::idOf(handle.index), std::max(delay, Nanoseconds::zero()),
                        Qt::PreciseTimer, nullptr, steps.clock(), steps.nesting);
    steps.publishTimeouts();
    return {steps.core->id(), handle.index, handle.generation};
}

bool EventDispatcherPrivate::clearTimeout(TimeoutHandle handle)
{
    const SlotHandle slot{handle.index, handle.generation};
    if (handle.loop != steps.core->id() || !steps.timeouts.isAlive(slot))
        return false;
    steps.timers.remove(TimeoutPool::idOf(handle.index));
    steps.timeouts.remove(slot);
    steps.publishTimeouts();
    return true;
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

bool clearTimeout(TimeoutHandle handle)
{
    EventDispatcherPrivate *const loop = EventDispatcherPrivate::current();
    return loop && loop->clearTimeout(handle);
}

} // namespace Flywheel
