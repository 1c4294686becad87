// SPDX-License-Identifier: MIT
#include "table.h"

#include <cstdio>
#include <ctime>

namespace Flywheel::Demo {

void printHeader()
{
    std::printf("%14s %13s %15s %10s %8s %8s %6s\n", "round trips/s", "1 ms ticks/s", "worst lateness",
                "posted/s", "jobs/s", "reports", "CPU");
    std::fflush(stdout);
}

void printRow(const Row &row)
{
    const std::chrono::duration<double, std::milli> worst = row.workload.worstLateness;
    std::printf("%14.0f %13.0f %12.2f ms %10.0f %8.0f %8d %4.0f %%\n", row.roundTrips / row.seconds,
                row.workload.timerTicks / row.seconds, worst.count(), row.workload.postedEvents / row.seconds,
                row.jobs / row.seconds, row.reports, 100 * row.cpuSeconds / row.seconds);
    std::fflush(stdout);
}

double processCpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

} // namespace Flywheel::Demo
