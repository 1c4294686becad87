// SPDX-License-Identifier: MIT
#include "stopwatch.h"

#include <ctime>

namespace Flywheel::Bench {

namespace {

std::chrono::nanoseconds read(clockid_t clock)
{
    timespec time = {};
    clock_gettime(clock, &time); // fails only for unknown clocks
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

std::chrono::nanoseconds processCpuTime()
{
    return read(CLOCK_PROCESS_CPUTIME_ID);
}

std::chrono::nanoseconds threadCpuTime()
{
    return read(CLOCK_THREAD_CPUTIME_ID);
}

} // namespace Flywheel::Bench
