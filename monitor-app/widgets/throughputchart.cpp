// SPDX-License-Identifier: MIT
#include "throughputchart.h"

#include "model/format.h"
#include "readout.h"
#include "theme.h"

#include <QtCharts/qchart.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace Flywheel::Monitor {

namespace {

QColor colorOf(const ThroughputChart::Layer &layer)
{
    return Theme::current().of(layer.kind);
}

/// \a below and \a points, point by point; a gap stays a gap.
Points sum(const Points &below, const Points &points)
{
    Points result = points;
    for (std::size_t i = 0; i < std::min(below.size(), result.size()); ++i)
        result[i].value += below[i].value;
    return result;
}

/// Something like its area.
double sizeOf(const Points &points)
{
    return std::accumulate(points.begin(), points.end(), 0.0, [](double sum, const Point &point) {
        return point.isGap() ? sum : sum + point.value;
    });
}

double zero(double)
{
    return 0;
}

} // namespace

ThroughputChart::ThroughputChart(TimeScope &scope, QWidget *parent)
    : TimeChart(tr("Throughput, events/s"), scope, parent)
{
    keepFirstOfLegend();
    vertical()->setTicks(countTicks(1, 4, tr("/s")));
}

void ThroughputChart::applyTheme()
{
    TimeChart::applyTheme();
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        m_areas[i].setColor(colorOf(m_layers[i]));
    showLegend();
}

/// The largest first: where room is short, they are what the chart is full of.
void ThroughputChart::showLegend()
{
    std::vector<std::pair<double, std::size_t>> bySize;
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        bySize.emplace_back(-sizeOf(m_layers[i].perSecond), i);
    std::ranges::sort(bySize);
    std::vector<LegendEntry> legend;
    legend.reserve(bySize.size());
    for (const auto &[size, i] : bySize)
        legend.push_back(
            {Format::handlerKind(m_layers[i].kind), colorOf(m_layers[i]), 1, Qt::SolidLine, true, {}});
    setLegend(std::move(legend));
}

void ThroughputChart::setLayers(std::vector<Layer> layers)
{
    m_layers = std::move(layers);
    m_areas.resize(std::max(m_areas.size(), m_layers.size()));
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        m_areas[i].setColor(colorOf(m_layers[i]));
    double most = 0;
    Points below = m_layers.empty() ? Points() : changed(m_layers.front().perSecond, zero);
    for (std::size_t i = 0; i < m_areas.size(); ++i) {
        const Points top = i < m_layers.size() ? sum(below, m_layers[i].perSecond) : Points();
        m_areas[i].setPoints(top, i < m_layers.size() ? std::move(below) : Points());
        most = std::max(most, largest(top));
        below = top;
    }
    vertical()->setTicks(countTicks(std::max(most, 1.0), 4, tr("/s")));
    showLegend();
    viewport()->update();
}

void ThroughputChart::drawAreas(QPainter &painter)
{
    const GappedArea::Place place = places();
    for (const GappedArea &area : m_areas)
        area.paint(painter, place);
}

std::vector<LegendEntry> ThroughputChart::valuesAt(Time time) const
{
    std::vector<LegendEntry> values;
    for (std::size_t i = m_layers.size(); i-- > 0;)
        values.push_back({Format::handlerKind(m_layers[i].kind), colorOf(m_layers[i]), 1, Qt::SolidLine, true,
                          rateAt(m_layers[i].perSecond, time, reach())});
    return values;
}

} // namespace Flywheel::Monitor
