// SPDX-License-Identifier: MIT
#include "gappedarea.h"

#include <QtCharts/qabstractaxis.h>
#include <QtCharts/qareaseries.h>
#include <QtCharts/qchart.h>

namespace Flywheel::Monitor {

GappedArea::GappedArea(QChart *chart, QAbstractAxis *x, QAbstractAxis *y) : m_chart(chart), m_x(x), m_y(y) {}

void GappedArea::addSeries()
{
    auto *area = new QAreaSeries;
    area->setUpperSeries(new QLineSeries(area));
    area->setLowerSeries(new QLineSeries(area));
    area->setPen(Qt::NoPen);
    area->setBrush(m_color);
    m_chart->addSeries(area);
    area->attachAxis(m_x);
    area->attachAxis(m_y);
    m_series.push_back(area);
}

void GappedArea::setColor(const QColor &color)
{
    m_color = color;
    for (QAreaSeries *area : m_series)
        area->setBrush(color);
}

void GappedArea::setPoints(const Points &upper, const Points &lower)
{
    m_upper = upper;
    m_lower = lower;
    const auto uppers = unbroken(upper);
    const auto lowers = unbroken(lower);
    while (m_series.size() < uppers.size())
        addSeries();
    for (std::size_t i = 0; i < m_series.size(); ++i) {
        m_series[i]->upperSeries()->replace(i < uppers.size() ? uppers[i] : QList<QPointF>());
        m_series[i]->lowerSeries()->replace(i < lowers.size() ? lowers[i] : QList<QPointF>());
    }
}

} // namespace Flywheel::Monitor
