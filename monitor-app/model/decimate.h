// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <cmath>
#include <limits>
#include <vector>

namespace Flywheel::Monitor {

/// A point of a curve. If the value is NaN, nothing is known there, and the line is broken.
struct Point
{
    Time at{};
    double value = 0;

    static Point gap(Time at) { return {at, std::numeric_limits<double>::quiet_NaN()}; }
    bool isGap() const { return std::isnan(value); }
};

/// Returns at most \a most points (at least 4) of a curve for a chart that shows \a visible. \a points must
/// ascend in time. Each slice of time keeps its lowest and its highest point, in their order, so that no
/// spike disappears. Gaps stay. Slices are multiples of a time and do not depend on where \a visible begins,
/// so a curve that scrolls does not flicker. Outside of \a visible only the nearest point on each side stays.
std::vector<Point> decimate(const std::vector<Point> &points, TimeSpan visible, std::size_t most);

} // namespace Flywheel::Monitor
