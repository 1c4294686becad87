// SPDX-License-Identifier: MIT
#pragma once

#include "loads.h"

#include "timers/timerqueue.h"

namespace Flywheel::Bench {

/// The same loads for the whole TimerQueue, ids, objects and all; each timer has an object of its own.
template <>
class Loads<TimerQueue>
{
public:
    Loads(Deadlines kind, std::uint32_t count, Nanoseconds longest)
        : m_kind(kind)
        , m_intervals(kind, longest)
        , m_objects(count)
    {
    }

    void startAll()
    {
        for (std::uint32_t index = 0; index < m_objects.size(); ++index)
            start(index);
    }

    void stopAll()
    {
        for (std::uint32_t index = 0; index < m_objects.size(); ++index)
            m_queue.remove(idOf(index));
    }

    std::uint64_t restart(std::uint64_t operations)
    {
        for (std::uint64_t i = 0; i < operations; ++i) {
            restartOne();
            if (i % 16 == 0)
                m_sum += static_cast<std::uint64_t>(m_queue.nextDeadline().time_since_epoch().count());
        }
        return operations;
    }

    std::uint64_t look(std::uint64_t operations)
    {
        for (std::uint64_t i = 0; i < operations; ++i)
            m_sum +=
                static_cast<std::uint64_t>(m_queue.deadlineOf(idOf(anyIndex()))->time_since_epoch().count());
        return operations;
    }

    std::uint64_t fire(std::uint64_t firings, unsigned restarts)
    {
        std::uint64_t fired = 0;
        while (fired < firings) {
            m_now = std::max(m_now, m_queue.nextDeadline());
            const TimerQueue::Batch batch = m_queue.beginBatch(m_now);
            while (const std::optional<TimerQueue::Due> due = m_queue.takeDue(batch)) {
                ++fired;
                m_sum += reinterpret_cast<std::uintptr_t>(due->object);
                for (unsigned i = restarts; i > 0; --i)
                    restartOne();
                m_queue.finish(*due);
            }
        }
        return fired * (1 + restarts);
    }

    std::size_t otherBytes() const { return m_intervals.bytes() + m_objects.capacity() * sizeof(Object); }
    std::uint64_t sum() const { return m_sum; }

private:
    /// As large as a small QObject, so that addresses look like real ones.
    struct Object
    {
        char bytes[96];
    };

    static int idOf(std::uint32_t index) { return static_cast<int>(index) + 1; }
    std::uint32_t anyIndex() { return static_cast<std::uint32_t>(m_random() % m_objects.size()); }

    void start(std::uint32_t index)
    {
        const Qt::TimerType type = m_kind == Deadlines::Spread ? Qt::PreciseTimer : Qt::CoarseTimer;
        auto *const object = reinterpret_cast<QObject *>(&m_objects[index]);
        m_queue.insert(idOf(index), m_intervals.take(), type, object, m_now);
    }

    void restartOne()
    {
        const std::uint32_t index = anyIndex();
        m_queue.remove(idOf(index));
        start(index);
    }

    const Deadlines m_kind;
    Intervals m_intervals;
    std::vector<Object> m_objects;
    TimerQueue m_queue;
    std::minstd_rand m_random{1};
    Instant m_now{std::chrono::seconds(1000)};
    std::uint64_t m_sum = 0;
};

} // namespace Flywheel::Bench
