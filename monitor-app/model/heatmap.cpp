// SPDX-License-Identifier: MIT
#include "heatmap.h"

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

/// The columns whose middles lie in \a covered, or else the one that its middle lies in.
std::pair<std::size_t, std::size_t> columnsOf(const TimeSpan &covered, const TimeSpan &span,
                                              std::size_t count)
{
    const double width = static_cast<double>(span.length().count()) / static_cast<double>(count);
    const auto place = [&](Time time) { return static_cast<double>((time - span.begin).count()) / width; };
    const auto clamped = [&](double column) {
        return static_cast<std::size_t>(std::clamp(column, 0.0, static_cast<double>(count)));
    };
    const std::size_t first = clamped(std::ceil(place(covered.begin) - 0.5));
    const std::size_t last = clamped(std::ceil(place(covered.end) - 0.5));
    if (first < last)
        return {first, last};
    const double middle = place(covered.begin + covered.length() / 2);
    if (middle < 0 || middle >= static_cast<double>(count))
        return {0, 0};
    return {clamped(middle), clamped(middle) + 1};
}

using RowTable = std::array<std::uint8_t, CompactHistogram::BucketCount>;

/// A logarithm for each bucket of each sample would take most of a picture's time.
const RowTable &rowsOfBuckets()
{
    static const RowTable table = [] {
        RowTable rows{};
        for (std::uint32_t bucket = 0; bucket < rows.size(); ++bucket)
            rows[bucket] = static_cast<std::uint8_t>(HeatMap::rowOf(CompactHistogram::middle(bucket)));
        return rows;
    }();
    return table;
}

} // namespace

HeatMap::HeatMap(TimeSpan timeSpan, std::size_t columnCount)
    : span(timeSpan)
    , columns(columnCount)
    , known(columnCount)
{
    for (auto &column : columns)
        column.fill(0);
}

void HeatMap::add(const Sample &sample, SeriesKind series)
{
    if (columns.empty() || span.isEmpty())
        return;
    const RowTable &rows = rowsOfBuckets();
    const auto [first, last] = columnsOf(sample.span, span, columns.size());
    for (std::size_t column = first; column < last; ++column) {
        known[column] = true;
        sample.of(series).histogram.forEachBucket([&](std::uint32_t bucket, std::uint64_t count) {
            std::uint32_t &cell = columns[column][rows[bucket]];
            cell += static_cast<std::uint32_t>(count);
            maximum = std::max(maximum, cell);
        });
    }
}

std::size_t HeatMap::rowOf(Duration duration)
{
    if (duration <= Shortest)
        return 0;
    const double decades =
        std::log10(static_cast<double>(duration.count()) / static_cast<double>(Shortest.count()));
    return std::min(static_cast<std::size_t>(decades * RowsPerDecade), Rows - 1);
}

Duration HeatMap::lowerBound(std::size_t row)
{
    const double decades = static_cast<double>(row) / RowsPerDecade;
    return Duration(std::llround(static_cast<double>(Shortest.count()) * std::pow(10.0, decades)));
}

} // namespace Flywheel::Monitor
