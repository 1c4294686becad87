// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <ctime>

namespace Flywheel::Bench {

/// Wall and CPU time of the process since construction. On a machine that others use as well, CPU time is the
/// quieter of the two.
class Stopwatch
{
public:
    std::chrono::nanoseconds wall() const { return now(CLOCK_MONOTONIC) - m_wall; }
    std::chrono::nanoseconds cpu() const { return now(CLOCK_PROCESS_CPUTIME_ID) - m_cpu; }

private:
    // clock_gettime(2) fails only for unknown clocks.
    static std::chrono::nanoseconds now(clockid_t clock)
    {
        timespec time = {};
        clock_gettime(clock, &time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }

    std::chrono::nanoseconds m_wall = now(CLOCK_MONOTONIC);
    std::chrono::nanoseconds m_cpu = now(CLOCK_PROCESS_CPUTIME_ID);
};

} // namespace Flywheel::Bench
