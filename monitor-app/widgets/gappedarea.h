// SPDX-License-Identifier: MIT
#pragma once

#include "gappedline.h"

#include <QtGui/qbrush.h>

#include <vector>

QT_BEGIN_NAMESPACE
class QAreaSeries;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// The area between two lines that share their x values and their gaps.
class GappedArea
{
public:
    /// The chart and the axes own the series and must live longer.
    GappedArea(QChart *chart, QAbstractAxis *x, QAbstractAxis *y);

    void setColor(const QColor &color);
    void setPoints(const Points &upper, const Points &lower);
    const Points &upper() const { return m_upper; }
    const Points &lower() const { return m_lower; }

private:
    void addSeries();

    QChart *m_chart;
    QAbstractAxis *m_x;
    QAbstractAxis *m_y;
    QColor m_color;
    Points m_upper, m_lower;
    std::vector<QAreaSeries *> m_series;
};

} // namespace Flywheel::Monitor
