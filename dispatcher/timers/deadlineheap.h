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
    std::uint32_t order; ///< of start; wraps, so only entries of the last 2^31 starts compare rightly
    std::uint32_t slot;

    bool operator<(const DeadlineEntry &other) const
    {
        if (deadline != other.deadline)
            return deadline < other.deadline;
        return static_cast<std::int32_t>(order - other.order) < 0;
    }
};

/// A 4-ary min-heap by deadline, then by order of start; a slot is in it once at most. Keys stand in the heap
/// itself, so that a comparison touches no slot, and where a slot stands is noted in an array of its own,
/// which stays in the cache where slots would not. Why this structure: docs/decisions/0001-timer-queue.md.
class DeadlineHeap
{
public:
    bool isEmpty() const { return m_entries.empty(); }
    const DeadlineEntry &top() const { return m_entries.front(); }

    /// The entry of a slot, or null if it is not in the heap.
    const DeadlineEntry *find(std::uint32_t slot) const
    {
        return contains(slot) ? &m_entries[m_positions[slot]] : nullptr;
    }

    /// Are there more entries than the top, at different times, until \a until? Looks at the top's children
    /// alone, so it may miss some when there are few.
    bool isCrowded(Instant until) const
    {
        int close = 0;
        for (std::size_t i = 1; i < std::min<std::size_t>(5, m_entries.size()); ++i)
            close += m_entries[i].deadline > top().deadline && m_entries[i].deadline <= until;
        return close >= 2;
    }

    /// Room for \a more entries, and for one of \a slot: pushing them takes no memory then. Grows by half
    /// instead of doubling: a timer's memory is bounded (docs/benchmarks.md).
    void reserve(std::size_t more, std::uint32_t slot)
    {
        if (m_entries.size() + more > m_entries.capacity())
            m_entries.reserve(std::max(m_entries.size() + more, larger(m_entries.size())));
        if (slot >= m_positions.capacity())
            m_positions.reserve(std::max<std::size_t>(slot + 1, larger(m_positions.size())));
        if (slot >= m_positions.size())
            m_positions.resize(slot + 1, Absent);
    }

    void push(const DeadlineEntry &entry)
    {
        reserve(1, entry.slot);
        m_entries.push_back(entry);
        siftUp(m_entries.size() - 1, entry);
    }

    /// False if the slot is not in the heap.
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

    static std::size_t larger(std::size_t size) { return std::max<std::size_t>(64, size + size / 2); }

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
