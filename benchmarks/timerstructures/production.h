// SPDX-License-Identifier: MIT
#pragma once

#include "slots.h"

namespace Flywheel::Bench {

/// The heap that TimerQueue uses.
class Production
{
public:
    using Node = NoNode;

    explicit Production(Slots<Node> &) {}

    bool isEmpty() const { return m_heap.isEmpty(); }
    Instant next() { return m_heap.top().deadline; }
    void insert(const DeadlineEntry &entry) { m_heap.push(entry); }
    void remove(std::uint32_t slot) { m_heap.remove(slot); }

    std::uint32_t takeDue(Instant now)
    {
        if (m_heap.isEmpty() || m_heap.top().deadline > now)
            return None;
        const std::uint32_t slot = m_heap.top().slot;
        m_heap.pop();
        return slot;
    }

private:
    DeadlineHeap m_heap;
};

} // namespace Flywheel::Bench
