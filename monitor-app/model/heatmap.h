// SPDX-License-Identifier: MIT
#pragma once

#include "sample.h"

#include <array>
#include <vector>

namespace Flywheel::Monitor {

/// Counts by time (columns) and latency (rows). The span should begin at a multiple of a column's length, so
/// that a picture that scrolls does not flicker.
struct HeatMap
{
    /// 8 rows a decade from 1 us to 10 s; shorter durations are in the first row, longer ones in the last.
    static constexpr std::size_t RowsPerDecade = 8;
    static constexpr std::size_t Rows = 7 * RowsPerDecade;
    static constexpr Duration Shortest = std::chrono::microseconds(1);
    static constexpr Duration Longest = std::chrono::seconds(10);

    TimeSpan span;
    std::vector<std::array<std::uint32_t, Rows>> columns; ///< of equal length
    std::vector<bool> known;   ///< by column: false where nothing was measured (a gap)
    std::uint32_t maximum = 0; ///< of all cells

    HeatMap(TimeSpan timeSpan, std::size_t columnCount);
    /// Adds \a sample to the columns that it covers, or to the one that contains it.
    void add(const Sample &sample, SeriesKind series);

    static std::size_t rowOf(Duration duration);
    /// Returns the shortest duration of a row; for Rows, the upper end of the scale.
    static Duration lowerBound(std::size_t row);
};

} // namespace Flywheel::Monitor
