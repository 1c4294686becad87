// SPDX-License-Identifier: MIT
#pragma once

#include "base/fullfence.h"

#include <atomic>

namespace Flywheel {

/// The wake-up protocol between one loop and any number of posters; tests/model/wakeflag.pml proves it.
///
///     poster: make the work visible; if (flag.notify()) touch the kernel
///     loop:   flag.consume(); take the work; if (flag.fallAsleep()) { wait in the kernel; flag.arise(); }
///
/// A poster pays a system call only if the loop sleeps, and only the first poster does. A poster that finds
/// the loop notified writes nothing, so that many posters share the cache line of the flag. A wake-up is
/// never lost: one that comes after consume() makes fallAsleep() fail, one that comes after fallAsleep()
/// touches the kernel.
///
/// "Visible" means: in atomics, or behind a mutex. Plain data needs a mutex of its own, because a poster that
/// writes nothing here synchronises with nobody.
class WakeFlag
{
public:
    /// Any thread. True: the loop sleeps and the caller must touch the kernel.
    bool notify() noexcept
    {
        if (m_state.load(std::memory_order_relaxed) == Notified) {
            // The work was stored before the state is loaded again, and consume() has the counterpart: either
            // the loop sees the work, or this load sees that the wake-up was consumed meanwhile.
            fullFence();
            if (m_state.load(std::memory_order_relaxed) == Notified)
                return false;
        }
        return m_state.exchange(Notified) == Asleep;
    }

    /// The same for the loop's thread, where it takes no atomic exchange. Signal handlers of that thread may
    /// call it at any point.
    bool notifyFromLoop() noexcept
    {
        // Asleep: a signal handler, or a foreign loop that waits for ours.
        if (m_state.load(std::memory_order_relaxed) == Asleep) [[unlikely]]
            return m_state.exchange(Notified) == Asleep;
        m_notifiedFromLoop.store(true, std::memory_order_relaxed);
        return false;
    }

    /// The loop's thread. True if there was a wake-up since the last consume(). What posters made visible
    /// before notify() is seen afterwards.
    bool consume() noexcept
    {
        bool wasNotified = false;
        if (m_notifiedFromLoop.load(std::memory_order_relaxed)) {
            m_notifiedFromLoop.store(false, std::memory_order_relaxed);
            wasNotified = true;
        }
        // The load keeps the cache line shared while nobody posts.
        if (m_state.load(std::memory_order_relaxed) != Awake) {
            wasNotified |= m_state.exchange(Awake) == Notified;
            fullFence();
        }
        return wasNotified;
    }

    /// The loop's thread. False: there was a wake-up since consume(), do not wait.
    bool fallAsleep() noexcept
    {
        State expected = Awake;
        if (!m_state.compare_exchange_strong(expected, Asleep, std::memory_order_acq_rel,
                                             std::memory_order_acquire))
            return false;
        // In this order: a signal handler that runs in between finds the loop asleep.
        if (!m_notifiedFromLoop.load(std::memory_order_relaxed)) [[likely]]
            return true;
        arise();
        return false;
    }

    /// The loop's thread, after the wait. A wake-up that came meanwhile stays to be consumed.
    void arise() noexcept
    {
        State expected = Asleep;
        m_state.compare_exchange_strong(expected, Awake, std::memory_order_acq_rel,
                                        std::memory_order_acquire);
    }

    /// Any thread: is there a wake-up that nobody consumed yet?
    bool isNotified() const noexcept
    {
        return m_notifiedFromLoop.load(std::memory_order_relaxed) || m_state.load() == Notified;
    }
    /// Any thread: does the loop sleep, unnotified? Only a hint, it may change at once.
    bool isAsleep() const noexcept { return m_state.load(std::memory_order_relaxed) == Asleep; }

private:
    enum State : int { Awake, Asleep, Notified };
    std::atomic<bool> m_notifiedFromLoop{false};   ///< written by the loop's thread alone
    alignas(64) std::atomic<State> m_state{Awake}; ///< shared with posters, so on a line of its own
};

} // namespace Flywheel
