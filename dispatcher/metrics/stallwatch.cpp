// SPDX-License-Identifier: MIT
// The watchdog thread that reports stalls while they are going on.
#include "metrics/registry.h"
#include "metrics/stallwitness.h"
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
/// A stall is longer than the threshold.
constexpr std::chrono::nanoseconds PastThreshold = std::chrono::microseconds(100);

/// Looks at all loops, and reports each ongoing stall once.
class Look
{
public:
    /// How long to wait until the next one: half the shortest threshold, or until something has become a
    /// stall.
    std::chrono::nanoseconds operator()(const StallHandler &handler)
    {
        const Nanoseconds now = steadyNow().time_since_epoch();
        const std::vector<std::shared_ptr<RegisteredLoop>> loops = Registry::instance().loops();
        // The first loop that comes is not to wait.
        Nanoseconds next = now + (loops.empty() ? Options().stallThreshold / 2 : LongestPeriod);
        std::map<const RegisteredLoop *, StallWitness> busy;
        std::map<const RegisteredLoop *, Nanoseconds> ongoing;
        for (const std::shared_ptr<RegisteredLoop> &loop : loops) {
            next = std::min(next, now + loop->stallThreshold() / 2);
            if (const std::optional<Nanoseconds> since = loop->busySince(); since && m_takesStacks) {
                StallWitness &witness = busy[loop.get()];
                if (auto known = m_witnesses.find(loop.get()); known != m_witnesses.end())
                    witness = std::move(known->second);
                next = std::min(next, witness.look(*loop, *since, m_taker) + PastThreshold);
            }
            if (const std::optional<Stall> stall = loop->ongoingStall(); stall && handler)
                report(*loop, *stall, ongoing, handler);
        }
        m_witnesses.swap(busy);
        m_reported.swap(ongoing);
        return std::max(next - steadyNow().time_since_epoch(), ShortestPeriod);
    }

private:
    void report(const RegisteredLoop &loop, const Stall &stall,
                std::map<const RegisteredLoop *, Nanoseconds> &ongoing, const StallHandler &handler)
    {
        ongoing[&loop] = stall.beganMonotonic;
        const auto reported = m_reported.find(&loop);
        if (reported != m_reported.end() && reported->second == stall.beganMonotonic)
            return;
        LoopSnapshot snapshot = loop.snapshot({});
        // With the stack, if it still goes on.
        const bool hasIt =
            snapshot.ongoingStall && snapshot.ongoingStall->beganMonotonic == stall.beganMonotonic;
        const Stall told = hasIt ? *snapshot.ongoingStall : stall;
        handler(snapshot, told);
    }

    const bool m_takesStacks = stackSamplingProblem().empty();
    StackTaker m_taker;
    std::map<const RegisteredLoop *, StallWitness> m_witnesses;
    std::map<const RegisteredLoop *, Nanoseconds> m_reported; ///< by loop: when its stall began
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
    /// Never destroyed: telemetry may call when static objects are gone. Its thread ends before them.
    static CurrentWatch &instance()
    {
        static auto *const s_watch = new CurrentWatch;
        static const EndAtExit s_end{*s_watch};
        return *s_watch;
    }

    void replace(StallHandler handler)
    {
        const std::lock_guard lock(m_mutex);
        forgetParents();
        end();
        m_handler = std::move(handler);
        begin();
    }

    void request(int change)
    {
        const std::lock_guard lock(m_mutex);
        forgetParents();
        m_requests = std::max(m_requests + change, 0);
        const bool isWanted = m_handler || m_requests > 0;
        if (!isWanted)
            end();
        else if (!m_watch)
            begin();
    }

private:
    struct EndAtExit
    {
        CurrentWatch &watch;
        ~EndAtExit() { watch.endForGood(); }
    };

    void endForGood()
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        end();
    }

    void forgetParents()
    {
        if (m_processMark.isSameProcess())
            return;
        static_cast<void>(m_watch.release());
        m_handler = {};
        m_requests = 0;
        m_processMark.renew();
    }

    void begin()
    {
        if (m_isOver)
            return;
        if (m_handler || (m_requests > 0 && stackSamplingProblem().empty()))
            m_watch = std::make_unique<StallWatch>(m_handler);
    }

    void end()
    {
        if (!m_processMark.isSameProcess())
            static_cast<void>(m_watch.release());
        m_watch.reset();
    }

    std::mutex m_mutex;
    StallHandler m_handler;
    int m_requests = 0;
    bool m_isOver = false; ///< the process ends
    std::unique_ptr<StallWatch> m_watch;
    ProcessMark m_processMark;
};

} // namespace

void setStallHandler(StallHandler handler)
{
    CurrentWatch::instance().replace(std::move(handler));
}

void watchStalls()
{
    CurrentWatch::instance().request(1);
}

void unwatchStalls()
{
    CurrentWatch::instance().request(-1);
}

} // namespace Flywheel
