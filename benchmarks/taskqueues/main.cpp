// SPDX-License-Identifier: MIT
// Compares queues that take the tasks of many threads for one: docs/decisions/0005-task-queue.md.
#include "barrier.h"
#include "heap.h"
#include "tasks/taskqueue.h"

#include <concurrentqueue.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>
#include <thread>
#include <vector>

using namespace Flywheel;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t Each = 20'000; ///< tasks of a producer in a round
constexpr int Rounds = 60;

/// Ours: chunks behind a mutex.
class Chunks
{
public:
    static constexpr const char *name = "chunks, mutex";

    explicit Chunks(int) : m_queue(steadyNow) {}
    void post(int, InlineTask &&task)
    {
        if (m_queue.post(std::move(task)) == TaskQueue::Posted::QueuedFirst)
            m_queue.endWake();
    }
    std::size_t run()
    {
        std::size_t run = 0;
        const TaskQueue::Limit limit = m_queue.beginBatch();
        TaskQueue::Taken taken;
        for (; m_queue.takeNext(limit, taken); ++run)
            taken.task();
        return run;
    }

private:
    TaskQueue m_queue;
};

/// The library's, as post() would use it: any thread may come, so there are no tokens of producers; a count
/// tells the poster that has to wake the loop, and gives the depth.
class LockFree
{
public:
    static constexpr const char *name = "moodycamel, lock-free";

    explicit LockFree(int producers)
        : m_queue(Each * static_cast<std::size_t>(producers))
        , m_consumer(m_queue)
    {
    }
    void post(int, InlineTask &&task)
    {
        m_queue.enqueue({std::move(task), Immediately});
        m_wakes += m_count.fetch_add(1) == 0;
    }
    std::size_t run()
    {
        const std::size_t before = m_run;
        while (const std::size_t count =
                   m_queue.try_dequeue_bulk(m_consumer, m_bulk.begin(), m_bulk.size())) {
            for (std::size_t i = 0; i < count; ++i) {
                InlineTask task = std::move(m_bulk[i].task);
                task();
                m_count.fetch_sub(1);
            }
            m_run += count;
        }
        return m_run - before;
    }

private:
    struct Entry
    {
        InlineTask task;
        Instant posted;
    };

    moodycamel::ConcurrentQueue<Entry> m_queue;
    moodycamel::ConsumerToken m_consumer;
    std::array<Entry, 64> m_bulk;
    std::size_t m_run = 0;
    alignas(64) std::atomic<std::int64_t> m_count{0};
    std::atomic<std::uint64_t> m_wakes{0};
};

double perTask(Clock::duration duration, int producers)
{
    const auto tasks = static_cast<double>(Each) * producers;
    return static_cast<double>(std::chrono::nanoseconds(duration).count()) / tasks;
}

struct Figures
{
    double post = std::numeric_limits<double>::max(); ///< ns a task, all producers at once, nobody takes
    double run = std::numeric_limits<double>::max();  ///< ns a task, taking and running what was posted
    double both = std::numeric_limits<double>::max(); ///< ns a task, producers and the taker at once
};

/// Rounds of producers that start and end together; the best one counts.
template <typename Queue>
Figures measure(int producers)
{
    Queue queue(producers);
    Figures best;
    Bench::Barrier sync(producers + 1);
    std::atomic<bool> done{false};
    std::vector<std::thread> threads;
    for (int producer = 0; producer < producers; ++producer) {
        threads.emplace_back([&, producer] {
            for (sync.arriveAndWait(); !done.load(); sync.arriveAndWait()) {
                for (std::size_t i = 0; i < Each; ++i)
                    queue.post(producer, InlineTask([] {}));
                sync.arriveAndWait();
            }
        });
    }
    const std::size_t all = Each * static_cast<std::size_t>(producers);
    for (int round = 0; round < Rounds; ++round) {
        const Clock::time_point begin = Clock::now();
        sync.arriveAndWait();
        std::size_t taken = 0;
        const bool atOnce = round % 2 == 1;
        while (atOnce && taken < all)
            taken += queue.run();
        sync.arriveAndWait();
        const Clock::time_point posted = Clock::now();
        while (taken < all)
            taken += queue.run();
        if (atOnce) {
            best.both = std::min(best.both, perTask(posted - begin, producers));
        } else {
            best.post = std::min(best.post, perTask(posted - begin, producers));
            best.run = std::min(best.run, perTask(Clock::now() - posted, producers));
        }
    }
    done = true;
    sync.arriveAndWait();
    for (std::thread &thread : threads)
        thread.join();
    return best;
}

/// Allocations of a poster in a queue that has seen its usual depth.
template <typename Queue>
double allocationsPerPost()
{
    Queue queue(1);
    const auto round = [&] {
        for (std::size_t i = 0; i < Each; ++i)
            queue.post(0, InlineTask([] {}));
        queue.run();
    };
    round();
    const auto before = Bench::allocationsOfThread();
    round();
    const auto after = Bench::allocationsOfThread();
    return static_cast<double>(*after - *before) / static_cast<double>(Each);
}

template <typename Queue>
void report()
{
    for (const int producers : {1, 4, 10}) {
        const Figures figures = measure<Queue>(producers);
        std::printf("%-22s %9d %8.1f %8.1f %8.1f\n", Queue::name, producers, figures.post, figures.run,
                    figures.both);
    }
    std::printf("%-22s allocations a post, warm: %g\n", Queue::name, allocationsPerPost<Queue>());
}

} // namespace

int main()
{
    std::printf("%-22s %9s %8s %8s %8s   (best of %d rounds, ns a task)\n", "queue", "producers", "post",
                "run", "both", Rounds / 2);
    report<Chunks>();
    report<LockFree>();
}
