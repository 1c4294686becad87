// SPDX-License-Identifier: MIT
#include "percentilechart.h"

#include "readout.h"
#include "theme.h"

#include <QtCharts/qchart.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace Flywheel::Monitor {

namespace {

constexpr Duration LeastShown = std::chrono::microseconds(1);
constexpr Duration MostShown = std::chrono::seconds(1);

const std::array Names{QStringLiteral("p50"), QStringLiteral("p90"), QStringLiteral("p99"),
                       QStringLiteral("max")};

std::array<const Points *, 4> seriesOf(const PercentileChart::Data &data)
{
    return {&data.p50, &data.p90, &data.p99, &data.max};
}

/// What is shorter than the axis shows lies on its lower end, not outside.
double position(double nanoseconds)
{
    return std::log10(std::max(nanoseconds, double(LeastShown.count())));
}

} // namespace

PercentileChart::PercentileChart(TimeScope &scope, QWidget *parent)
    : TimeChart(tr("Latency"), scope, parent)
    , m_compared(chart(), horizontal(), vertical())
    , m_busyLine(chart(), horizontal(), vertical())
    , m_unwellLine(chart(), horizontal(), vertical())
{
    for (std::size_t i = 0; i < Names.size(); ++i)
        m_lines.emplace_back(chart(), horizontal(), vertical());
    labelStalls();
    fitAxis();
    PercentileChart::applyTheme();
}

void PercentileChart::applyTheme()
{
    TimeChart::applyTheme();
    const Theme &theme = Theme::current();
    const std::array pens{QPen(theme.skyBlue, 1), QPen(theme.green, 1), QPen(theme.orange, 2.2),
                          QPen(theme.quiet, 1)};
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        m_lines[i].setPen(pens[i]);
    m_compared.applyTheme();
    m_busyLine.setPen(QPen(theme.orange, 1, Qt::DashLine));
    m_unwellLine.setPen(QPen(theme.vermillion, 1, Qt::DashLine));
    showLegend();
}

void PercentileChart::showLegend()
{
    std::vector<LegendEntry> legend;
    for (LegendEntry &entry : m_compared.legend()) {
        if (entry.style != Qt::NoPen)
            entry.name = tr("p99 %1").arg(entry.name);
        legend.push_back(std::move(entry));
    }
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const QPen &pen = m_lines[i].pen();
        legend.push_back({Names[i], pen.color(), pen.widthF(), pen.style(), false, {}});
    }
    const QPen &limit = m_unwellLine.pen();
    legend.push_back({tr("limits"), limit.color(), limit.widthF(), limit.style(), false, {}});
    setLegend(std::move(legend));
}

void PercentileChart::setCompared(std::vector<NamedCurve> p99, std::size_t omitted)
{
    m_comparedP99 = std::move(p99);
    std::vector<NamedCurve> shown = m_comparedP99;
    for (NamedCurve &curve : shown)
        curve.points = changed(std::move(curve.points), position);
    m_compared.setCurves(std::move(shown), omitted);
    fitAxis();
    showLegend();
}

void PercentileChart::setData(const Data &data)
{
    m_data = data;
    fitAxis();
    const auto series = seriesOf(m_data);
    // What is set first lies below: where all durations are the same, p99 is what is seen.
    for (const std::size_t i : {std::size_t(3), std::size_t(0), std::size_t(1), std::size_t(2)})
        m_lines[i].setPoints(changed(*series[i], position));
    showLimits();
}

void PercentileChart::setLimits(const std::optional<DurationLimits> &limits)
{
    m_limits = limits;
    showLimits();
}

void PercentileChart::showLimits()
{
    const auto level = [this](Duration duration) {
        const double y = position(double(duration.count()));
        return Points{{overlay().span.begin, y}, {overlay().span.end, y}};
    };
    m_busyLine.setPoints(m_limits ? level(m_limits->busy) : Points());
    m_unwellLine.setPoints(m_limits ? level(m_limits->unwell) : Points());
}

void PercentileChart::fitAxis()
{
    double most = std::max(largest(m_data.max), largest(m_data.p99));
    for (const NamedCurve &curve : m_comparedP99)
        most = std::max(most, largest(curve.points));
    Duration top = MostShown;
    while (double(top.count()) < most)
        top *= 10;
    const int labels = std::max(2, int(plotRect().height()) / (2 * fontMetrics().height()));
    vertical()->setTicks(durationTicks(LeastShown, top, labels));
}

void PercentileChart::resizeEvent(QResizeEvent *event)
{
    TimeChart::resizeEvent(event);
    fitAxis();
}

std::vector<LegendEntry> PercentileChart::valuesAt(Time time) const
{
    std::vector<LegendEntry> values;
    const auto series = seriesOf(m_data);
    for (std::size_t i = series.size(); i-- > 0;) {
        const QPen &pen = m_lines[i].pen();
        values.push_back(
            {Names[i], pen.color(), pen.widthF(), pen.style(), false, durationAt(*series[i], time, reach())});
    }
    const std::vector<LegendEntry> compared = m_compared.entries();
    for (std::size_t i = 0; i < compared.size(); ++i) {
        values.push_back(compared[i]);
        values.back().value = durationAt(m_comparedP99[i].points, time, reach());
    }
    return values;
}

} // namespace Flywheel::Monitor
