// SPDX-License-Identifier: MIT
#include "timelinerows.h"

#include <cmath>
#include <numeric>

namespace Flywheel::Monitor {

namespace {

constexpr auto Batch = static_cast<std::size_t>(HandlerKind::PostedBatch);
constexpr auto Event = static_cast<std::size_t>(HandlerKind::PostedEvent);

/// A handler of less than a column.
void addNarrow(TimelineRow &row, const LoggedHandler &handler, double left, double right)
{
    const auto last = static_cast<double>(row.columns.size() - 1);
    const auto kind = static_cast<std::size_t>(handler.kind);
    const double column = std::clamp(std::floor(left), 0.0, last);
    TimelineColumn &first = row.columns[static_cast<std::size_t>(column)];
    const double edge = std::min(right, column + 1);
    ++first.count;
    first.share[kind] += static_cast<float>(edge - std::max(left, column));
    if (right > edge && column < last) {
        TimelineColumn &next = row.columns[static_cast<std::size_t>(column) + 1];
        ++next.count;
        next.share[kind] += static_cast<float>(right - edge);
    }
}

bool isDrawnBefore(const TimelineBar &a, const TimelineBar &b)
{
    return a.handler.begin != b.handler.begin ? a.handler.begin < b.handler.begin
                                              : a.handler.end > b.handler.end;
}

Duration distanceFrom(const LoggedHandler &handler, Time time)
{
    return std::max({handler.begin - time, time - handler.end, Duration::zero()});
}

} // namespace

HandlerKind TimelineColumn::kind() const
{
    return static_cast<HandlerKind>(std::max_element(share.begin(), share.end()) - share.begin());
}

double TimelineColumn::busy() const
{
    const double all = std::accumulate(share.begin(), share.end(), 0.0);
    return std::clamp(all - std::min(share[Batch], share[Event]), 0.0, 1.0);
}

int timelineRowOf(const LoggedHandler &handler, int rows)
{
    return std::clamp(handler.depth - 1, 0, rows - 1);
}

std::vector<TimelineRow> timelineRows(const HandlerLog &log, TimeSpan span, int columns, int rows)
{
    std::vector<TimelineRow> result(static_cast<std::size_t>(rows));
    for (TimelineRow &row : result)
        row.columns.resize(static_cast<std::size_t>(columns));
    const double scale = columns / double(std::max<Duration::rep>(span.length().count(), 1));
    log.forEach(span, [&](const LoggedHandler &handler) {
        TimelineRow &row = result[static_cast<std::size_t>(timelineRowOf(handler, rows))];
        const double left = double((handler.begin - span.begin).count()) * scale;
        const double right = double((handler.end - span.begin).count()) * scale;
        if (right - left >= 1)
            row.bars.push_back({left, right, handler});
        else
            addNarrow(row, handler, left, right);
    });
    for (TimelineRow &row : result)
        std::ranges::sort(row.bars, isDrawnBefore);
    return result;
}

std::optional<NamedHandler> handlerAt(const HandlerLog &log, Time time, Duration reach, int row, int rows)
{
    std::optional<LoggedHandler> best;
    const auto isBetter = [time](const LoggedHandler &a, const LoggedHandler &b) {
        const bool isIn = distanceFrom(a, time) == Duration::zero();
        const bool isOtherIn = distanceFrom(b, time) == Duration::zero();
        if (isIn != isOtherIn)
            return isIn;
        return isIn ? a.duration() < b.duration() : a.duration() > b.duration();
    };
    log.forEach({time - reach, time + reach}, [&](const LoggedHandler &handler) {
        if (timelineRowOf(handler, rows) == row && (!best || isBetter(handler, *best)))
            best = handler;
    });
    return best ? std::optional(log.named(*best)) : std::nullopt;
}

} // namespace Flywheel::Monitor
