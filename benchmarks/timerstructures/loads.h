// SPDX-License-Identifier: MIT
#pragma once

#include "slots.h"

#include "timers/coarsetimer.h"

#include <array>
#include <cmath>
#include <random>

namespace Flywheel::Bench {

enum class Deadlines {
    Spread, ///< precise timers, 1 ms to 60 s, any nanosecond
    Shared, ///< coarse timers of a few usual intervals: many are due together
};

/// Random intervals, made beforehand.
class Intervals
{
public:
    Intervals(Deadlines kind, Nanoseconds longest) : m_values(4096)
    {
        static constexpr std::array Usual{50, 100, 250, 500, 1'000, 5'000, 10'000, 15'000};
        std::mt19937 random(1);
        std::uniform_real_distribution<double> exponent(6, std::log10(double(longest.count())));
        for (Nanoseconds &value : m_values) {
            if (kind == Deadlines::Spread)
                value = Nanoseconds(static_cast<std::int64_t>(std::pow(10, exponent(random))));
            else
                value =
                    std::min<Nanoseconds>(std::chrono::milliseconds(Usual[random() % Usual.size()]), longest);
        }
    }
    Nanoseconds take() { return m_values[m_next++ % m_values.size()]; }
    std::size_t bytes() const { return m_values.capacity() * sizeof(Nanoseconds); }

private:
    std::vector<Nanoseconds> m_values;
    std::size_t m_next = 0;
};

/// The loads of one structure. Each begins with \a count timers and returns how many operations it did; it
/// touches a timer's slot as TimerQueue does.
template <typename Structure>
class Loads
{
public:
    Loads(Deadlines kind, std::uint32_t count, Nanoseconds longest)
        : m_kind(kind)
        , m_count(count)
        , m_intervals(kind, longest)
        , m_slots(count)
        , m_structure(m_slots)
    {
    }

    void startAll()
    {
        for (std::uint32_t slot = 0; slot < m_count; ++slot)
            start(slot);
    }

    void stopAll()
    {
        for (std::uint32_t slot = 0; slot < m_count; ++slot)
            m_structure.remove(slot);
    }

    /// Stops and starts a random timer, as time-outs of connections do. A pass each 16 times.
    std::uint64_t restart(std::uint64_t operations)
    {
        for (std::uint64_t i = 0; i < operations; ++i) {
            restartOne();
            if (i % 16 == 0)
                m_sum += static_cast<std::uint64_t>(m_structure.next().time_since_epoch().count());
        }
        return operations;
    }

    /// Sleeps until the next deadline, fires what is due, restarts \a restarts random timers a firing.
    std::uint64_t fire(std::uint64_t firings, unsigned restarts)
    {
        std::uint64_t fired = 0;
        while (fired < firings) {
            m_now = std::max(m_now, m_structure.next());
            m_taken.clear();
            for (std::uint32_t slot; (slot = m_structure.takeDue(m_now)) != None; ++fired)
                m_taken.push_back(slot);
            for (const std::uint32_t slot : m_taken)
                start(slot);
            for (std::size_t i = m_taken.size() * restarts; i > 0; --i)
                restartOne();
        }
        return fired * (1 + restarts);
    }

    /// What is not the structure's.
    std::size_t otherBytes() const
    {
        return m_intervals.bytes() + m_taken.capacity() * sizeof(std::uint32_t) + m_count * sizeof(Payload);
    }

    /// So that no work can be left out.
    std::uint64_t sum() const { return m_sum; }

private:
    void start(std::uint32_t slot)
    {
        Payload &payload = m_slots[slot].payload;
        m_sum += payload.object + payload.generation;
        const Nanoseconds interval = m_intervals.take();
        payload.interval = static_cast<std::uint64_t>(interval.count());
        const Qt::TimerType type = m_kind == Deadlines::Spread ? Qt::PreciseTimer : Qt::CoarseTimer;
        m_structure.insert({planTimer(type, interval, m_now).deadline, m_order++, slot});
    }

    void restartOne()
    {
        const auto slot = static_cast<std::uint32_t>(m_random() % m_count);
        m_structure.remove(slot);
        start(slot);
    }

    const Deadlines m_kind;
    const std::uint32_t m_count;
    Intervals m_intervals;
    Slots<typename Structure::Node> m_slots;
    Structure m_structure;
    std::vector<std::uint32_t> m_taken;
    std::minstd_rand m_random{1};
    Instant m_now{std::chrono::seconds(1000)};
    std::uint32_t m_order = 0;
    std::uint64_t m_sum = 0;
};

} // namespace Flywheel::Bench
