// SPDX-License-Identifier: MIT
#pragma once

#include "plotoverlay.h"

#include <QtGui/qfontmetrics.h>

/// Stalls and crossings of thresholds on a plot: where they lie, which of them share a place, and how they
/// look.
namespace Flywheel::Monitor {

/// Marks of the same shape that lie too close to be told apart.
struct MarkCluster
{
    TimeMark::Shape shape;
    const TimeMark *worst; ///< the longest of them; of the overlay
    std::size_t count;
    double left, right; ///< where the first and the last of them begin, in pixels
    double x() const { return left; }
};

/// Those that are within \a plot, from left to right.
std::vector<MarkCluster> clustersOf(const PlotOverlay &overlay, const QRectF &plot);
/// Where the sign (▼, ◆) at \a x stands.
QRectF markRect(double x, const QRectF &plot);
/// From begin to end; nothing for one without a length.
QRectF stallRect(const PlotOverlay &overlay, const TimeMark &mark, const QRectF &plot);

/// What stands beside a sign: how long the stall took and who it was, or how many there are.
struct MarkLabel
{
    QString text;
    QRectF rect;   ///< in the row of the signs; covers none of them, and no other label
    bool stressed; ///< of a stall that goes on
};

/// Those that have room. Without room for the receiver a label tells the duration only.
std::vector<MarkLabel> labelsOf(const PlotOverlay &overlay, const QRectF &plot, const QFontMetricsF &metrics);

void paintMarks(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot);

} // namespace Flywheel::Monitor
