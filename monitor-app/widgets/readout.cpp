// SPDX-License-Identifier: MIT
#include "readout.h"

#include "model/format.h"

#include <cmath>

namespace Flywheel::Monitor {

namespace {

template <typename Text>
QString textAt(const Points &points, Time time, Duration reach, Text &&text)
{
    const double value = valueAt(points, time, reach);
    return std::isnan(value) ? Format::none() : text(value);
}

} // namespace

QString durationAt(const Points &nanoseconds, Time time, Duration reach)
{
    return textAt(nanoseconds, time, reach,
                  [](double value) { return Format::duration(Duration(std::llround(value))); });
}

QString rateAt(const Points &perSecond, Time time, Duration reach)
{
    return textAt(perSecond, time, reach, Format::rate);
}

QString shareAt(const Points &shares, Time time, Duration reach)
{
    return textAt(shares, time, reach, Format::percent);
}

QString countAt(const Points &counts, Time time, Duration reach)
{
    return textAt(counts, time, reach, Format::mean);
}

} // namespace Flywheel::Monitor
