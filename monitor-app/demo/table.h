// SPDX-License-Identifier: MIT
#pragma once

#include "workload.h"

namespace Flywheel::Demo {

/// What happened in a second.
struct Row
{
    double seconds = 1; ///< that it really was
    double cpuSeconds = 0;
    int roundTrips = 0;
    Figures workload;
    int jobs = 0;
    int reports = 0;
};

void printHeader();
/// One line of the live table.
void printRow(const Row &row);

/// CPU time of this process so far.
double processCpuSeconds();

} // namespace Flywheel::Demo
