// SPDX-License-Identifier: MIT
#include "utilisationchart.h"

#include "readout.h"
#include "theme.h"

#include <QtCharts/qchart.h>
#include <QtGui/qpainter.h>

namespace Flywheel::Monitor {

UtilisationChart::UtilisationChart(TimeScope &scope, QWidget *parent)
    : TimeChart(tr("Utilisation"), scope, parent)
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
    // Opaque: a translucent area costs several times as much to paint (see tint.h).
    m_area.setColor(mixed(theme.base, theme.skyBlue, 0.24));
    m_line.setPen(QPen(theme.skyBlue, 1.6));
    m_compared.applyTheme();
    m_busyLine.setPen(QPen(theme.orange, 1, Qt::DashLine));
    m_unwellLine.setPen(QPen(theme.vermillion, 1, Qt::DashLine));
    setLegend(legend());
}

std::vector<LegendEntry> UtilisationChart::legend() const
{
    const QPen &line = m_line.pen();
    const QPen &limit = m_unwellLine.pen();
    std::vector<LegendEntry> entries = m_compared.legend();
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

void UtilisationChart::setCompared(std::vector<NamedCurve> shares, std::size_t omitted)
{
    m_comparedShares = std::move(shares);
    std::vector<NamedCurve> shown = m_comparedShares;
    for (NamedCurve &curve : shown)
        curve.points = changed(std::move(curve.points), [](double share) { return 100 * share; });
    m_compared.setCurves(std::move(shown), omitted);
    setLegend(legend());
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

void UtilisationChart::drawAreas(QPainter &painter)
{
    // The line hides the steps.
    painter.setRenderHint(QPainter::Antialiasing, false);
    m_area.paint(painter, places());
}

std::vector<LegendEntry> UtilisationChart::valuesAt(Time time) const
{
    const QPen &line = m_line.pen();
    std::vector<LegendEntry> values{
        {tr("busy"), line.color(), line.widthF(), line.style(), false, shareAt(m_shares, time, reach())}};
    const std::vector<LegendEntry> compared = m_compared.entries();
    for (std::size_t i = 0; i < compared.size(); ++i) {
        values.push_back(compared[i]);
        values.back().value = shareAt(m_comparedShares[i].points, time, reach());
    }
    return values;
}

} // namespace Flywheel::Monitor
