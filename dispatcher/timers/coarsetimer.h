// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qnamespace.h>

namespace Flywheel {

/// When a timer is due, given its type: pure functions, no clock is read.
///
/// The rules are those of Qt's documentation of Qt::TimerType. Precise: to the nanosecond. Coarse: at most 5
/// % of the interval away from the exact time, at an instant that many timers share. VeryCoarse: at full
/// seconds. Where 5 % is under a millisecond (20 ms and less) coarse means precise; where it is over a second
/// (20 s and more), very coarse.
struct TimerPlan
{
    Qt::TimerType type;   ///< the effective type
    Nanoseconds interval; ///< the effective interval: milliseconds for Coarse, seconds for VeryCoarse
    Instant deadline;     ///< the first one, never before the start
    Instant exact;        ///< the same before it was rounded: what the next one is counted from
};

/// The plan of a timer that is started at \a now. \a interval is not negative.
TimerPlan planTimer(Qt::TimerType type, Nanoseconds interval, Instant now);

/// When a timer is due.
struct Deadline
{
    Instant due;
    Instant exact; ///< not rounded: roundings must not add up, or a coarse timer runs too fast or too slow
};

/// The deadline after the one that was exactly at \a exact, for a timer that fires at \a now. Deadlines that
/// were missed are skipped: the next one is a full interval from now.
Deadline followingDeadline(Qt::TimerType type, Nanoseconds interval, Instant exact, Instant now);
/// followingDeadline().due
Instant nextDeadline(Qt::TimerType type, Nanoseconds interval, Instant exact, Instant now);

} // namespace Flywheel
