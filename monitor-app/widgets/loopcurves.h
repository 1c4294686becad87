// SPDX-License-Identifier: MIT
#pragma once

#include "model/loop.h"
#include "percentilechart.h"
#include "queuechart.h"
#include "throughputchart.h"

/// A loop's history as the charts want it: curves of at most MostPoints points, none of them without its
/// peaks.
namespace Flywheel::Monitor {

inline constexpr std::size_t MostPoints = 600;

PercentileChart::Data percentileCurves(const Loop &loop, SeriesKind series, TimeSpan span);
/// The part of it that is compared with other loops.
Points p99Curve(const Loop &loop, SeriesKind series, TimeSpan span);
/// One layer a kind of handler that ran at all.
std::vector<ThroughputChart::Layer> throughputLayers(const Loop &loop, TimeSpan span);
QueueChart::Data queueCurves(const Loop &loop, TimeSpan span);
Points utilisationCurve(const Loop &loop, TimeSpan span);
/// Columns are bound to the clock, so that the picture scrolls instead of flickering.
HeatMap heatMapOf(const Loop &loop, SeriesKind series, TimeSpan span);
/// What stands beside the mark of a stall: duration and receiver, in few words.
QString stallLabel(const Stall &stall);
/// Stalls and changes of health, ascending.
std::vector<TimeMark> marksOf(const Loop &loop, TimeSpan span);

} // namespace Flywheel::Monitor
