// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace Flywheel {

/// The wake-up protocol between one loop and any number of posters; tests/model/wakeflag.pml proves it.
///
///     poster: make the work visible; if (flag.notify()) touch the kernel
///     loop:   flag.consume(); take the work; if (flag.fallAsleep()) { wait in the kernel; flag.arise(); }
///
/// A poster pays a system call only if the loop sleeps, and only the first poster does. A wake-up is never
/// lost: one that comes after consume() makes fallAsleep() fail, one that comes after fallAsleep() touches
/// the kernel.
class WakeFlag
{
public:
    /// Any thread. True: the loop sleeps and the caller must touch the kernel.
    bool notify() noexcept { return m_state.exchange(Notified) == Asleep; }

    /// The loop's thread. True if there was a wake-up since the last consume(). What posters wrote before
    /// notify() is visible afterwards.
    bool consume() noexcept
    {
        // The load keeps the cache line shared while nobody posts; the exchange orders the poster's writes.
        return m_state.load(std::memory_order_relaxed) != Awake &&
               m_state.exchange(Awake, std::memory_order_acq_rel) == Notified;
    }

    /// The loop's thread. False: there was a wake-up since consume(), do not wait.
    bool fallAsleep() noexcept
    {
        State expected = Awake;
        return m_state.compare_exchange_strong(expected, Asleep, std::memory_order_acq_rel,
                                               std::memory_order_acquire);
    }

    /// The loop's thread, after the wait. A wake-up that came meanwhile stays to be consumed.
    void arise() noexcept
    {
        State expected = Asleep;
        m_state.compare_exchange_strong(expected, Awake, std::memory_order_acq_rel,
                                        std::memory_order_acquire);
    }

    /// Any thread: is there a wake-up that nobody consumed yet?
    bool isNotified() const noexcept { return m_state.load() == Notified; }
    /// Any thread: does the loop sleep, unnotified? Only a hint, it may change at once.
    bool isAsleep() const noexcept { return m_state.load(std::memory_order_relaxed) == Asleep; }

private:
    enum State : int { Awake, Asleep, Notified };
    std::atomic<State> m_state{Awake};
};

} // namespace Flywheel
