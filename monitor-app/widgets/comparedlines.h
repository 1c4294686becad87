// SPDX-License-Identifier: MIT
#pragma once

#include "gappedline.h"
#include "plotoverlay.h"

#include <QtCore/qstring.h>

#include <vector>

namespace Flywheel::Monitor {

struct NamedCurve
{
    QString name;
    Points points;
};

/// The same figure of other loops, in a chart that shows one loop: thin lines, told apart by colour and
/// dashes.
class ComparedLines
{
public:
    /// The chart and the axes own the series and must live longer.
    ComparedLines(QChart *chart, QAbstractAxis *x, QAbstractAxis *y);

    /// How many lines one can tell apart.
    static constexpr std::size_t Most = 8;

    /// The first Most of \a curves; \a omitted: how many more there are that are not among them.
    void setCurves(std::vector<NamedCurve> curves, std::size_t omitted = 0);
    void applyTheme();
    /// One entry a curve, without values.
    std::vector<LegendEntry> entries() const;
    /// The same, with an entry for those that are left out.
    std::vector<LegendEntry> legend() const;
    const std::vector<NamedCurve> &curves() const { return m_curves; }

private:
    QChart *m_chart;
    QAbstractAxis *m_x;
    QAbstractAxis *m_y;
    std::vector<NamedCurve> m_curves;
    std::size_t m_omitted = 0;
    std::vector<GappedLine> m_lines;
};

} // namespace Flywheel::Monitor
