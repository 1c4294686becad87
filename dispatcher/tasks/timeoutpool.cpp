// SPDX-License-Identifier: MIT
#include "tasks/timeoutpool.h"

#include <algorithm>

namespace Flywheel {

SlotHandle TimeoutPool::add(InlineTask &&task, bool repeats)
{
    const std::uint32_t index = m_slots.acquire();
    m_capacity = std::max(m_capacity, m_slots.capacity());
    Slot &slot = m_slots[index];
    slot.task = std::move(task);
    slot.repeats = repeats;
    slot.runs = false;
    slot.removed = false;
    ++m_used;
    return m_slots.handle(index);
}

bool TimeoutPool::isAlive(SlotHandle handle) const
{
    return handle.index < m_capacity && m_slots.isCurrent(handle) && m_slots[handle.index].task &&
           !m_slots[handle.index].removed;
}

void TimeoutPool::remove(SlotHandle handle)
{
    Slot &slot = m_slots[handle.index];
    if (slot.runs)
        slot.removed = true;
    else
        release(handle.index);
}

void TimeoutPool::release(std::uint32_t index)
{
    // The slot is out of the way before a destructor of the callable runs: that may do anything.
    const InlineTask task = std::move(m_slots[index].task);
    --m_used;
    m_slots.release(index);
}

void TimeoutPool::run(std::uint32_t index)
{
    m_running = m_slots.handle(index);
    if (m_slots[index].repeats) {
        runInterval(index);
        return;
    }
    InlineTask task = std::move(m_slots[index].task);
    release(index);
    task();
}

void TimeoutPool::runInterval(std::uint32_t index)
{
    struct Run
    {
        TimeoutPool &pool;
        std::uint32_t index;
        ~Run()
        {
            Slot &slot = pool.m_slots[index];
            slot.runs = false;
            if (slot.removed)
                pool.release(index);
        }
    };
    m_slots[index].runs = true;
    const Run run{*this, index};
    m_slots[index].task(); // slots do not move
}

} // namespace Flywheel
