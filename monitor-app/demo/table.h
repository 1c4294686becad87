// SPDX-License-Identifier: MIT
#pragma once

#include "workload.h"

namespace Flywheel::Demo {

void printHeader();
/// One line of the live table: what happened within \a seconds, \a cpuSeconds of which were spent computing.
void printRow(double seconds, double cpuSeconds, int roundTrips, const Figures &figures);

/// CPU time of this process so far.
double processCpuSeconds();

} // namespace Flywheel::Demo
