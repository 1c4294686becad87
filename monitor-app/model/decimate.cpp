// SPDX-License-Identifier: MIT
#include "decimate.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

using Iterator = std::vector<Point>::const_iterator;

bool isEarlier(const Point &point, Time time)
{
    return point.at < time;
}

bool isLower(const Point &a, const Point &b)
{
    return a.value < b.value;
}

/// From the nearest point before \a visible to the nearest one after it.
std::pair<Iterator, Iterator> relevant(const std::vector<Point> &points, const TimeSpan &visible)
{
    auto first = std::lower_bound(points.begin(), points.end(), visible.begin, isEarlier);
    auto last = std::lower_bound(first, points.end(), visible.end, isEarlier);
    if (first != points.begin())
        --first;
    if (last != points.end())
        ++last;
    return {first, last};
}

/// Two points at most: the lowest and the highest, in their order.
void appendExtremes(std::vector<Point> &result, Iterator first, Iterator last)
{
    if (first == last)
        return;
    const auto [lowest, highest] = std::minmax_element(first, last, isLower);
    result.push_back(*std::min(lowest, highest));
    if (lowest != highest)
        result.push_back(*std::max(lowest, highest));
}

/// Three points at most: a gap between the highest ones before and after it.
void appendAroundGap(std::vector<Point> &result, Iterator first, Iterator gap, Iterator last)
{
    if (first != gap)
        result.push_back(*std::max_element(first, gap, isLower));
    result.push_back(*gap);
    double highest = 0;
    Iterator best = last;
    for (Iterator at = gap; at != last; ++at) {
        if (!at->isGap() && (best == last || at->value > highest)) {
            best = at;
            highest = at->value;
        }
    }
    if (best != last)
        result.push_back(*best);
}

void appendSlice(std::vector<Point> &result, Iterator first, Iterator last)
{
    const auto gap = std::find_if(first, last, [](const Point &point) { return point.isGap(); });
    if (gap == last)
        appendExtremes(result, first, last);
    else
        appendAroundGap(result, first, gap, last);
}

/// A width of slices, so that at most \a slices of them touch \a length; only rarely another one, so that a
/// view whose length changes little keeps its slices.
Duration sliceWidth(Duration length, std::size_t slices)
{
    const Duration::rep wanted =
        length.count() / static_cast<Duration::rep>(std::max<std::size_t>(slices, 2) - 1) + 1;
    Duration::rep width = 1;
    while (width * 10 <= wanted)
        width *= 10;
    return Duration((wanted + width / 10) / std::max<Duration::rep>(width / 10, 1) *
                    std::max<Duration::rep>(width / 10, 1));
}

} // namespace

std::vector<Point> decimate(const std::vector<Point> &points, TimeSpan visible, std::size_t most)
{
    const auto [first, last] = relevant(points, visible);
    if (static_cast<std::size_t>(last - first) <= most)
        return {first, last};

    const bool hasGaps = std::any_of(first, last, [](const Point &point) { return point.isGap(); });
    // The points at either side of what is visible may each open a slice of their own.
    const std::size_t slices = std::max<std::size_t>(most / (hasGaps ? 3 : 2), 3) - 2;
    const Duration width = sliceWidth(visible.length(), slices);
    std::vector<Point> result;
    result.reserve(most);
    for (Iterator at = first; at != last;) {
        const auto slice = at->at / width;
        const auto end =
            std::find_if(at, last, [&](const Point &point) { return point.at / width != slice; });
        appendSlice(result, at, end);
        at = end;
    }
    return result;
}

} // namespace Flywheel::Monitor
