// SPDX-License-Identifier: MIT
#pragma once

#include "model/loop.h"

#include <QtCore/qrect.h>

#include <optional>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// Where the handlers of one loop are drawn: one row for each level of nested loops, the outermost on top.
struct TimelineLane
{
    /// Deeper levels share the last row.
    static constexpr int MostRows = 6;

    Loop *loop;
    QRectF rect; ///< of the handlers, without the name beside them
    int rows = 1;

    static int rowsOf(const Loop &loop);
    double rowHeight() const { return rect.height() / rows; }
    QRectF rowRect(int row) const;
    /// The row at \a y, which is within rect.
    int rowAt(double y) const;
};

/// What a lane needs to know of the window.
struct TimelineMoment
{
    TimeSpan span;                       ///< the time from the left edge of a lane to its right one
    Time now{};                          ///< the latest time about which something is known
    std::optional<LoggedHandler> chosen; ///< of this lane
};

/// Draws the handlers and stalls of a lane, and why there are none. Takes the painter's font for names.
void paintLane(QPainter &painter, const TimelineLane &lane, const TimelineMoment &moment);

} // namespace Flywheel::Monitor
