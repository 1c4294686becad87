// SPDX-License-Identifier: MIT
// The watchdog thread that reports stalls while they are going on.
#include "metrics/registry.h"
#include "platform/forkcounter.h"
#include "platform/signalmask.h"

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
        std::map<const RegisteredLoop *, std::chrono::nanoseconds> ongoing;
        for (const std::shared_ptr<RegisteredLoop> &loop : Registry::instance().loops()) {
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
    std::map<const RegisteredLoop *, std::chrono::nanoseconds> m_reported; ///< by loop: when its stall began
};

class StallWatch
{
public:
    explicit StallWatch(StallHandler handler) : m_handler(std::move(handler))
    {
        const SignalsBlocked guard;
        m_thread = std::thread([this] { run(); });
    }

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

/// The watch of this process. In the child of a fork(2) the thread does not exist: the watch is forgotten
/// there, it cannot be ended.
class CurrentWatch
{
public:
    ~CurrentWatch() { end(); }

    void replace(StallHandler handler)
    {
        const std::lock_guard lock(m_mutex);
        end();
        if (!handler)
            return;
        m_watch = std::make_unique<StallWatch>(std::move(handler));
        m_processMark.renew();
    }

private:
    void end()
    {
        if (!m_processMark.isSameProcess())
            static_cast<void>(m_watch.release());
        m_watch.reset();
    }

    std::mutex m_mutex;
    std::unique_ptr<StallWatch> m_watch;
    ProcessMark m_processMark;
};

} // namespace

void setStallHandler(StallHandler handler)
{
    static CurrentWatch s_watch;
    s_watch.replace(std::move(handler));
}

} // namespace Flywheel
