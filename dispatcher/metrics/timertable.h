// SPDX-License-Identifier: MIT
#pragma once

#include "base/cell.h"
#include "metrics/durationsum.h"
#include "metrics/subject.h"

#include <algorithm>

namespace Flywheel {

/// What single timers cost and how late they are: one writer, any number of readers, 128 entries in fixed
/// memory.
///
/// An entry stands for one object, interval and type, because QTimer gets a new id with each start. A set has
/// room for four timers. When a fifth one comes, the timer with the least weight makes room. Its figures go
/// to "(others)", and the new timer inherits its weight (the "space saving" sketch of Metwally, Agrawal and
/// El Abbadi, 2005). So all figures of a row belong to its timer, and the sum of all rows is right. A timer
/// that took more than a quarter of the time of all timers in its set has a row.
class TimerTable
{
public:
    /// A timer as it fires.
    struct Firing
    {
        Subject subject;
        Nanoseconds interval{};
        Qt::TimerType type = Qt::PreciseTimer;
    };
    struct Handle
    {
        std::uint32_t index;
        std::uint64_t tenancy;
    };

    // The writer's thread:

    /// Finds the timer's entry, or gives it one.
    Handle find(const Firing &firing) noexcept;
    /// Records a firing whose handler record() is to follow.
    void fire(Handle handle, std::int64_t id, Nanoseconds lateness) noexcept
    {
        if (holds(handle))
            count(m_entries[handle.index], id, lateness);
    }
    Handle fire(const Firing &firing, Nanoseconds lateness) noexcept
    {
        const Handle handle = find(firing);
        fire(handle, firing.subject.id, lateness);
        return handle;
    }
    /// True if the entry still belongs to the timer.
    bool holds(Handle handle) const noexcept { return m_entries[handle.index].tenancy == handle.tenancy; }
    /// Records firings and their handlers at once. \a id: of the last one. Entry number \a index must belong
    /// to the timer.
    void record(std::uint32_t index, std::int64_t id, const DurationSum &handlers) noexcept
    {
        Entry &entry = m_entries[std::min(index, Others)];
        entry.weight += FiringWeight * static_cast<std::int64_t>(handlers.count) + handlers.total;
        entry.id.set(id);
        entry.fired.add(handlers.count);
        entry.total.add(handlers.total);
        entry.max.raise(handlers.max);
    }
    /// Records how late one of these came.
    void recordLateness(std::uint32_t index, Nanoseconds lateness) noexcept
    {
        Entry &entry = m_entries[std::min(index, Others)];
        if (lateness > Nanoseconds::zero())
            countLateness(entry, lateness);
        else
            entry.lateness[0].add(1);
    }
    /// Does nothing if a nested loop gave the entry to another timer.
    void record(Handle handle, Nanoseconds duration) noexcept
    {
        if (holds(handle))
            add(m_entries[handle.index], duration);
    }
    void resetMaxima() noexcept;

    // Any thread:

    /// The most expensive timer first. Contains "(others)" if a timer had to make room.
    std::vector<TimerStats> snapshot() const;

private:
    static constexpr std::uint32_t Ways = 4;
    static constexpr std::uint32_t Sets = 32;
    /// Buckets of lateness: four for each power of two, from 1 us to 18 min.
    static constexpr std::uint32_t LatenessBuckets = 120;

    struct Identity
    {
        ClassName className;
        ObjectName objectName;
        std::int64_t interval = 0;
        std::int64_t type = 0;
    };
    struct Entry
    {
        // What each firing touches is in one line of the cache.
        alignas(64) Cell<std::int64_t> id;
        Cell<std::uint64_t> fired;
        Cell<std::int64_t> total;
        Cell<std::int64_t> max;
        Cell<std::int64_t> latenessTotal;
        Cell<std::int64_t> latenessMax;
        /// The writer's: nanoseconds in its handlers, what its firings weigh, and what it inherited; 0: free.
        std::int64_t weight = 0;
        std::uint64_t tenancy = 0; ///< the writer's
        std::array<Cell<std::uint32_t>, LatenessBuckets> lateness{};
        SeqSlot<Identity> published;
        // The writer's:
        Identity identity;
        const void *object = nullptr;
    };

    static constexpr std::uint32_t Others = Ways * Sets;
    /// Each firing adds to the weight, so that timers with very short handlers differ, too.
    static constexpr std::int64_t FiringWeight = 1000;

    static bool holds(const Entry &entry, const Firing &firing) noexcept;
    Entry &entryOf(const Firing &firing) noexcept;
    static void count(Entry &entry, std::int64_t id, Nanoseconds lateness) noexcept
    {
        entry.weight += FiringWeight;
        entry.id.set(id);
        entry.fired.add(1);
        if (lateness > Nanoseconds::zero())
            countLateness(entry, lateness);
        else
            entry.lateness[0].add(1);
    }
    static void add(Entry &entry, Nanoseconds duration) noexcept
    {
        entry.weight += duration.count();
        entry.total.add(duration.count());
        entry.max.raise(duration.count());
    }
    static void countLateness(Entry &entry, Nanoseconds lateness) noexcept;
    void evict(Entry &entry) noexcept;
    void takeOver(Entry &entry, const Firing &firing) noexcept;
    static std::uint32_t latenessBucket(Nanoseconds lateness) noexcept;
    static Nanoseconds latenessP99(const Entry &entry);
    static std::optional<TimerStats> statsOf(const Entry &entry);

    std::array<Entry, std::size_t(Ways) * Sets + 1> m_entries{}; ///< the last one is "(others)"
};

} // namespace Flywheel
