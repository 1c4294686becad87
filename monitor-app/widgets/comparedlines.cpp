// SPDX-License-Identifier: MIT
#include "comparedlines.h"

#include "theme.h"

#include <array>
#include <utility>

namespace Flywheel::Monitor {

namespace {

QPen penOf(std::size_t index)
{
    const Theme &theme = Theme::current();
    const std::array colors{theme.purple, theme.green, theme.blue, theme.yellow, theme.text};
    constexpr std::array Styles{Qt::DashLine, Qt::DashDotLine, Qt::DotLine};
    return QPen(colors[index % colors.size()], 1.2, Styles[index / colors.size() % Styles.size()]);
}

} // namespace

ComparedLines::ComparedLines(QChart *chart, QAbstractAxis *x, QAbstractAxis *y)
    : m_chart(chart)
    , m_x(x)
    , m_y(y)
{
}

void ComparedLines::setCurves(std::vector<NamedCurve> curves)
{
    m_curves = std::move(curves);
    while (m_lines.size() < m_curves.size()) {
        m_lines.emplace_back(m_chart, m_x, m_y);
        m_lines.back().setPen(penOf(m_lines.size() - 1));
    }
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        m_lines[i].setPoints(i < m_curves.size() ? m_curves[i].points : Points());
}

void ComparedLines::applyTheme()
{
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        m_lines[i].setPen(penOf(i));
}

std::vector<LegendEntry> ComparedLines::entries() const
{
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const QPen pen = penOf(i);
        entries.push_back({m_curves[i].name, pen.color(), pen.widthF(), pen.style(), false, {}});
    }
    return entries;
}

} // namespace Flywheel::Monitor
