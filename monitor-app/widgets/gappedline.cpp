// SPDX-License-Identifier: MIT
#include "gappedline.h"

#include <QtCharts/qabstractaxis.h>
#include <QtCharts/qchart.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace Flywheel::Monitor {

namespace {

/// A lone point would be no line: it becomes a dash that is seen on most screens.
QList<QPointF> drawable(const QList<QPointF> &run, const Points &all)
{
    if (run.size() > 1)
        return run;
    const double dash = std::max(chartX(all.back().at - all.front().at) / 150, 1e-3);
    return {QPointF(run.front().x() - dash, run.front().y()), run.front()};
}

} // namespace

std::vector<QList<QPointF>> unbroken(const Points &points)
{
    std::vector<QList<QPointF>> runs;
    bool open = false;
    for (const Point &point : points) {
        if (!point.isGap() && !open)
            runs.emplace_back();
        if (!point.isGap())
            runs.back().append({chartX(point.at), point.value});
        open = !point.isGap();
    }
    return runs;
}

Duration reachIn(const TimeSpan &visible)
{
    // Old samples are a second long; of the points of a long span, decimation keeps one in two pixels.
    return std::max<Duration>(std::chrono::milliseconds(1100), visible.length() / 100);
}

double valueAt(const Points &points, Time time, Duration reach)
{
    const auto at = std::lower_bound(points.begin(), points.end(), time,
                                     [](const Point &point, Time value) { return point.at < value; });
    if (at == points.end())
        return std::numeric_limits<double>::quiet_NaN();
    // A gap ends where the first point after it begins to tell, and that is near it.
    const bool endsGap = at != points.begin() && std::prev(at)->isGap();
    const bool near = at->at - time <= (endsGap ? reach / 4 : reach);
    return near ? at->value : std::numeric_limits<double>::quiet_NaN();
}

double largest(const Points &points)
{
    double most = 0;
    for (const Point &point : points)
        most = std::max(most, point.isGap() ? 0 : point.value);
    return most;
}

GappedLine::GappedLine(QChart *chart, QAbstractAxis *x, QAbstractAxis *y) : m_chart(chart), m_x(x), m_y(y) {}

QLineSeries *GappedLine::addSeries()
{
    auto *series = new QLineSeries;
    series->setPen(m_pen);
    m_chart->addSeries(series);
    series->attachAxis(m_x);
    series->attachAxis(m_y);
    m_series.push_back(series);
    return series;
}

void GappedLine::setPen(const QPen &pen)
{
    m_pen = pen;
    for (QLineSeries *series : m_series)
        series->setPen(pen);
}

void GappedLine::setPoints(const Points &points)
{
    m_points = points;
    const std::vector<QList<QPointF>> runs = unbroken(points);
    while (m_series.size() < runs.size())
        addSeries();
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        if (i < runs.size())
            m_series[i]->replace(drawable(runs[i], points));
        else if (m_series[i]->count() > 0)
            m_series[i]->clear();
    }
}

std::vector<const QLineSeries *> GappedLine::series() const
{
    std::vector<const QLineSeries *> shown;
    for (const QLineSeries *series : m_series)
        if (series->count() > 0)
            shown.push_back(series);
    return shown;
}

} // namespace Flywheel::Monitor
