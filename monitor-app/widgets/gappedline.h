// SPDX-License-Identifier: MIT
#pragma once

#include "model/decimate.h"

#include <QtCharts/qlineseries.h>
#include <QtCore/qlist.h>
#include <QtCore/qpoint.h>
#include <QtGui/qpen.h>

#include <vector>

QT_BEGIN_NAMESPACE
class QChart;
class QAbstractAxis;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// A curve: times ascend.
using Points = std::vector<Point>;

/// Where \a time lies on the horizontal axis of all charts: seconds.
inline double chartX(Time time)
{
    return std::chrono::duration<double>(time).count();
}
/// The runs of \a points between the gaps, each not empty, as a chart takes them.
std::vector<QList<QPointF>> unbroken(const Points &points);
/// How far from a moment a point may lie that still tells of it, in a chart that shows \a visible.
Duration reachIn(const TimeSpan &visible);
/// The value at the first point that is not before \a time, for a point tells of the time that ends there;
/// not a number after the last point, in a gap, and where the point is more than \a reach away.
double valueAt(const Points &points, Time time, Duration reach);
double largest(const Points &points); ///< 0 if there are none
/// \a change(value) of each point; gaps stay.
template <typename Change>
Points changed(Points points, Change &&change)
{
    for (Point &point : points)
        if (!point.isGap())
            point.value = change(point.value);
    return points;
}

/// One line that may have gaps. Qt Charts' own lines bridge them, hence one QLineSeries for each unbroken
/// run; they are kept for the next time, since adding series costs more than all their points.
class GappedLine
{
public:
    /// The chart and the axes own the series and must live longer.
    GappedLine(QChart *chart, QAbstractAxis *x, QAbstractAxis *y);

    void setPen(const QPen &pen);
    const QPen &pen() const { return m_pen; }
    void setPoints(const Points &points);
    const Points &points() const { return m_points; }
    /// The series now shown, one for each run.
    std::vector<const QLineSeries *> series() const;

private:
    QLineSeries *addSeries();

    QChart *m_chart;
    QAbstractAxis *m_x;
    QAbstractAxis *m_y;
    QPen m_pen;
    Points m_points;
    std::vector<QLineSeries *> m_series;
};

} // namespace Flywheel::Monitor
