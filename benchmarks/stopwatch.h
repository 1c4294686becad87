// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Flywheel::Bench {

/// What all threads of this process have used. Windows counts it in ticks of 15.6 ms.
std::chrono::nanoseconds processCpuTime();

/// What the calling thread has used. Windows counts it in ticks of 15.6 ms.
std::chrono::nanoseconds threadCpuTime();

/// Wall time, and CPU time of the process and of the calling thread, since construction. On a machine that
/// others use as well, CPU time is quieter than wall time.
class Stopwatch
{
    using Clock = std::chrono::steady_clock;

public:
    std::chrono::nanoseconds wall() const { return Clock::now() - m_wall; }
    std::chrono::nanoseconds cpu() const { return processCpuTime() - m_cpu; }
    std::chrono::nanoseconds threadCpu() const { return threadCpuTime() - m_threadCpu; }

private:
    Clock::time_point m_wall = Clock::now();
    std::chrono::nanoseconds m_cpu = processCpuTime();
    std::chrono::nanoseconds m_threadCpu = threadCpuTime();
};

} // namespace Flywheel::Bench
