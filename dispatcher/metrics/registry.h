// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/stallstacks.h"

#include <flywheel/metrics.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace Flywheel {

/// What the registry knows about a loop. Any thread may call all functions, also after the loop has ended.
class RegisteredLoop
{
public:
    virtual ~RegisteredLoop() = default;
    virtual LoopSnapshot snapshot(const SnapshotOptions &options) const = 0;
    /// Returns nothing if the loop does not stall or does not record.
    virtual std::optional<Stall> ongoingStall() const = 0;
    virtual std::chrono::nanoseconds stallThreshold() const = 0;
    /// Since when, on the monotonic clock, the loop has served nothing else; nothing if it waits or does not
    /// record.
    virtual std::optional<std::chrono::nanoseconds> busySince() const { return std::nullopt; }
    /// The system's number of the loop's thread; 0 if not known.
    virtual std::uint64_t threadId() const { return 0; }
    /// The last handlers, at most so many as \a most. Returns nothing if the loop has not recorded yet.
    virtual std::optional<LoopHandlers> recentHandlers(std::size_t /*most*/) const { return std::nullopt; }

    /// Called before and after a fork(2). No other thread is inside this object between the two calls, so the
    /// child finds it whole.
    virtual void lockForFork() {}
    virtual void unlockAfterFork(bool /*inChild*/) {}
    /// True if the loop's thread stayed behind in the parent.
    virtual bool isLost() const { return false; }

    /// What the watchdog has seen of the loop's stalls.
    StallStacks stacks;
};

/// Functions by which a publisher of the loops learns of changes. Each is called in the thread in which the
/// change happens.
struct ProcessHooks
{
    void (*threadStarts)() = nullptr; ///< a thread with a loop is about to start
    void (*forked)() = nullptr;       ///< the first pass of a loop in the child of a fork(2) begins
};

/// Sets the hooks of the one publisher. The functions must stay valid until the process ends.
FLYWHEEL_EXPORT void setProcessHooks(const ProcessHooks &hooks);
void tellThatThreadStarts();
void tellOfFork();

/// All loops of the process. Its lock is held while a loop comes or goes and while the list is copied, never
/// while a loop runs. After a fork(2), the child's registry contains only the loop of the thread that forked.
class Registry
{
public:
    static Registry &instance();

    void add(std::shared_ptr<RegisteredLoop> loop);
    void remove(const RegisteredLoop *loop);
    void setEndHandler(LoopEndHandler handler);
    /// Returns the loops in the order in which they came.
    std::vector<std::shared_ptr<RegisteredLoop>> loops();
    /// Changes whenever a loop comes or goes.
    std::uint64_t version() const { return m_version.load(std::memory_order_acquire); }

    /// Called before and after a fork(2), for the registry and its loops.
    void lockForFork();
    void unlockAfterFork(bool inChild);

private:
    Registry() = default;
    void dropLost();

    std::atomic<std::uint64_t> m_version{1};
    std::mutex m_mutex;
    bool m_hasLost = false; ///< it contains loops that stayed behind in the parent
    std::vector<std::shared_ptr<RegisteredLoop>> m_loops;
    LoopEndHandler m_endHandler;
};

} // namespace Flywheel
