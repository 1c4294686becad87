// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qnamespace.h>

namespace Flywheel {

/// When a timer of a given type is due. Pure functions: they read no clock.
///
/// The rules come from Qt's documentation of Qt::TimerType. A precise timer is due to the nanosecond. A
/// coarse timer is at most 5 % of its interval off, at an instant that many timers share. A very coarse timer
/// is due at full seconds. If 5 % is less than a millisecond (up to 20 ms), coarse means precise. If it is
/// more than a second (from 20 s), coarse means very coarse.
struct TimerPlan
{
    Qt::TimerType type;   ///< the effective type
    Nanoseconds interval; ///< the effective interval: milliseconds for Coarse, seconds for VeryCoarse
    Instant deadline;     ///< the first one, never before the start
    Instant exact;        ///< the same before rounding; the next one is counted from here
};

/// Returns the plan of a timer that starts at \a now. \a interval must not be negative.
TimerPlan planTimer(Qt::TimerType type, Nanoseconds interval, Instant now);

/// When a timer is due.
struct Deadline
{
    Instant due;
    Instant exact; ///< not rounded: if roundings added up, a coarse timer would run too fast or too slow
};

/// Returns the deadline after the one at \a exact, for a timer that fires at \a now. If deadlines were
/// missed, the next one is a full interval from now.
Deadline followingDeadline(Qt::TimerType type, Nanoseconds interval, Instant exact, Instant now);
/// Returns followingDeadline().due.
Instant nextDeadline(Qt::TimerType type, Nanoseconds interval, Instant exact, Instant now);

} // namespace Flywheel
