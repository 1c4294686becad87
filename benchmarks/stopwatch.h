// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Flywheel::Bench {

/// What all threads of this process have used. Windows counts it in ticks of 15.6 ms.
std::chrono::nanoseconds processCpuTime();

/// Wall and CPU time of the process since construction. On a machine that others use as well, CPU time is the
/// quieter of the two.
class Stopwatch
{
    using Clock = std::chrono::steady_clock;

public:
    std::chrono::nanoseconds wall() const { return Clock::now() - m_wall; }
    std::chrono::nanoseconds cpu() const { return processCpuTime() - m_cpu; }

private:
    Clock::time_point m_wall = Clock::now();
    std::chrono::nanoseconds m_cpu = processCpuTime();
};

} // namespace Flywheel::Bench
