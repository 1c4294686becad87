// SPDX-License-Identifier: MIT
#include "table.h"

#include <cstdio>
#include <ctime>

namespace Flywheel::Demo {

void printHeader()
{
    std::printf("%14s %14s %16s %14s %8s %8s\n", "round trips/s", "1 ms ticks/s", "worst lateness",
                "posted/s", "stalls", "CPU");
    std::fflush(stdout);
}

void printRow(double seconds, double cpuSeconds, int roundTrips, const Figures &figures)
{
    const std::chrono::duration<double, std::milli> worst = figures.worstLateness;
    std::printf("%14.0f %14.0f %13.2f ms %14.0f %8d %6.0f %%\n", roundTrips / seconds,
                figures.timerTicks / seconds, worst.count(), figures.postedEvents / seconds, figures.stalls,
                100 * cpuSeconds / seconds);
    std::fflush(stdout);
}

double processCpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

} // namespace Flywheel::Demo
