// SPDX-License-Identifier: MIT
#pragma once

#include "ticks.h"

#include <QtCore/qrect.h>
#include <QtGui/qcolor.h>
#include <QtGui/qfont.h>

#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// A moment that a chart points at from above: a stall (▼), or the crossing of a threshold (◆).
struct TimeMark
{
    enum class Shape { Stall, Threshold };
    Time time{};
    Shape shape = Shape::Stall;
    QString text; ///< for a tooltip; plain
    Time end{};   ///< of a stall: it lasted so long; not after time: it has no length
    bool ongoing = false;
    QString label{}; ///< what a chart with room writes beside it: duration · receiver
};

/// One line of what stands beside the cursor, and of the legend.
struct LegendEntry
{
    QString name;
    QColor color;
    double width = 1.5;
    Qt::PenStyle style = Qt::SolidLine;
    bool filled = false; ///< an area: the legend shows a box instead of a line
    QString value;       ///< at the cursor; empty in the legend
};

/// What every chart over time has in common on top of its curves: time axis labels, marks, selection, cursor
/// with values, title and legend. State to fill in, and one function that draws it.
struct PlotOverlay
{
    TimeSpan span;
    Duration wallOffset{}; ///< from the span's clock to the epoch's
    std::optional<Time> cursor;
    std::optional<TimeSpan> selection;
    std::vector<TimeMark> marks;
    QString title;
    std::vector<LegendEntry> legend;
    bool legendKeepsFirst = false;   ///< of the legend: the last are left out where room is short
    std::vector<LegendEntry> values; ///< at the cursor
    std::vector<Tick>
        left; ///< of the vertical axes: labels stand beside the curves, ticks at equal distances
    std::vector<Tick> right;   ///< likewise; empty: none
    bool labelsStalls = false; ///< durations and receivers stand beside the marks

    double xOf(Time time, const QRectF &plot) const;
    Time timeOf(double x, const QRectF &plot) const;
    /// The mark under the pointer, of several that share its place the longest; null if there is none.
    const TimeMark *markAt(const QPointF &position, const QRectF &plot) const;
    /// The wall clock at the cursor, as the read-out shows it; empty without a cursor.
    QString cursorTime() const;
    /// What a tooltip says there, as plain text: about a mark, or the whole legend above the plot.
    QString toolTipAt(const QPointF &position, const QRectF &plot) const;

    /// \a plot: the rectangle of the curves, inside the device that \a painter draws on, with room above and
    /// below.
    void paint(QPainter &painter, const QRectF &plot) const;
};

/// The frame of a chart that has the keyboard.
void paintFocus(QPainter &painter, const QRect &chart);

/// How much room an overlay's parts and the labels of a chart need around the curves, by the font.
struct PlotMargins
{
    int left, top, right, bottom;
    static PlotMargins of(const QFont &font);
    QRect plotIn(const QRect &outer) const;
};

} // namespace Flywheel::Monitor
