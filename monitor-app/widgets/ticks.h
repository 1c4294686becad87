// SPDX-License-Identifier: MIT
#pragma once

#include "model/timespan.h"

#include <QtCore/qstring.h>

#include <functional>
#include <vector>

/// Where axes have ticks and what stands beside them. Pure functions.
namespace Flywheel::Monitor {

struct Tick
{
    double position;
    QString label; ///< empty: a grid line only
};

/// One a power of ten from \a shortest to \a longest, themselves powers of ten; the position is the decimal
/// logarithm of nanoseconds. Each, every second or every third has a label, so that there are at most \a
/// labels if possible.
std::vector<Tick> durationTicks(Duration shortest, Duration longest, int labels);

/// Round numbers from 0 to the first that is not below \a most, at most \a count steps. With \a unit after
/// each.
std::vector<Tick> countTicks(double most, int count, const QString &unit);

struct TimeTick
{
    Time at;
    QString label;
};

/// Round moments of the wall clock within \a span, about \a count at most. \a wallOffset: from the span's
/// clock to the epoch's.
std::vector<TimeTick> timeTicks(const TimeSpan &span, Duration wallOffset, int count);

/// The decimals of a second, at least 3, that tell moments on a chart of \a span apart.
int decimalsIn(const TimeSpan &span);

/// As many as fit below \a length pixels with half a label's width between them. \a textWidth tells how many
/// pixels a label takes.
std::vector<TimeTick> fittingTimeTicks(const TimeSpan &span, Duration wallOffset, double length,
                                       const std::function<double(const QString &)> &textWidth);

} // namespace Flywheel::Monitor
