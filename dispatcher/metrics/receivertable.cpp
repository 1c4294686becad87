// SPDX-License-Identifier: MIT
#include "metrics/receivertable.h"

#include <algorithm>

namespace Flywheel {

namespace {

std::uint32_t hashOf(const char *text, HandlerKind kind) noexcept
{
    std::uint32_t hash = 2166136261u + static_cast<std::uint32_t>(kind);
    for (; *text; ++text)
        hash = (hash ^ static_cast<unsigned char>(*text)) * 16777619u;
    return hash ^ hash >> 15;
}

std::size_t hashOf(const void *address, HandlerKind kind) noexcept
{
    return ((reinterpret_cast<std::size_t>(address) + static_cast<std::size_t>(kind)) *
            0x9E3779B97F4A7C15u) >>
           32;
}

} // namespace

ReceiverTable::ReceiverTable()
{
    settle(m_entries[Others], "(others)", HandlerKind::Timer);
}

bool ReceiverTable::holds(const Entry &entry, const char *className, HandlerKind kind) const noexcept
{
    return entry.lastUsed > 0 && entry.identity.kind == static_cast<std::uint64_t>(kind) &&
           entry.identity.className.matches(className);
}

ReceiverTable::Index ReceiverTable::pin(const char *className, HandlerKind kind) noexcept
{
    // A name's address is a hint only: it may have been reused for another name.
    Index &shortcut = m_shortcuts[hashOf(static_cast<const void *>(className), kind) % ShortcutCount];
    if (!holds(m_entries[shortcut], className, kind))
        shortcut = find(className, kind);
    Entry &entry = m_entries[shortcut];
    entry.lastUsed = ++m_uses;
    ++entry.pins;
    return shortcut;
}

ReceiverTable::Index ReceiverTable::find(const char *className, HandlerKind kind) noexcept
{
    const Index first = 1 + hashOf(className, kind) % Sets * Ways;
    for (Index index = first; index < first + Ways; ++index) {
        if (holds(m_entries[index], className, kind))
            return index;
    }
    const Index index = makeRoom(first);
    if (index != Others)
        settle(m_entries[index], className, kind);
    return index;
}

void ReceiverTable::settle(Entry &entry, const char *className, HandlerKind kind) noexcept
{
    entry.identity.className.assign(className);
    entry.identity.kind = static_cast<std::uint64_t>(kind);
    entry.published.store(entry.identity);
    ++entry.tenancy;
}

/// The free or longest unused entry of a set; "(others)" if all of them are pinned.
ReceiverTable::Index ReceiverTable::makeRoom(Index first) noexcept
{
    Index best = Others;
    for (Index index = first; index < first + Ways; ++index) {
        const bool isOlder = best == Others || m_entries[index].lastUsed < m_entries[best].lastUsed;
        if (m_entries[index].pins == 0 && isOlder)
            best = index;
    }
    if (best != Others && m_entries[best].lastUsed > 0)
        evict(m_entries[best]);
    return best;
}

void ReceiverTable::evict(Entry &entry) noexcept
{
    Entry &others = m_entries[Others];
    others.count.add(entry.count.get());
    others.total.add(entry.total.get());
    others.max.raise(entry.max.get());
    entry.count.set(0);
    entry.total.set(0);
    entry.max.set(0);
}

void ReceiverTable::resetMaxima() noexcept
{
    for (Entry &entry : m_entries)
        entry.max.set(0);
}

std::vector<ReceiverStats> ReceiverTable::snapshot() const
{
    std::vector<ReceiverStats> result;
    for (const Entry &entry : m_entries) {
        const std::uint64_t version = entry.published.version();
        const std::optional<Identity> identity = entry.published.load();
        ReceiverStats stats;
        stats.count = entry.count.get();
        stats.total = Nanoseconds(entry.total.get());
        stats.max = Nanoseconds(entry.max.get());
        if (!identity || stats.count == 0 || entry.published.version() != version)
            continue; // free, or changing hands right now
        stats.className = identity->className.toString();
        stats.kind = static_cast<HandlerKind>(identity->kind);
        result.push_back(std::move(stats));
    }
    std::sort(result.begin(), result.end(),
              [](const ReceiverStats &a, const ReceiverStats &b) { return a.total > b.total; });
    return result;
}

} // namespace Flywheel
