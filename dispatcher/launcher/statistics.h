// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <string>
#include <vector>

namespace Flywheel::Preload {

/// A table, one line a loop, and the longest stalls of each that had any, with their stacks. Lines end with a
/// line feed. Names functions: takes up to seconds.
std::string statisticsOf(const std::vector<LoopSnapshot> &loops);

/// Has stalls watched, and prints the statistics of all loops of the process, those that end before included,
/// on stderr when the process exits. A process that a signal ends prints nothing.
void printStatisticsAtExit();

} // namespace Flywheel::Preload
