// SPDX-License-Identifier: MIT
#include "metrics/registry.h"

#include "platform/forkcounter.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Flywheel {

namespace {

std::atomic<void (*)()> s_threadStarts{nullptr};
std::atomic<void (*)()> s_forked{nullptr};

// When the library is loaded, so before those of libraries that use it: a thread of theirs that keeps a fork
// waiting may wait for one of these locks, and they are taken in the reverse order.
const bool s_guarded = guardForks({.before = [] { Registry::instance().lockForFork(); },
                                   .inParent = [] { Registry::instance().unlockAfterFork(false); },
                                   .inChild = [] { Registry::instance().unlockAfterFork(true); }});

} // namespace

Registry &Registry::instance()
{
    // Never destroyed: threads may outlive static objects.
    static Registry *const registry = new Registry;
    return *registry;
}

void Registry::add(std::shared_ptr<RegisteredLoop> loop)
{
    const std::lock_guard lock(m_mutex);
    dropLost();
    m_loops.push_back(std::move(loop));
    m_version.fetch_add(1, std::memory_order_release);
}

void Registry::remove(const RegisteredLoop *loop)
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

void Registry::lockForFork()
{
    m_mutex.lock();
    for (const std::shared_ptr<RegisteredLoop> &loop : m_loops) {
        loop->lockForFork();
        loop->stacks.lockForFork();
    }
}

/// In the child this runs in its only thread, within fork(2): what takes memory waits for dropLost().
void Registry::unlockAfterFork(bool inChild)
{
    for (const std::shared_ptr<RegisteredLoop> &loop : m_loops) {
        loop->stacks.unlockAfterFork();
        loop->unlockAfterFork(inChild);
        m_hasLost = m_hasLost || loop->isLost();
    }
    if (inChild)
        m_version.fetch_add(1, std::memory_order_release);
    m_mutex.unlock();
}

/// Under the lock. Such a loop never ends, and what waits in it is not ours to destroy: it is forgotten.
void Registry::dropLost()
{
    if (!std::exchange(m_hasLost, false))
        return;
    const auto lost = std::stable_partition(m_loops.begin(), m_loops.end(),
                                            [](const auto &loop) { return !loop->isLost(); });
    static std::vector<std::shared_ptr<RegisteredLoop>> *const s_forgotten =
        new std::vector<std::shared_ptr<RegisteredLoop>>;
    s_forgotten->insert(s_forgotten->end(), std::make_move_iterator(lost),
                        std::make_move_iterator(m_loops.end()));
    m_loops.erase(lost, m_loops.end());
}

void setProcessHooks(const ProcessHooks &hooks)
{
    s_threadStarts.store(hooks.threadStarts, std::memory_order_release);
    s_forked.store(hooks.forked, std::memory_order_release);
}

void tellThatThreadStarts()
{
    if (void (*const hook)() = s_threadStarts.load(std::memory_order_acquire))
        hook();
}

void tellOfFork()
{
    if (void (*const hook)() = s_forked.load(std::memory_order_acquire))
        hook();
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

std::vector<std::shared_ptr<RegisteredLoop>> Registry::loops()
{
    const std::lock_guard lock(m_mutex);
    dropLost();
    return m_loops;
}

std::vector<LoopHandlers> recentHandlers(std::size_t most)
{
    std::vector<LoopHandlers> result;
    for (const std::shared_ptr<RegisteredLoop> &loop : Registry::instance().loops()) {
        if (std::optional<LoopHandlers> handlers = loop->recentHandlers(most))
            result.push_back(std::move(*handlers));
    }
    std::ranges::sort(result, {}, &LoopHandlers::loopId);
    return result;
}

std::vector<LoopSnapshot> snapshots(const SnapshotOptions &options)
{
    std::vector<LoopSnapshot> result;
    for (const std::shared_ptr<RegisteredLoop> &loop : Registry::instance().loops())
        result.push_back(loop->snapshot(options));
    // Loops register when they first run, which need not be the order in which they got their ids.
    std::ranges::sort(result, {}, &LoopSnapshot::loopId);
    return result;
}

} // namespace Flywheel
