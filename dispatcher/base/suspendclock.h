// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

namespace Flywheel {

/// How long the machine has slept since it was started, up to the error of two clock readings.
inline Nanoseconds suspendedTime()
{
#if defined(CLOCK_BOOTTIME)
    constexpr clockid_t with = CLOCK_BOOTTIME; // clock_gettime(2): CLOCK_MONOTONIC and the time asleep
    constexpr clockid_t without = CLOCK_MONOTONIC;
#elif defined(CLOCK_UPTIME_RAW)
    constexpr clockid_t with = CLOCK_MONOTONIC_RAW; // macOS: goes on in sleep, CLOCK_UPTIME_RAW does not
    constexpr clockid_t without = CLOCK_UPTIME_RAW;
#else
    constexpr clockid_t with = CLOCK_MONOTONIC; // no clock to tell by
    constexpr clockid_t without = CLOCK_MONOTONIC;
#endif
    timespec all{};
    timespec awake{};
    if (::clock_gettime(without, &awake) != 0 || ::clock_gettime(with, &all) != 0)
        return Nanoseconds::zero();
    return std::chrono::seconds(all.tv_sec - awake.tv_sec) + Nanoseconds(all.tv_nsec - awake.tv_nsec);
}

} // namespace Flywheel
