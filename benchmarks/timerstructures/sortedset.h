// SPDX-License-Identifier: MIT
#pragma once

#include "slots.h"

#include <set>

namespace Flywheel::Bench {

/// A red-black tree, one allocation a timer.
class SortedSet
{
public:
    struct Node
    {
        std::set<DeadlineEntry>::iterator place;
    };

    explicit SortedSet(Slots<Node> &slots) : m_slots(slots) {}

    bool isEmpty() const { return m_set.empty(); }
    Instant next() { return m_set.begin()->deadline; }
    void insert(const DeadlineEntry &entry) { m_slots[entry.slot].node.place = m_set.insert(entry).first; }
    void remove(std::uint32_t slot) { m_set.erase(m_slots[slot].node.place); }

    std::uint32_t takeDue(Instant now)
    {
        if (m_set.empty() || m_set.begin()->deadline > now)
            return None;
        const std::uint32_t slot = m_set.begin()->slot;
        m_set.erase(m_set.begin());
        return slot;
    }

private:
    Slots<Node> &m_slots;
    std::set<DeadlineEntry> m_set;
};

} // namespace Flywheel::Bench
