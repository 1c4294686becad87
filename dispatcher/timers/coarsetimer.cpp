// SPDX-License-Identifier: MIT
#include "timers/coarsetimer.h"

#include <array>

namespace Flywheel {

using namespace std::chrono_literals;

namespace {

constexpr Nanoseconds PreciseUpTo = 20ms;
constexpr Nanoseconds VeryCoarseFrom = 20s;

/// Instants to meet at, the most shared first. 2 ms is always in reach: the tolerance is over 1 ms.
constexpr std::array<Nanoseconds, 9> Grids{1000ms, 500ms, 250ms, 200ms, 100ms, 50ms, 25ms, 4ms, 2ms};

constexpr Instant nearestMultiple(Instant instant, Nanoseconds grid)
{
    const Nanoseconds offset = instant.time_since_epoch() % grid;
    return offset * 2 < grid ? instant - offset : instant - offset + grid;
}

/// The most shared instant within 5 % of \a interval around \a exact, not before \a now.
Instant coarseDeadline(Instant exact, Nanoseconds interval, Instant now)
{
    const Nanoseconds tolerance = interval / 20;
    for (const Nanoseconds grid : Grids) {
        const Instant candidate = nearestMultiple(exact, grid);
        if (candidate >= now && candidate >= exact - tolerance && candidate <= exact + tolerance)
            return candidate;
    }
    return exact;
}

Nanoseconds wholeSeconds(Nanoseconds interval)
{
    if (interval == 0ns)
        return 0ns; // "when idle", for this type as well
    const Nanoseconds full = std::chrono::floor<std::chrono::seconds>(interval);
    const bool roundsUp = interval - full >= 500ms && full <= Nanoseconds::max() - 1s;
    return std::max<Nanoseconds>(roundsUp ? full + 1s : full, 1s);
}

/// The first full second that is not before \a instant, or Never where that is beyond the clock.
Instant fullSecondFrom(Instant instant)
{
    return instant > Never - 1s ? Never : std::chrono::ceil<std::chrono::seconds>(instant);
}

TimerPlan planVeryCoarse(Nanoseconds interval, Instant now)
{
    const Nanoseconds seconds = wholeSeconds(interval);
    const Instant deadline =
        seconds == 0ns ? now : after(std::chrono::round<std::chrono::seconds>(now), seconds);
    return {Qt::VeryCoarseTimer, seconds, deadline, deadline};
}

} // namespace

TimerPlan planTimer(Qt::TimerType type, Nanoseconds interval, Instant now)
{
    if (type == Qt::VeryCoarseTimer || (type == Qt::CoarseTimer && interval >= VeryCoarseFrom))
        return planVeryCoarse(interval, now);
    if (type == Qt::PreciseTimer || interval <= PreciseUpTo)
        return {Qt::PreciseTimer, interval, after(now, interval), after(now, interval)};
    const Nanoseconds rounded = std::chrono::ceil<std::chrono::milliseconds>(interval);
    return {Qt::CoarseTimer, rounded, coarseDeadline(now + rounded, rounded, now), now + rounded};
}

Deadline followingDeadline(Qt::TimerType type, Nanoseconds interval, Instant exact, Instant now)
{
    Instant next = after(exact, interval);
    if (next < now)
        next = after(now, interval);
    switch (type) {
    case Qt::PreciseTimer:
        return {next, next};
    case Qt::CoarseTimer:
        return {coarseDeadline(next, interval, now), next};
    case Qt::VeryCoarseTimer:
        next = interval == 0ns ? next : fullSecondFrom(next);
        return {next, next};
    }
    Q_UNREACHABLE();
}

Instant nextDeadline(Qt::TimerType type, Nanoseconds interval, Instant exact, Instant now)
{
    return followingDeadline(type, interval, exact, now).due;
}

} // namespace Flywheel
