// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <atomic>
#include <memory>
#include <mutex>

namespace Flywheel {

/// What the registry knows of a loop. All functions: any thread, also after the loop has ended.
class ObservedLoop
{
public:
    virtual ~ObservedLoop() = default;
    virtual LoopSnapshot snapshot(const SnapshotOptions &options) const = 0;
    /// Nothing if the loop does not stall, or does not record.
    virtual std::optional<Stall> ongoingStall() const = 0;
    virtual std::chrono::nanoseconds stallThreshold() const = 0;
};

/// The loops of the process. Its lock is held while loops come and go and while the list is copied, never
/// while a loop runs.
class Registry
{
public:
    static Registry &instance();

    void add(std::shared_ptr<ObservedLoop> loop);
    void remove(const ObservedLoop *loop);
    void setEndHandler(LoopEndHandler handler);
    /// In the order in which they came.
    std::vector<std::shared_ptr<ObservedLoop>> loops() const;
    /// Changes whenever a loop comes or goes.
    std::uint64_t version() const { return m_version.load(std::memory_order_acquire); }

private:
    std::atomic<std::uint64_t> m_version{1};
    mutable std::mutex m_mutex;
    std::vector<std::shared_ptr<ObservedLoop>> m_loops;
    LoopEndHandler m_endHandler;
};

} // namespace Flywheel
