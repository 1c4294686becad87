// SPDX-License-Identifier: MIT
#pragma once

#include "gappedarea.h"
#include "timechart.h"

#include <flywheel/metrics.h>

namespace Flywheel::Monitor {

/// Events a second, one layer a kind, stacked in the order given.
class ThroughputChart : public TimeChart
{
    Q_OBJECT
public:
    struct Layer
    {
        HandlerKind kind;
        Points perSecond; ///< all layers have the same x values and gaps
    };

    explicit ThroughputChart(TimeScope &scope, QWidget *parent = nullptr);

    void setLayers(std::vector<Layer> layers);
    void applyTheme() override;
    /// As drawn, the lowest first.
    const GappedArea &area(std::size_t index) const { return m_areas[index]; }

protected:
    std::vector<LegendEntry> valuesAt(Time time) const override;
    void drawAreas(QPainter &painter) override;

private:
    void showLegend();

    std::vector<Layer> m_layers;
    std::vector<GappedArea> m_areas;
};

} // namespace Flywheel::Monitor
