// SPDX-License-Identifier: MIT
#pragma once

#include "slots.h"

#include <new>
#include <type_traits>

namespace Flywheel::Bench {

struct PositionNode
{
    std::uint32_t position;
    std::uint32_t type; // Qt::TimerType: fills the slot up
};

/// A vector's allocator that starts at a cache line.
template <typename T>
struct CacheLineAllocator
{
    using value_type = T;
    T *allocate(std::size_t count) { return static_cast<T *>(::operator new(count * sizeof(T), Line)); }
    void deallocate(T *block, std::size_t) { ::operator delete(block, Line); }
    bool operator==(const CacheLineAllocator &) const = default;
    static constexpr std::align_val_t Line{64};
};

enum class Positions { InSlots, Dense };

/// A heap with \a Arity children a node. With \a Aligned the children of a node begin at a cache line; the
/// root then stands at Arity - 1.
template <std::size_t Arity, Positions Where, bool Aligned>
class DHeap
{
public:
    using Node = std::conditional_t<Where == Positions::InSlots, PositionNode, NoNode>;

    explicit DHeap(Slots<Node> &slots) : m_slots(slots), m_entries(Root) {}

    bool isEmpty() const { return m_entries.size() == Root; }
    Instant next() { return m_entries[Root].deadline; }

    void insert(const DeadlineEntry &entry)
    {
        if (m_entries.size() == m_entries.capacity())
            m_entries.reserve(64 + m_entries.size() + m_entries.size() / 2);
        if constexpr (Where == Positions::Dense) {
            if (entry.slot >= m_positions.size())
                m_positions.resize(entry.slot + 1 + entry.slot / 4);
        }
        m_entries.push_back(entry);
        siftUp(m_entries.size() - 1, entry);
    }

    void remove(std::uint32_t slot) { removeAt(position(slot)); }

    std::uint32_t takeDue(Instant now)
    {
        if (isEmpty() || m_entries[Root].deadline > now)
            return None;
        const std::uint32_t slot = m_entries[Root].slot;
        removeAt(Root);
        return slot;
    }

private:
    static constexpr std::size_t Root = Aligned ? Arity - 1 : 0;

    static std::size_t parent(std::size_t i) { return Aligned ? i / Arity + Root - 1 : (i - 1) / Arity; }
    static std::size_t firstChild(std::size_t i) { return Aligned ? (i - Root + 1) * Arity : i * Arity + 1; }

    std::uint32_t &position(std::uint32_t slot)
    {
        if constexpr (Where == Positions::InSlots)
            return m_slots[slot].node.position;
        else
            return m_positions[slot];
    }

    void place(std::size_t i, const DeadlineEntry &entry)
    {
        m_entries[i] = entry;
        position(entry.slot) = static_cast<std::uint32_t>(i);
    }

    void removeAt(std::size_t i)
    {
        const DeadlineEntry last = m_entries.back();
        m_entries.pop_back();
        if (i == m_entries.size())
            return;
        if (i > Root && last < m_entries[parent(i)])
            siftUp(i, last);
        else
            siftDown(i, last);
    }

    void siftUp(std::size_t i, const DeadlineEntry entry)
    {
        for (; i > Root && entry < m_entries[parent(i)]; i = parent(i))
            place(i, m_entries[parent(i)]);
        place(i, entry);
    }

    void siftDown(std::size_t i, const DeadlineEntry entry)
    {
        for (std::size_t child; (child = firstChild(i)) < m_entries.size(); i = child) {
            const std::size_t end = std::min(child + Arity, m_entries.size());
            for (std::size_t j = child + 1; j < end; ++j)
                child = m_entries[j] < m_entries[child] ? j : child;
            if (!(m_entries[child] < entry))
                break;
            place(i, m_entries[child]);
        }
        place(i, entry);
    }

    using Allocator =
        std::conditional_t<Aligned, CacheLineAllocator<DeadlineEntry>, std::allocator<DeadlineEntry>>;

    Slots<Node> &m_slots;
    std::vector<DeadlineEntry, Allocator> m_entries;
    std::vector<std::uint32_t> m_positions;
};

} // namespace Flywheel::Bench
