// SPDX-License-Identifier: MIT
#pragma once

#include "metrics/cell.h"
#include "metrics/subject.h"

namespace Flywheel {

/// What handlers cost, by class of the receiver and kind: one writer, any readers, 256 entries in fixed
/// memory.
///
/// A class is told by its name, which is copied before a handler of it first runs: meta-objects may come and
/// go. When four classes meet in one set, the one that was quiet longest makes room, and its figures go to
/// "(others)".
class ReceiverTable
{
public:
    /// An entry, for as long as it is pinned.
    using Index = std::uint32_t;
    /// An entry, beyond that.
    struct Handle
    {
        Index index;
        std::uint32_t tenancy;
    };

    ReceiverTable();

    // The writer's thread:

    /// The entry of a class, pinned until unpin(): nested handlers cannot evict it.
    Index pin(const char *className, HandlerKind kind) noexcept;
    /// Pins it again; false if it went to another class.
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
    void record(Index index, Nanoseconds duration) noexcept;
    void resetMaxima() noexcept;
    const ClassName &className(Index index) const noexcept { return m_entries[index].identity.className; }

    // Any thread:

    /// Most expensive first.
    std::vector<ReceiverStats> snapshot() const;
    /// The name of an entry, as long as it is pinned; empty if it is gone.
    std::string readClassName(Index index) const;

private:
    static constexpr std::uint32_t Ways = 4;
    static constexpr std::uint32_t Sets = 64;
    static constexpr std::uint32_t ShortcutCount = 128;
    static constexpr Index Others = Ways * Sets;

    struct Identity
    {
        ClassName className;
        std::uint64_t kind = 0;
    };
    struct Entry
    {
        SeqSlot<Identity> published;
        Cell<std::uint64_t> count;
        Cell<std::int64_t> total;
        Cell<std::int64_t> max;
        // The writer's:
        Identity identity;
        std::uint64_t lastUsed = 0; ///< 0: free
        std::uint32_t pins = 0;
        std::uint32_t tenancy = 0;
    };

    bool holds(const Entry &entry, const char *className, HandlerKind kind) const noexcept;
    Index find(const char *className, HandlerKind kind) noexcept;
    static void settle(Entry &entry, const char *className, HandlerKind kind) noexcept;
    Index makeRoom(std::uint32_t firstWay) noexcept;
    void evict(Entry &entry) noexcept;

    std::array<Entry, Ways * Sets + 1> m_entries{}; ///< the last one is "(others)"
    std::array<Index, ShortcutCount> m_shortcuts{}; ///< by the address of the name
    std::uint64_t m_uses = 0;
};

} // namespace Flywheel
