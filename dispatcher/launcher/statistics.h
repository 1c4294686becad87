// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <string>
#include <vector>

namespace Flywheel::Preload {

/// A table, one line a loop, and the longest stall of each that had one. Lines end with a line feed.
std::string statisticsOf(const std::vector<LoopSnapshot> &loops);

/// Prints the statistics of all loops of the process, those that end before included, on stderr when the
/// process exits. A process that a signal ends prints nothing.
void printStatisticsAtExit();

} // namespace Flywheel::Preload
