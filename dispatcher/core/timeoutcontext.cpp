// SPDX-License-Identifier: MIT
// Timeouts that end with an object.
#include "core/eventdispatcher_p.h"

#include "base/logging.h"

#include <QtCore/qthread.h>

namespace Flywheel {

TimeoutHandle Detail::startTimeout(const QObject *context, std::chrono::nanoseconds delay, bool repeats,
                                   InlineTask &&task)
{
    if (context && context->thread() == QThread::currentThread())
        return startTimeout(delay, repeats, std::move(task));
    qCWarning(lcDispatcher, "Flywheel::%s: the context %s", repeats ? "setInterval" : "setTimeout",
              context ? "lives in another thread" : "is null");
    return {};
}

void Detail::endRunningInterval()
{
    EventDispatcherPrivate *const loop = EventDispatcherPrivate::current();
    const SlotHandle running = loop->runningTimeout();
    loop->clearTimeout({loop->steps.core->id(), running.index, running.generation});
}

} // namespace Flywheel
