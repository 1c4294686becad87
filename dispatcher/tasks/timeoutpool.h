// SPDX-License-Identifier: MIT
#pragma once

#include "base/slotpool.h"

#include <flywheel/inlinetask.h>

namespace Flywheel {

/// The callables of one loop's timeouts and intervals. Their deadlines are in its TimerQueue, under idOf().
/// The loop's thread only; nothing is allocated once warm.
class TimeoutPool
{
public:
    /// Ids of timeouts are negative, those of Qt's timers positive.
    static int idOf(std::uint32_t index) { return -1 - static_cast<int>(index); }
    static std::uint32_t indexOf(int id) { return static_cast<std::uint32_t>(-1 - id); }

    SlotHandle add(InlineTask &&task, bool repeats);
    /// Whether the handle still means a timeout that can fire or fire again.
    bool isAlive(SlotHandle handle) const;
    /// Destroys the callable, or after its return if it runs. The handle must be alive.
    void remove(SlotHandle handle);
    bool repeats(std::uint32_t index) const { return m_slots[index].repeats; }

    /// Runs a callable; that of a timeout is over before it starts. Exceptions pass.
    void run(std::uint32_t index);
    /// For a callable at its begin, before it runs code of others: the handle of itself.
    SlotHandle running() const { return m_running; }

    std::uint64_t used() const { return m_used; }
    std::uint64_t capacity() const { return m_capacity; }

private:
    struct Slot
    {
        InlineTask task;
        std::uint32_t generation;
        std::uint32_t link;
        bool repeats;
        bool runs;
        bool removed; ///< while it ran
    };

    void release(std::uint32_t index);
    void runInterval(std::uint32_t index);

    SlotPool<Slot> m_slots;
    SlotHandle m_running{}; ///< the one that was started last
    std::uint32_t m_capacity = 0;
    std::uint32_t m_used = 0;
};

} // namespace Flywheel
