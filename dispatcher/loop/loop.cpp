// SPDX-License-Identifier: MIT
// How threads find each other's loops.
#include "loop/loopcore.h"

#include <flywheel/tasks.h>

#include <QtCore/qthread.h>

namespace Flywheel {

namespace {

/// The loop that this thread looked up last: posters mostly post to one.
struct LastFound
{
    const QThread *thread = nullptr;
    std::uint64_t registryVersion = 0;
    std::weak_ptr<LoopCore> core;
};

thread_local LastFound t_lastFound;

std::shared_ptr<LoopCore> findByThread(const QThread *thread)
{
    for (const std::shared_ptr<RegisteredLoop> &loop : Registry::instance().loops()) {
        auto core = std::static_pointer_cast<LoopCore>(loop); // there are no others
        // An observed loop is another dispatcher's: it takes no tasks.
        if (core->thread() == thread && core->mode() != Mode::Observed)
            return core;
    }
    return nullptr;
}

} // namespace

Loop Loop::of(const QThread *thread)
{
    const std::uint64_t version = Registry::instance().version();
    if (t_lastFound.thread != thread || t_lastFound.registryVersion != version)
        t_lastFound = {thread, version, findByThread(thread)};
    return Loop(t_lastFound.core.lock());
}

bool Detail::LoopAccess::post(const Loop &loop, InlineTask &&task)
{
    return loop.m_core && loop.m_core->post(std::move(task));
}

Loop Detail::LoopAccess::ofObject(const QObject *object)
{
    return object ? Loop::of(object->thread()) : Loop();
}

} // namespace Flywheel
