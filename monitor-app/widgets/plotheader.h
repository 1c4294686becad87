// SPDX-License-Identifier: MIT
#pragma once

#include "plotoverlay.h"

#include <functional>

namespace Flywheel::Monitor {

/// Which end of a legend is left out first.
enum class LegendLoss { First, Last };

/// As much of \a legend as fits in \a room pixels: long names are shortened in their middle, then entries
/// from the end \a lost become one that tells how many there are ("+3"). \a textWidth tells how many pixels a
/// text takes.
std::vector<LegendEntry> fittingLegend(std::vector<LegendEntry> legend, double room,
                                       const std::function<double(const QString &)> &textWidth,
                                       LegendLoss lost = LegendLoss::First);

/// The sample of a line or an area, as it stands before its name.
void paintSample(QPainter &painter, const LegendEntry &entry, double left, double middle);
inline constexpr double SampleLength = 14;

/// Title and legend, above \a plot.
void paintHeader(QPainter &painter, const PlotOverlay &overlay, const QRectF &plot);

} // namespace Flywheel::Monitor
