// SPDX-License-Identifier: MIT
#pragma once

#include "wheel.h"

namespace Flywheel::Bench {

/// A wheel for what is far, a 4-ary heap of slots for the first tick that has timers. The heap's keys stand
/// in the slots: four bytes a timer, for all may fall due in one tick.
class WheelHeap
{
public:
    using Node = WheelNode;

    explicit WheelHeap(Slots<Node> &slots) : m_slots(slots), m_wheel(slots) {}

    bool isEmpty() const { return m_heap.empty() && m_wheel.isEmpty(); }

    Instant next()
    {
        fill();
        return node(m_heap.front()).deadline;
    }

    void insert(const DeadlineEntry &entry)
    {
        Node &inserted = node(entry.slot);
        inserted.deadline = entry.deadline;
        inserted.order = entry.order;
        if (Wheel::tickOf(entry.deadline) <= m_wheel.tick())
            push(entry.slot);
        else
            m_wheel.insert(entry.slot);
    }

    void remove(std::uint32_t slot)
    {
        if (node(slot).bucket == InHeap)
            removeAt(node(slot).next);
        else
            m_wheel.remove(slot);
    }

    std::uint32_t takeDue(Instant now)
    {
        if (isEmpty())
            return None;
        fill();
        const std::uint32_t slot = m_heap.front();
        if (node(slot).deadline > now)
            return None;
        removeAt(0);
        return slot;
    }

private:
    static constexpr std::uint32_t InHeap = UINT32_MAX;

    Node &node(std::uint32_t slot) { return m_slots[slot].node; }
    bool isLess(std::uint32_t a, std::uint32_t b)
    {
        return DeadlineEntry{node(a).deadline, node(a).order, a} <
               DeadlineEntry{node(b).deadline, node(b).order, b};
    }

    void fill()
    {
        while (m_heap.empty())
            m_wheel.advance(m_wheel.firstBucket(), [this](std::uint32_t slot) { push(slot); });
    }

    void push(std::uint32_t slot)
    {
        if (m_heap.size() == m_heap.capacity())
            m_heap.reserve(64 + m_heap.size() + m_heap.size() / 2);
        m_heap.push_back(slot);
        siftUp(m_heap.size() - 1, slot);
    }

    void place(std::size_t i, std::uint32_t slot)
    {
        m_heap[i] = slot;
        node(slot).bucket = InHeap;
        node(slot).next = static_cast<std::uint32_t>(i);
    }

    void removeAt(std::size_t i)
    {
        const std::uint32_t last = m_heap.back();
        m_heap.pop_back();
        if (i == m_heap.size())
            return;
        if (i > 0 && isLess(last, m_heap[(i - 1) / 4]))
            siftUp(i, last);
        else
            siftDown(i, last);
    }

    void siftUp(std::size_t i, std::uint32_t slot)
    {
        for (; i > 0 && isLess(slot, m_heap[(i - 1) / 4]); i = (i - 1) / 4)
            place(i, m_heap[(i - 1) / 4]);
        place(i, slot);
    }

    void siftDown(std::size_t i, std::uint32_t slot)
    {
        for (std::size_t child; (child = i * 4 + 1) < m_heap.size(); i = child) {
            const std::size_t end = std::min(child + 4, m_heap.size());
            for (std::size_t j = child + 1; j < end; ++j)
                child = isLess(m_heap[j], m_heap[child]) ? j : child;
            if (!isLess(m_heap[child], slot))
                break;
            place(i, m_heap[child]);
        }
        place(i, slot);
    }

    Slots<Node> &m_slots;
    Wheel m_wheel;
    std::vector<std::uint32_t> m_heap;
};

} // namespace Flywheel::Bench
