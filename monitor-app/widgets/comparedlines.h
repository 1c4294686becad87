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

    void setCurves(std::vector<NamedCurve> curves);
    void applyTheme();
    /// One entry a curve, without values.
    std::vector<LegendEntry> entries() const;
    const std::vector<NamedCurve> &curves() const { return m_curves; }

private:
    QChart *m_chart;
    QAbstractAxis *m_x;
    QAbstractAxis *m_y;
    std::vector<NamedCurve> m_curves;
    std::vector<GappedLine> m_lines;
};

} // namespace Flywheel::Monitor
