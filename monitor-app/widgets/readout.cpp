// SPDX-License-Identifier: MIT
#include "readout.h"

#include "model/format.h"

#include <cmath>

namespace Flywheel::Monitor {

namespace {

template <typename Text>
QString textAt(const Points &points, Time time, Text &&text)
{
    const double value = valueAt(points, time);
    return std::isnan(value) ? Format::none() : text(value);
}

} // namespace

QString durationAt(const Points &nanoseconds, Time time)
{
    return textAt(nanoseconds, time,
                  [](double value) { return Format::duration(Duration(std::llround(value))); });
}

QString rateAt(const Points &perSecond, Time time)
{
    return textAt(perSecond, time, Format::rate);
}

QString shareAt(const Points &shares, Time time)
{
    return textAt(shares, time, Format::percent);
}

QString countAt(const Points &counts, Time time)
{
    return textAt(counts, time, Format::mean);
}

} // namespace Flywheel::Monitor
