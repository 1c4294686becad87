// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <ctime>

namespace Flywheel {

using Nanoseconds = std::chrono::nanoseconds;

/// A point of the monotonic clock (CLOCK_MONOTONIC), the one of QElapsedTimer and QDeadlineTimer. Wall-clock
/// time is never used for intervals.
using Instant = std::chrono::time_point<std::chrono::steady_clock, Nanoseconds>;

/// "No deadline": later than anything that happens.
inline constexpr Instant Never = Instant::max();
/// "Do not wait": earlier than anything that happens.
inline constexpr Instant Immediately = Instant::min();

/// Reads the time. A function pointer, so that tests can stop and advance it.
using ClockFunction = Instant (*)();

inline Instant steadyNow()
{
    return std::chrono::steady_clock::now();
}

/// The monotonic clock as of the last tick (1-10 ms ago), at a fraction of the cost where the system offers
/// that.
inline Instant coarseNow()
{
#ifdef CLOCK_MONOTONIC_COARSE
    timespec now{};
    if (::clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0)
        return Instant(std::chrono::seconds(now.tv_sec) + Nanoseconds(now.tv_nsec));
#endif
    return steadyNow();
}

/// How much the system clock is ahead of the monotonic one, up to the time between two readings.
inline Nanoseconds wallOffset()
{
    return std::chrono::system_clock::now().time_since_epoch() - steadyNow().time_since_epoch();
}

/// \a from + \a interval, or Never where the sum is beyond the clock.
constexpr Instant after(Instant from, Nanoseconds interval)
{
    return interval > Never - from ? Never : from + interval;
}

} // namespace Flywheel
