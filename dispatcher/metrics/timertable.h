// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/cell.h"
#include "metrics/subject.h"

namespace Flywheel {

/// What single timers cost and how late they are: one writer, any readers, 128 entries in fixed memory.
///
/// An entry stands for one object, interval and type: QTimer takes a new id with each start. When four timers
/// meet in one set, the one that has not fired longest makes room.
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

    Handle fire(const Firing &firing, Nanoseconds lateness) noexcept;
    /// Whether the entry still is the timer's.
    bool holds(Handle handle) const noexcept { return m_entries[handle.index].tenancy == handle.tenancy; }
    /// As fire(), for one that is held.
    void refire(Handle handle, std::int64_t id, Nanoseconds lateness) noexcept;
    const ObjectName &objectName(Handle handle) const noexcept
    {
        return m_entries[handle.index].identity.objectName;
    }
    /// Does nothing if a nested loop gave the entry to another timer.
    void record(Handle handle, Nanoseconds duration) noexcept;
    void resetMaxima() noexcept;

    // Any thread:

    /// Most expensive first.
    std::vector<TimerStats> snapshot() const;

private:
    static constexpr std::uint32_t Ways = 4;
    static constexpr std::uint32_t Sets = 32;
    /// Lateness in buckets of a quarter octave, from 1 us to 18 min.
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
        SeqSlot<Identity> published;
        Cell<std::int64_t> id;
        Cell<std::uint64_t> fired;
        Cell<std::int64_t> total;
        Cell<std::int64_t> max;
        Cell<std::int64_t> latenessTotal;
        Cell<std::int64_t> latenessMax;
        std::array<Cell<std::uint32_t>, LatenessBuckets> lateness{};
        // The writer's:
        Identity identity;
        const void *object = nullptr;
        std::uint64_t lastFired = 0; ///< 0: free
        std::uint64_t tenancy = 0;
    };

    static bool holds(const Entry &entry, const Firing &firing) noexcept;
    Entry &find(const Firing &firing) noexcept;
    void count(Entry &entry, std::int64_t id, Nanoseconds lateness) noexcept;
    void takeOver(Entry &entry, const Firing &firing) noexcept;
    static std::uint32_t latenessBucket(Nanoseconds lateness) noexcept;
    static Nanoseconds latenessP99(const Entry &entry);
    static std::optional<TimerStats> statsOf(const Entry &entry);

    std::array<Entry, std::size_t(Ways) * Sets> m_entries{};
    std::uint64_t m_firings = 0;
};

} // namespace Flywheel
