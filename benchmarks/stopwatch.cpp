// SPDX-License-Identifier: MIT
#include "stopwatch.h"

#include <ctime>

namespace Flywheel::Bench {

std::chrono::nanoseconds processCpuTime()
{
    timespec time = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time); // fails only for unknown clocks
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace Flywheel::Bench
