// SPDX-License-Identifier: MIT
#pragma once

#include "handlerlog.h"

#include <array>
#include <vector>

namespace Flywheel::Monitor {

/// The handlers of one column that are narrower than it.
struct TimelineColumn
{
    std::uint32_t count = 0;
    std::array<float, HandlerKindCount> share{}; ///< of the column's time, by HandlerKind

    /// What kind ran longest.
    HandlerKind kind() const;
    /// Of the column's time, from 0 to 1. A batch of posted events does not count twice.
    double busy() const;
};

/// A handler that is at least a column wide. The unit is a column, from the left edge on.
struct TimelineBar
{
    double left = 0; ///< may be less than 0, as right may be more than there are columns
    double right = 0;
    LoggedHandler handler;
};

/// The handlers of one level of nested loops, merged so that none disappears.
struct TimelineRow
{
    std::vector<TimelineColumn> columns;
    std::vector<TimelineBar> bars; ///< by begin; one that contains others comes before them
};

/// Returns what \a log has in \a span for a picture of so many \a columns. Row 0 has the handlers of the
/// outermost loop, row 1 those of loops inside of them, and so on; the last of \a rows has all deeper ones
/// too.
std::vector<TimelineRow> timelineRows(const HandlerLog &log, TimeSpan span, int columns, int rows);

/// Returns the row of a handler.
int timelineRowOf(const LoggedHandler &handler, int rows);

/// Returns the handler that ran at \a time in a row: of several the shortest, of none the longest that ran
/// less than \a reach away.
std::optional<NamedHandler> handlerAt(const HandlerLog &log, Time time, Duration reach, int row, int rows);

} // namespace Flywheel::Monitor
