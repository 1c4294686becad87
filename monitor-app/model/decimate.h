// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <cmath>
#include <limits>
#include <vector>

namespace Flywheel::Monitor {

/// A point of a curve. A NaN as value breaks the line: nothing is known there.
struct Point
{
    Time at{};
    double value = 0;

    static Point gap(Time at) { return {at, std::numeric_limits<double>::quiet_NaN()}; }
    bool isGap() const { return std::isnan(value); }
};

/// At most \a most points (from 4 up) of the curve \a points, which ascend in time, for a chart that shows
/// \a visible: of each slice of time its lowest and its highest point, in their order, so that no spike
/// disappears; gaps stay. Slices are bound to the clock, not to \a visible, so that a curve that scrolls does
/// not flicker. Points outside of \a visible are left out, but for the nearest one at either side.
std::vector<Point> decimate(const std::vector<Point> &points, TimeSpan visible, std::size_t most);

} // namespace Flywheel::Monitor
