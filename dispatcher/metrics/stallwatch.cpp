// SPDX-License-Identifier: MIT
// The watchdog thread that reports stalls while they are going on.
#include "metrics/registry.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <thread>

namespace Flywheel {

namespace {

constexpr std::chrono::nanoseconds ShortestPeriod = std::chrono::milliseconds(1);
constexpr std::chrono::nanoseconds LongestPeriod = std::chrono::milliseconds(500);

/// Looks at all loops and reports each ongoing stall once.
class Look
{
public:
    /// How long to wait until the next one: half the shortest threshold.
    std::chrono::nanoseconds operator()(const StallHandler &handler)
    {
        std::chrono::nanoseconds period = LongestPeriod;
        std::map<const ObservedLoop *, std::chrono::nanoseconds> ongoing;
        for (const std::shared_ptr<ObservedLoop> &loop : Registry::instance().loops()) {
            period = std::min(period, loop->stallThreshold() / 2);
            const std::optional<Stall> stall = loop->ongoingStall();
            if (!stall)
                continue;
            ongoing[loop.get()] = stall->beganMonotonic;
            const auto reported = m_reported.find(loop.get());
            if (reported == m_reported.end() || reported->second != stall->beganMonotonic)
                handler(loop->snapshot({}), *stall);
        }
        m_reported.swap(ongoing);
        return std::max(period, ShortestPeriod);
    }

private:
    std::map<const ObservedLoop *, std::chrono::nanoseconds> m_reported; ///< by loop: when its stall began
};

class StallWatch
{
public:
    explicit StallWatch(StallHandler handler) : m_handler(std::move(handler)), m_thread([this] { run(); }) {}

    ~StallWatch()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_done = true;
        }
        m_changed.notify_one();
        m_thread.join();
    }

private:
    void run()
    {
        Look look;
        std::unique_lock lock(m_mutex);
        while (!m_done) {
            lock.unlock();
            const std::chrono::nanoseconds period = look(m_handler);
            lock.lock();
            m_changed.wait_for(lock, period, [this] { return m_done; });
        }
    }

    const StallHandler m_handler;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_done = false;
    std::thread m_thread;
};

} // namespace

void setStallHandler(StallHandler handler)
{
    static std::mutex mutex;
    static std::unique_ptr<StallWatch> watch;
    const std::lock_guard lock(mutex);
    watch.reset();
    if (handler)
        watch = std::make_unique<StallWatch>(std::move(handler));
}

} // namespace Flywheel
