// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "platform/cyclecounter.h"

#include <cstdint>

namespace Flywheel {

/// Reads a processor's counter, or, in tests, what they put in its place.
using CounterFunction = std::uint64_t (*)();

/// The monotonic clock of one thread, read by the cycle counter where that can be had, because the system's
/// clock costs twice as much.
///
/// The counter only measures from the last reading of the system's clock, for LongestSpan at most. So what
/// the system does to its clock (slewing, a suspend, another clock source) is followed at once, and a counter
/// that jumps (a thread that moves to a processor whose counter is not synchronised, a virtual machine that
/// moves) does no harm for longer. Where the two do not agree, the counter's rate is measured anew; after
/// MostSurprises of these in short time the counter is not used any more.
///
/// A time is never ahead of the system's clock, and behind it by less than a microsecond, unless the kernel
/// changes the rate of its clock by more than 60 ppm within a second.
class TickClock
{
public:
    static constexpr Nanoseconds LongestSpan = std::chrono::milliseconds(4);
    /// Over this time the rate of the counter is measured first, and then again and again.
    static constexpr Nanoseconds FirstBaseline = std::chrono::milliseconds(10);
    static constexpr Nanoseconds Baseline = std::chrono::seconds(1);
    static constexpr int MostSurprises = 8;

    /// \a counter: null if there is none.
    TickClock(ClockFunction clock, CounterFunction counter) noexcept : m_clock(clock), m_counter(counter) {}

    /// The counter that replaces \a clock: the processor's for steadyNow(), if the kernel trusts it and the
    /// environment variable FLYWHEEL_CYCLE_COUNTER is not 0; null for other clocks.
    static CounterFunction counterFor(ClockFunction clock) noexcept;

    Instant now() noexcept
    {
        if (m_span != 0) [[likely]] {
            const std::uint64_t ticks = readCounter() - m_anchorTicks;
            if (ticks < m_span) [[likely]]
                return m_anchor + Nanoseconds(static_cast<std::int64_t>(ticks * m_scale >> ScaleBits));
        }
        return readSystem();
    }

    /// Reads the system's clock, and measures on from there.
    Instant readSystem() noexcept;

    bool usesCounter() const noexcept { return m_counter != nullptr; }

private:
    static constexpr int ScaleBits = 32;

    std::uint64_t readCounter() const noexcept
    {
        return m_counter == readCycleCounter ? readCycleCounter() : m_counter();
    }
    void anchor(std::uint64_t ticks, Instant now) noexcept;
    bool agrees(std::uint64_t ticks, Instant now) const noexcept;
    void measureAnew(std::uint64_t ticks, Instant now) noexcept;
    void measureRate(std::uint64_t ticks, Instant now) noexcept;

    const ClockFunction m_clock;
    CounterFunction m_counter;
    std::uint64_t m_span = 0;  ///< ticks for which the anchor holds; 0: no rate is known
    std::uint64_t m_scale = 0; ///< nanoseconds a tick, times 2^ScaleBits
    std::uint64_t m_anchorTicks = 0;
    Instant m_anchor{};
    std::uint64_t m_baseTicks = 0; ///< where the measurement of the rate begins
    Instant m_base = Immediately;  ///< Immediately: nowhere yet
    int m_surprises = 0;
    int m_interruptions = 0; ///< in a row
};

} // namespace Flywheel
