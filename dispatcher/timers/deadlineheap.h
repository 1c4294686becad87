// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace Flywheel {

/// One timer that waits for its deadline.
struct DeadlineEntry
{
    Instant deadline;
    std::uint32_t order; ///< of start; wraps, so it orders only the last 2^31 starts
    std::uint32_t slot;

    bool operator<(const DeadlineEntry &other) const
    {
        if (deadline != other.deadline)
            return deadline < other.deadline;
        return static_cast<std::int32_t>(order - other.order) < 0;
    }
};

/// A 4-ary min-heap by deadline and then by order of start. It contains a slot at most once. The heap
/// contains the keys, so a comparison does not touch the slots. An array of its own contains the position of
/// each slot, because that array stays in the cache and the slots do not. docs/decisions/0001-timer-queue.md
/// says why a heap.
class DeadlineHeap
{
public:
    bool isEmpty() const { return m_entries.empty(); }
    const DeadlineEntry &top() const { return m_entries.front(); }

    /// Returns the entry of a slot, or null if the slot is not in the heap.
    const DeadlineEntry *find(std::uint32_t slot) const
    {
        return contains(slot) ? &m_entries[m_positions[slot]] : nullptr;
    }

    /// True if several more entries are due after the top and up to \a until. Looks only at the children of
    /// the top, so it may miss some.
    bool isCrowded(Instant until) const
    {
        int close = 0;
        for (std::size_t i = 1; i < std::min<std::size_t>(5, m_entries.size()); ++i)
            close += m_entries[i].deadline > top().deadline && m_entries[i].deadline <= until;
        return close >= 2;
    }

    /// Reserves room for \a more entries, one of them of \a slot, so that push() takes no memory. Grows by
    /// half instead of doubling, because docs/benchmarks.md limits the memory of a timer.
    void reserve(std::size_t more, std::uint32_t slot)
    {
        if (m_entries.size() + more > m_entries.capacity() || slot >= m_positions.size()) [[unlikely]]
            grow(more, slot);
    }

    void push(const DeadlineEntry &entry)
    {
        reserve(1, entry.slot);
        m_entries.push_back(entry);
        siftUp(m_entries.size() - 1, entry);
    }

    /// Returns false if the slot is not in the heap.
    bool remove(std::uint32_t slot)
    {
        if (!contains(slot))
            return false;
        removeAt(m_positions[slot]);
        return true;
    }

    void pop() { removeAt(0); }

private:
    static constexpr std::uint32_t Absent = UINT32_MAX;

    static std::size_t parent(std::size_t position) { return (position - 1) / 4; }
    static std::size_t firstChild(std::size_t position) { return position * 4 + 1; }

    bool contains(std::uint32_t slot) const
    {
        return slot < m_positions.size() && m_positions[slot] != Absent;
    }

    static std::size_t larger(std::size_t size) { return std::max<std::size_t>(128, size + size / 2); }

    void grow(std::size_t more, std::uint32_t slot)
    {
        if (m_entries.size() + more > m_entries.capacity())
            m_entries.reserve(std::max(m_entries.size() + more, larger(m_entries.size())));
        if (slot >= m_positions.size()) {
            const std::size_t size = std::max<std::size_t>(slot + 1, larger(m_positions.size()));
            m_positions.reserve(size);
            m_positions.resize(size, Absent);
        }
    }

    void removeAt(std::size_t position)
    {
        m_positions[m_entries[position].slot] = Absent;
        const DeadlineEntry last = m_entries.back();
        m_entries.pop_back();
        if (position == m_entries.size())
            return;
        if (position > 0 && last < m_entries[parent(position)])
            siftUp(position, last);
        else
            siftDown(position, last);
    }

    void place(std::size_t position, const DeadlineEntry &entry)
    {
        m_entries[position] = entry;
        m_positions[entry.slot] = static_cast<std::uint32_t>(position);
    }

    void siftUp(std::size_t position, const DeadlineEntry entry)
    {
        while (position > 0 && entry < m_entries[parent(position)]) {
            place(position, m_entries[parent(position)]);
            position = parent(position);
        }
        place(position, entry);
    }

    void siftDown(std::size_t position, const DeadlineEntry entry)
    {
        for (std::size_t child; (child = firstChild(position)) < m_entries.size(); position = child) {
            child = smallestSibling(child);
            if (!(m_entries[child] < entry))
                break;
            place(position, m_entries[child]);
        }
        place(position, entry);
    }

    std::size_t smallestSibling(std::size_t first) const
    {
        const std::size_t end = std::min(first + 4, m_entries.size());
        std::size_t smallest = first;
        for (std::size_t i = first + 1; i < end; ++i) {
            if (m_entries[i] < m_entries[smallest])
                smallest = i;
        }
        return smallest;
    }

    std::vector<DeadlineEntry> m_entries;
    std::vector<std::uint32_t> m_positions; ///< by slot
};

} // namespace Flywheel
