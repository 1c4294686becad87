// SPDX-License-Identifier: MIT
#include "utilisationchart.h"

#include "readout.h"
#include "theme.h"

#include <QtCharts/qchart.h>

#include <algorithm>

namespace Flywheel::Monitor {

UtilisationChart::UtilisationChart(TimeScope &scope, QWidget *parent)
    : TimeChart(tr("Utilisation"), scope, parent)
    , m_area(chart(), horizontal(), vertical())
    , m_line(chart(), horizontal(), vertical())
    , m_compared(chart(), horizontal(), vertical())
    , m_busyLine(chart(), horizontal(), vertical())
    , m_unwellLine(chart(), horizontal(), vertical())
{
    vertical()->setTicks(countTicks(100, 4, QStringLiteral("%")));
    UtilisationChart::applyTheme();
}

void UtilisationChart::applyTheme()
{
    TimeChart::applyTheme();
    const Theme &theme = Theme::current();
    QColor fill = theme.skyBlue;
    fill.setAlpha(60);
    m_area.setColor(fill);
    m_line.setPen(QPen(theme.skyBlue, 1.6));
    m_compared.applyTheme();
    m_busyLine.setPen(QPen(theme.orange, 1, Qt::DashLine));
    m_unwellLine.setPen(QPen(theme.vermillion, 1, Qt::DashLine));
    setLegend(entries());
}

std::vector<LegendEntry> UtilisationChart::entries() const
{
    const QPen &line = m_line.pen();
    const QPen &limit = m_unwellLine.pen();
    std::vector<LegendEntry> entries = m_compared.entries();
    entries.push_back({tr("busy"), line.color(), line.widthF(), line.style(), false, {}});
    entries.push_back({tr("limits"), limit.color(), limit.widthF(), limit.style(), false, {}});
    return entries;
}

void UtilisationChart::setData(const Points &shares)
{
    m_shares = shares;
    const Points percent = changed(shares, [](double share) { return 100 * share; });
    m_area.setPoints(percent, changed(shares, [](double) { return 0.0; }));
    m_line.setPoints(percent);
    setLimits(m_busy, m_unwell);
}

void UtilisationChart::setCompared(std::vector<NamedCurve> shares)
{
    m_comparedShares = std::move(shares);
    std::vector<NamedCurve> shown = m_comparedShares;
    for (NamedCurve &curve : shown)
        curve.points = changed(std::move(curve.points), [](double share) { return 100 * share; });
    m_compared.setCurves(std::move(shown));
    setLegend(entries());
}

void UtilisationChart::setLimits(double busy, double unwell)
{
    m_busy = busy;
    m_unwell = unwell;
    const auto level = [this](double share) {
        return Points{{overlay().span.begin, 100 * share}, {overlay().span.end, 100 * share}};
    };
    m_busyLine.setPoints(level(busy));
    m_unwellLine.setPoints(level(unwell));
}

std::vector<LegendEntry> UtilisationChart::valuesAt(Time time) const
{
    std::vector<LegendEntry> values = entries();
    values.pop_back(); // the limits
    values.back().value = shareAt(m_shares, time);
    for (std::size_t i = 0; i < m_comparedShares.size(); ++i)
        values[i].value = shareAt(m_comparedShares[i].points, time);
    std::reverse(values.begin(), values.end());
    return values;
}

} // namespace Flywheel::Monitor
