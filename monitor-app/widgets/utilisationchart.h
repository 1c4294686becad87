// SPDX-License-Identifier: MIT
#pragma once

#include "comparedlines.h"
#include "gappedarea.h"
#include "timechart.h"

namespace Flywheel::Monitor {

/// The share of time in which a loop does not wait, from 0 to 100 %, with its limits.
class UtilisationChart : public TimeChart
{
    Q_OBJECT
public:
    explicit UtilisationChart(TimeScope &scope, QWidget *parent = nullptr);

    /// Shares from 0 to 1.
    void setData(const Points &shares);
    /// Those of other loops, likewise; \a omitted: how many are not among them.
    void setCompared(std::vector<NamedCurve> shares, std::size_t omitted = 0);
    /// Where a loop counts as busy, and where as unwell.
    void setLimits(double busy, double unwell);
    void applyTheme() override;
    /// As drawn, in percent.
    const GappedLine &line() const { return m_line; }

protected:
    std::vector<LegendEntry> valuesAt(Time time) const override;
    void drawAreas(QPainter &painter) override;

private:
    std::vector<LegendEntry> legend() const;

    Points m_shares;
    double m_busy = 0;
    double m_unwell = 0;
    GappedArea m_area;
    GappedLine m_line;
    ComparedLines m_compared;
    std::vector<NamedCurve> m_comparedShares;
    GappedLine m_busyLine;
    GappedLine m_unwellLine;
};

} // namespace Flywheel::Monitor
