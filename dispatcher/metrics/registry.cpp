// SPDX-License-Identifier: MIT
#include "metrics/registry.h"

#include <algorithm>

namespace Flywheel {

Registry &Registry::instance()
{
    // Never destroyed: threads may outlive static objects.
    static Registry *const registry = new Registry;
    return *registry;
}

void Registry::add(std::shared_ptr<ObservedLoop> loop)
{
    const std::lock_guard lock(m_mutex);
    m_loops.push_back(std::move(loop));
    m_version.fetch_add(1, std::memory_order_release);
}

void Registry::remove(const ObservedLoop *loop)
{
    LoopEndHandler handler;
    {
        const std::lock_guard lock(m_mutex);
        const auto removed =
            std::erase_if(m_loops, [loop](const auto &entry) { return entry.get() == loop; });
        m_version.fetch_add(1, std::memory_order_release);
        if (removed)
            handler = m_endHandler;
    }
    if (handler)
        handler(loop->snapshot({}));
}

void Registry::setEndHandler(LoopEndHandler handler)
{
    const std::lock_guard lock(m_mutex);
    m_endHandler = std::move(handler);
}

void setLoopEndHandler(LoopEndHandler handler)
{
    Registry::instance().setEndHandler(std::move(handler));
}

std::vector<std::shared_ptr<ObservedLoop>> Registry::loops() const
{
    const std::lock_guard lock(m_mutex);
    return m_loops;
}

std::vector<LoopSnapshot> snapshots(const SnapshotOptions &options)
{
    std::vector<LoopSnapshot> result;
    for (const std::shared_ptr<ObservedLoop> &loop : Registry::instance().loops())
        result.push_back(loop->snapshot(options));
    // Loops register when they first run, which need not be the order in which they got their ids.
    std::ranges::sort(result, {}, &LoopSnapshot::loopId);
    return result;
}

} // namespace Flywheel
