// SPDX-License-Identifier: MIT
#include "comparedlines.h"

#include "model/format.h"
#include "theme.h"

#include <QtCore/qcoreapplication.h>

#include <utility>

namespace Flywheel::Monitor {

namespace {

QPen penOf(std::size_t index)
{
    // Without dashes: to stroke them takes longer than all else in the window.
    return QPen(Theme::current().compared[index % ComparedLines::Most], 1.2);
}

} // namespace

ComparedLines::ComparedLines(QChart *chart, QAbstractAxis *x, QAbstractAxis *y)
    : m_chart(chart)
    , m_x(x)
    , m_y(y)
{
}

void ComparedLines::setCurves(std::vector<NamedCurve> curves, std::size_t omitted)
{
    m_curves = std::move(curves);
    m_omitted = omitted;
    if (m_curves.size() > Most) {
        m_omitted += m_curves.size() - Most;
        m_curves.resize(Most);
    }
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

std::vector<LegendEntry> ComparedLines::legend() const
{
    std::vector<LegendEntry> all = entries();
    if (m_omitted > 0) {
        all.insert(all.begin(), LegendEntry{QCoreApplication::translate("Flywheel::Monitor::ComparedLines",
                                                                        "%1 more not drawn")
                                                .arg(Format::count(m_omitted)),
                                            QColor(),
                                            1,
                                            Qt::NoPen,
                                            false,
                                            {}});
    }
    return all;
}

} // namespace Flywheel::Monitor
