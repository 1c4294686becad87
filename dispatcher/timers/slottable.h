// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace Flywheel {

/// A hash table from a key to the slot that holds it. Four bytes an entry: keys stay in the slots and are
/// read through \a KeyOf, which offers `Key key(std::uint32_t slot)` and `static std::uint64_t number(Key)`.
/// Linear probing, with entries moved back on removal instead of tombstones. Never shrinks, so it does not
/// allocate once warm.
template <typename Key, typename KeyOf>
class SlotTable
{
public:
    static constexpr std::uint32_t None = UINT32_MAX;

    explicit SlotTable(KeyOf keyOf) : m_keyOf(keyOf), m_slots(16, None) {}

    std::uint32_t find(Key key) const { return m_slots[position(key)]; }

    /// The key of \a slot must not be in the table.
    void insert(std::uint32_t slot)
    {
        if ((m_count + 1) * 5 > m_slots.size() * 3)
            grow();
        m_slots[position(m_keyOf.key(slot))] = slot;
        ++m_count;
    }

    /// Puts \a slot in the place of the slot that has the same key now. The key must be in the table.
    void replace(Key key, std::uint32_t slot) { m_slots[position(key)] = slot; }

    /// The key must be in the table, and the slots' keys still readable.
    void erase(Key key)
    {
        std::size_t hole = position(key);
        for (std::size_t i = next(hole); m_slots[i] != None; i = next(i)) {
            if (distance(home(m_keyOf.key(m_slots[i])), i) >= distance(hole, i)) {
                m_slots[hole] = m_slots[i];
                hole = i;
            }
        }
        m_slots[hole] = None;
        --m_count;
    }

    std::size_t size() const { return m_count; }

private:
    std::size_t mask() const { return m_slots.size() - 1; }
    std::size_t next(std::size_t i) const { return (i + 1) & mask(); }
    std::size_t distance(std::size_t from, std::size_t to) const { return (to - from) & mask(); }

    /// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4). Numbers that are dense, as ids are,
    /// must not fill one long cluster: each removal would walk to its end.
    std::size_t home(Key key) const
    {
        return static_cast<std::size_t>((KeyOf::number(key) * 0x9E37'79B9'7F4A'7C15u) >> m_shift);
    }

    /// Where the key stands or would be put.
    std::size_t position(Key key) const
    {
        std::size_t i = home(key);
        while (m_slots[i] != None && m_keyOf.key(m_slots[i]) != key)
            i = next(i);
        return i;
    }

    void grow()
    {
        std::vector<std::uint32_t> old(m_slots.size() * 2, None);
        old.swap(m_slots);
        --m_shift;
        for (const std::uint32_t slot : old) {
            if (slot != None)
                m_slots[position(m_keyOf.key(slot))] = slot;
        }
    }

    KeyOf m_keyOf;
    std::vector<std::uint32_t> m_slots;
    std::size_t m_count = 0;
    int m_shift = 60; ///< 64 - log2 of the table's size
};

} // namespace Flywheel
