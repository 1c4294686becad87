// SPDX-License-Identifier: MIT
#include "platform/suspendclock.h"

#include <ctime>

namespace Flywheel {

namespace {

#if defined(CLOCK_BOOTTIME)
constexpr clockid_t With = CLOCK_BOOTTIME; // clock_gettime(2): CLOCK_MONOTONIC and the time asleep
constexpr clockid_t Without = CLOCK_MONOTONIC;
#elif defined(CLOCK_UPTIME_RAW)
constexpr clockid_t With = CLOCK_MONOTONIC_RAW; // macOS: goes on in sleep, CLOCK_UPTIME_RAW does not
constexpr clockid_t Without = CLOCK_UPTIME_RAW;
#else
constexpr clockid_t With = CLOCK_MONOTONIC; // no clock to tell by
constexpr clockid_t Without = CLOCK_MONOTONIC;
#endif

} // namespace

Nanoseconds suspendedTime()
{
    timespec all{};
    timespec awake{};
    if (::clock_gettime(Without, &awake) != 0 || ::clock_gettime(With, &all) != 0)
        return Nanoseconds::zero();
    return std::chrono::seconds(all.tv_sec - awake.tv_sec) + Nanoseconds(all.tv_nsec - awake.tv_nsec);
}

} // namespace Flywheel
