// SPDX-License-Identifier: MIT
#pragma once

#include "wheel.h"

#include <optional>

namespace Flywheel::Bench {

/// The wheel alone. What is due stands in a list, sorted when its tick comes; the next deadline is looked for
/// in the first bucket and remembered.
class ExactWheel
{
public:
    using Node = WheelNode;

    explicit ExactWheel(Slots<Node> &slots) : m_slots(slots), m_wheel(slots) {}

    bool isEmpty() const { return m_first == None && m_wheel.isEmpty(); }

    Instant next()
    {
        if (m_first != None)
            return node(m_first).deadline;
        if (!m_next) {
            m_next = Never;
            for (std::uint32_t slot = m_wheel.head(m_wheel.firstBucket()); slot != None;
                 slot = node(slot).next)
                m_next = std::min(*m_next, node(slot).deadline);
        }
        return *m_next;
    }

    void insert(const DeadlineEntry &entry)
    {
        Node &inserted = node(entry.slot);
        inserted.deadline = entry.deadline;
        inserted.order = entry.order;
        if (Wheel::tickOf(entry.deadline) <= m_wheel.tick()) {
            insertSorted(entry.slot);
            return;
        }
        m_wheel.insert(entry.slot);
        if (m_next)
            m_next = std::min(*m_next, entry.deadline);
    }

    void remove(std::uint32_t slot)
    {
        if (node(slot).bucket == Ready) {
            unlink(slot);
            return;
        }
        if (m_next == node(slot).deadline)
            m_next.reset();
        m_wheel.remove(slot);
    }

    std::uint32_t takeDue(Instant now)
    {
        while (m_first == None && !m_wheel.isEmpty() && advance(Wheel::tickOf(now))) {}
        if (m_first == None || node(m_first).deadline > now)
            return None;
        const std::uint32_t slot = m_first;
        unlink(slot);
        return slot;
    }

private:
    static constexpr std::uint32_t Ready = UINT32_MAX;

    Node &node(std::uint32_t slot) { return m_slots[slot].node; }
    bool isLess(std::uint32_t a, std::uint32_t b)
    {
        return DeadlineEntry{node(a).deadline, node(a).order, a} <
               DeadlineEntry{node(b).deadline, node(b).order, b};
    }

    bool advance(std::uint64_t limit)
    {
        const std::uint32_t bucket = m_wheel.firstBucket();
        if (m_wheel.startOf(bucket) > limit)
            return false;
        m_next.reset();
        m_wheel.advance(bucket, [this](std::uint32_t slot) { m_scratch.push_back(slot); });
        std::sort(m_scratch.begin(), m_scratch.end(), [this](auto a, auto b) { return isLess(a, b); });
        for (const std::uint32_t slot : m_scratch)
            insertSorted(slot);
        m_scratch.clear();
        return true;
    }

    void insertSorted(std::uint32_t slot)
    {
        std::uint32_t previous = m_last;
        while (previous != None && isLess(slot, previous))
            previous = node(previous).previous;
        Node &inserted = node(slot);
        inserted.bucket = Ready;
        inserted.previous = previous;
        inserted.next = previous == None ? m_first : node(previous).next;
        (previous == None ? m_first : node(previous).next) = slot;
        (inserted.next == None ? m_last : node(inserted.next).previous) = slot;
    }

    void unlink(std::uint32_t slot)
    {
        const Node &removed = node(slot);
        (removed.previous == None ? m_first : node(removed.previous).next) = removed.next;
        (removed.next == None ? m_last : node(removed.next).previous) = removed.previous;
    }

    Slots<Node> &m_slots;
    Wheel m_wheel;
    std::optional<Instant> m_next; ///< of the wheel, if known
    std::uint32_t m_first = None;  ///< of those whose tick has come
    std::uint32_t m_last = None;
    std::vector<std::uint32_t> m_scratch;
};

} // namespace Flywheel::Bench
