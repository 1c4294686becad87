// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace Flywheel {

/// What the registry knows of a loop. All functions: any thread, also after the loop has ended.
class RegisteredLoop
{
public:
    virtual ~RegisteredLoop() = default;
    virtual LoopSnapshot snapshot(const SnapshotOptions &options) const = 0;
    /// Nothing if the loop does not stall, or does not record.
    virtual std::optional<Stall> ongoingStall() const = 0;
    virtual std::chrono::nanoseconds stallThreshold() const = 0;

    /// Around a fork(2): no other thread is inside this object meanwhile, so the child finds it whole.
    virtual void lockForFork() {}
    virtual void unlockAfterFork(bool /*inChild*/) {}
    /// Whether the loop's thread was left behind in the parent.
    virtual bool isLost() const { return false; }
};

/// What a publisher of the loops has to hear of. Called in the thread in which it happens.
struct ProcessHooks
{
    void (*threadStarts)() = nullptr; ///< a thread with a loop is about to start
    void (*forked)() = nullptr;       ///< the first pass of a loop in the child of a fork(2) begins
};

/// One publisher at a time; the hooks are functions for good.
FLYWHEEL_EXPORT void setProcessHooks(const ProcessHooks &hooks);
void tellThatThreadStarts();
void tellOfFork();

/// The loops of the process. Its lock is held while loops come and go and while the list is copied, never
/// while a loop runs. In the child of a fork(2) only the loop of the forking thread is left in it.
class Registry
{
public:
    static Registry &instance();

    void add(std::shared_ptr<RegisteredLoop> loop);
    void remove(const RegisteredLoop *loop);
    void setEndHandler(LoopEndHandler handler);
    /// In the order in which they came.
    std::vector<std::shared_ptr<RegisteredLoop>> loops();
    /// Changes whenever a loop comes or goes.
    std::uint64_t version() const { return m_version.load(std::memory_order_acquire); }

    /// Around a fork(2), for the registry and its loops.
    void lockForFork();
    void unlockAfterFork(bool inChild);

private:
    Registry() = default;
    void dropLost();

    std::atomic<std::uint64_t> m_version{1};
    std::mutex m_mutex;
    bool m_hasLost = false; ///< loops that have stayed behind in a parent
    std::vector<std::shared_ptr<RegisteredLoop>> m_loops;
    LoopEndHandler m_endHandler;
};

} // namespace Flywheel
