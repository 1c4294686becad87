// SPDX-License-Identifier: MIT
#pragma once

#include "base/cell.h"
#include "metrics/durationsum.h"
#include "metrics/subject.h"

namespace Flywheel {

/// What handlers cost, by class of the receiver and kind of handler: one writer, any number of readers, 256
/// entries in fixed memory.
///
/// A class is identified by its name. The table copies the name before the first handler of the class runs,
/// because meta-objects may come and go. A set has room for four classes. When a fifth one comes, the class
/// that was quiet longest makes room, and its figures go to "(others)".
class ReceiverTable
{
public:
    /// Identifies an entry while it is pinned.
    using Index = std::uint32_t;
    /// Identifies an entry also after that.
    struct Handle
    {
        Index index;
        std::uint32_t tenancy;
        bool operator==(const Handle &) const = default;
    };

    ReceiverTable();

    // The writer's thread:

    /// Returns the entry of a class and pins it until unpin(), so that nested handlers cannot evict it.
    Index pin(const char *className, HandlerKind kind) noexcept;
    /// Pins an entry again. Returns false if another class has it now.
    bool repin(Handle handle) noexcept
    {
        Entry &entry = m_entries[handle.index];
        if (entry.tenancy != handle.tenancy)
            return false;
        entry.lastUsed = ++m_uses;
        ++entry.pins;
        return true;
    }
    Handle handle(Index index) const noexcept { return {index, m_entries[index].tenancy}; }
    void unpin(Index index) noexcept { --m_entries[index].pins; }
    void record(Index index, Nanoseconds duration) noexcept
    {
        Entry &entry = m_entries[index];
        entry.count.add(1);
        entry.total.add(duration.count());
        entry.max.raise(duration.count());
    }
    void record(Index index, const DurationSum &sum) noexcept
    {
        Entry &entry = m_entries[index];
        entry.count.add(sum.count);
        entry.total.add(sum.total);
        entry.max.raise(sum.max);
    }
    void resetMaxima() noexcept;
    const ClassName &className(Index index) const noexcept { return m_entries[index].identity.className; }

    // Any thread:

    /// The most expensive entry first.
    std::vector<ReceiverStats> snapshot() const;

private:
    static constexpr std::uint32_t Ways = 4;
    static constexpr std::uint32_t Sets = 64;
    static constexpr std::uint32_t ShortcutCount = 128;
    static constexpr Index Others = 0; ///< the sets follow

    struct Identity
    {
        ClassName className;
        std::uint64_t kind = 0;
    };
    struct Entry
    {
        // What each handler touches is in one line of the cache.
        alignas(64) Cell<std::uint64_t> count;
        Cell<std::int64_t> total;
        Cell<std::int64_t> max;
        std::uint64_t lastUsed = 0; ///< the writer's, like the next two; 0: free
        std::uint32_t pins = 0;
        std::uint32_t tenancy = 0;
        SeqSlot<Identity> published;
        Identity identity; ///< the writer's
    };

    bool holds(const Entry &entry, const char *className, HandlerKind kind) const noexcept;
    Index find(const char *className, HandlerKind kind) noexcept;
    static void settle(Entry &entry, const char *className, HandlerKind kind) noexcept;
    Index makeRoom(std::uint32_t firstWay) noexcept;
    void evict(Entry &entry) noexcept;

    // The small ones first: in a quiet loop they share a page with what is before them.
    std::uint64_t m_uses = 0;
    std::array<Index, ShortcutCount> m_shortcuts{}; ///< by the address of the name
    std::array<Entry, 1 + Ways * Sets> m_entries{};
};

} // namespace Flywheel
