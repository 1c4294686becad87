// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace Flywheel {

/// A hash table from a key to the slot that contains it. An entry takes four bytes: keys stay in the slots
/// and are read through \a KeyOf, which has `Key key(std::uint32_t slot)` and `static std::uint64_t
/// number(Key)`. The table never shrinks, so it stops allocating once it has reached its size.
///
/// It uses Robin Hood hashing (Celis, 1986): linear probing that keeps entries sorted by their homes. An
/// entry knows its distance from its home. So a search reads only keys of its own home, and a removal reads
/// no key. Each key that is read may be a cache miss.
template <typename Key, typename KeyOf>
class SlotTable
{
public:
    static constexpr std::uint32_t None = UINT32_MAX;

    explicit SlotTable(KeyOf keyOf) : m_keyOf(keyOf), m_entries(16, Empty) {}

    std::size_t size() const { return m_count; }

    /// Returns the slot that has the key, or None.
    std::uint32_t find(Key key) const
    {
        const Place place = search(key);
        return place.found ? slotOf(m_entries[place.index]) : None;
    }

    /// Reserves room for one more, so that insert() takes no memory, except in the rare case of many keys
    /// with one home.
    void reserveOne()
    {
        if ((m_count + 1) * 4 > m_entries.size() * 3)
            grow();
    }

    /// Inserts the slot unless another one has its key. Returns the slot that has the key now.
    std::uint32_t insert(std::uint32_t slot)
    {
        if (slot > SlotMask)
            throw std::length_error("Flywheel::SlotTable: more slots than Qt has timer ids");
        reserveOne();
        const Place place = search(m_keyOf.key(slot));
        if (place.found)
            return slotOf(m_entries[place.index]);
        ++m_count;
        if (shiftIn(place.index, place.tag | slot) > FarthestAllowed)
            grow();
        return slot;
    }

    /// Replaces the slot that has the key by \a slot. The key must be in the table.
    void replace(Key key, std::uint32_t slot)
    {
        const Place place = search(key);
        m_entries[place.index] = place.tag | slot;
    }

    /// Removes and returns the slot that has the key, or returns None.
    std::uint32_t take(Key key)
    {
        const Place place = search(key);
        if (!place.found)
            return None;
        const std::uint32_t slot = slotOf(m_entries[place.index]);
        closeGap(place.index);
        --m_count;
        return slot;
    }

private:
    // An entry: the slot in the lower 24 bits (Qt's timer ids count that far), one more than the distance
    // from home above, so that an empty entry is nearer to home than any other.
    static constexpr std::uint32_t Empty = 0;
    static constexpr std::uint32_t Step = 1u << 24;
    static constexpr std::uint32_t SlotMask = Step - 1;
    static constexpr std::uint32_t FarthestAllowed = 128 * Step; ///< never reached below a load of 3/4

    struct Place
    {
        std::size_t index; ///< where the key stands or belongs
        std::uint32_t tag; ///< its distance there
        bool found;
    };

    static std::uint32_t slotOf(std::uint32_t entry) { return entry & SlotMask; }
    std::size_t next(std::size_t index) const { return (index + 1) & (m_entries.size() - 1); }

    /// Multiplied by 2^64 over the golden ratio, dense numbers (ids) lie evenly apart and never collide
    /// (Knuth, The Art of Computer Programming 3, 6.4). Equidistant numbers (addresses of objects) could fall
    /// into one cluster. Folding the number first prevents that, and keeps dense numbers dense.
    std::size_t home(Key key) const
    {
        std::uint64_t number = KeyOf::number(key);
        number ^= number >> 7;
        number ^= number >> 14;
        return static_cast<std::size_t>((number * 0x9E37'79B9'7F4A'7C15u) >> m_shift);
    }

    Place search(Key key) const
    {
        std::size_t index = home(key);
        std::uint32_t tag = Step;
        for (; m_entries[index] >= tag; index = next(index), tag += Step) {
            if (m_entries[index] - tag < Step && m_keyOf.key(slotOf(m_entries[index])) == key)
                return {index, tag, true};
        }
        return {index, tag, false};
    }

    /// Inserts an entry and moves those behind it. Returns the largest distance from home that results.
    std::uint32_t shiftIn(std::size_t index, std::uint32_t entry)
    {
        std::uint32_t farthest = entry;
        for (; m_entries[index] != Empty; index = next(index)) {
            std::swap(m_entries[index], entry);
            entry += Step;
            farthest = std::max(farthest, entry);
        }
        m_entries[index] = entry;
        return farthest;
    }

    void closeGap(std::size_t gap)
    {
        std::size_t index = next(gap);
        for (; m_entries[index] >= 2 * Step; gap = index, index = next(index))
            m_entries[gap] = m_entries[index] - Step;
        m_entries[gap] = Empty;
    }

    void grow()
    {
        // A small table takes longer steps: each one hashes all keys again.
        const int bits = m_entries.size() < 256 ? 2 : 1;
        std::vector<std::uint32_t> old(m_entries.size() << bits, Empty);
        old.swap(m_entries);
        m_shift -= bits;
        for (const std::uint32_t entry : old) {
            if (entry == Empty)
                continue;
            const Place place = search(m_keyOf.key(slotOf(entry)));
            shiftIn(place.index, place.tag | slotOf(entry));
        }
    }

    KeyOf m_keyOf;
    std::vector<std::uint32_t> m_entries;
    std::size_t m_count = 0;
    int m_shift = 60; ///< 64 - log2 of the table's size
};

} // namespace Flywheel
