// SPDX-License-Identifier: MIT
#pragma once

#include "flamegraph.h"

namespace Flywheel::Monitor {

/// Returns what the width of a call means, and what the graph is made of.
QString flameSummary(const StackTimes &times);
/// Returns why there is no graph. \a isSpan: the loops were asked for a span of time only.
QString whyNoFlames(const StackTimes &times, bool isSpan);
/// Returns a line about a call: function, place in the source, module, and its share of \a shown, a call too.
QString flameLine(const FlameGraph &graph, int node, int shown);
/// The same with all that is known, in lines.
QString flameDetails(const FlameGraph &graph, int node, int shown);
/// Returns what a search for \a text has found.
QString flameMatchText(const FlameGraph &graph, const FlameGraph::Match &match, const QString &text);

} // namespace Flywheel::Monitor
