// SPDX-License-Identifier: MIT
#pragma once

// First: moc 6.4 stumbles over <compare> where no Qt header came before it.
#include <QtCore/qglobal.h>

#include <chrono>

namespace Flywheel::Monitor {

/// A time on the monotonic clock of the watched machine, which all its processes share. Charts and spans use
/// it. The wall clock is for labels only.
using Time = std::chrono::nanoseconds;
using Duration = std::chrono::nanoseconds;
using WallTime = std::chrono::system_clock::time_point;

/// Returns \a a + \a b, or the longest duration if the sum is too large.
inline Duration saturatedSum(Duration a, Duration b)
{
    return b > Duration::zero() && a > Duration::max() - b ? Duration::max() : a + b;
}

/// From \a begin up to \a end, exclusive.
struct TimeSpan
{
    Time begin{};
    Time end{};

    Duration length() const { return end > begin ? end - begin : Duration::zero(); }
    bool isEmpty() const { return end <= begin; }
    bool contains(Time time) const { return time >= begin && time < end; }
    bool overlaps(const TimeSpan &other) const { return begin < other.end && other.begin < end; }
    bool operator==(const TimeSpan &) const = default;
};

} // namespace Flywheel::Monitor
