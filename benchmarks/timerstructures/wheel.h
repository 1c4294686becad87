// SPDX-License-Identifier: MIT
#pragma once

#include "slots.h"

#include <array>
#include <bit>
#include <utility>

namespace Flywheel::Bench {

/// A hierarchical timing wheel (Varghese and Lauck 1987, scheme 7): eight levels of 64 buckets, a tick of
/// 2^20 ns. The level is that of the highest digit in which a tick differs from the wheel's own, so all of a
/// level is due before all of the next.
struct WheelNode
{
    Instant deadline;
    std::uint32_t order, next, previous;
    std::uint32_t bucket; ///< level * 64 + index, or a value of the wheel's user
};

class Wheel
{
public:
    using Node = WheelNode;

    explicit Wheel(Slots<Node> &slots) : m_slots(slots) { m_heads.fill(None); }

    static std::uint64_t tickOf(Instant instant)
    {
        return static_cast<std::uint64_t>(instant.time_since_epoch().count()) >> 20;
    }

    bool isEmpty() const { return m_count == 0; }
    std::uint64_t tick() const { return m_tick; }

    /// The timer's tick must lie after the wheel's own.
    void insert(std::uint32_t slot)
    {
        const std::uint64_t tick = tickOf(node(slot).deadline);
        const auto level = static_cast<unsigned>(std::bit_width(tick ^ m_tick) - 1) / 6;
        const auto index = static_cast<unsigned>(tick >> (6 * level)) & 63;
        link(slot, level * 64 + index);
        m_occupied[level] |= std::uint64_t(1) << index;
        ++m_count;
    }

    void remove(std::uint32_t slot)
    {
        const Node &removed = node(slot);
        if (removed.next != None)
            node(removed.next).previous = removed.previous;
        if (removed.previous != None)
            node(removed.previous).next = removed.next;
        else if ((m_heads[removed.bucket] = removed.next) == None)
            m_occupied[removed.bucket / 64] &= ~(std::uint64_t(1) << removed.bucket % 64);
        --m_count;
    }

    /// The bucket with the next timers; the wheel must not be empty.
    std::uint32_t firstBucket() const
    {
        unsigned level = 0;
        while (m_occupied[level] == 0)
            ++level;
        return level * 64 + static_cast<unsigned>(std::countr_zero(m_occupied[level]));
    }

    /// The first tick of a bucket.
    std::uint64_t startOf(std::uint32_t bucket) const
    {
        const unsigned shift = 6 * (bucket / 64);
        const std::uint64_t above = shift + 6 < 64 ? m_tick >> (shift + 6) << (shift + 6) : 0;
        return above | std::uint64_t(bucket % 64) << shift;
    }

    std::uint32_t head(std::uint32_t bucket) const { return m_heads[bucket]; }

    /// Moves on to the start of the first bucket, and sorts its timers in anew; \a due(slot) gets those of
    /// that tick.
    template <typename Due>
    void advance(std::uint32_t bucket, Due due)
    {
        m_tick = startOf(bucket);
        m_occupied[bucket / 64] &= ~(std::uint64_t(1) << bucket % 64);
        for (std::uint32_t slot = std::exchange(m_heads[bucket], None); slot != None;) {
            const std::uint32_t next = node(slot).next;
            --m_count;
            if (tickOf(node(slot).deadline) == m_tick)
                due(slot);
            else
                insert(slot);
            slot = next;
        }
    }

private:
    Node &node(std::uint32_t slot) { return m_slots[slot].node; }

    void link(std::uint32_t slot, std::uint32_t bucket)
    {
        Node &linked = node(slot);
        linked.bucket = bucket;
        linked.previous = None;
        linked.next = m_heads[bucket];
        if (linked.next != None)
            node(linked.next).previous = slot;
        m_heads[bucket] = slot;
    }

    Slots<Node> &m_slots;
    std::uint64_t m_tick = 0;
    std::size_t m_count = 0;
    std::array<std::uint64_t, 8> m_occupied{};
    std::array<std::uint32_t, 8 * 64> m_heads;
};

} // namespace Flywheel::Bench
