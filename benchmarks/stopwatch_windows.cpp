// SPDX-License-Identifier: MIT
#include "stopwatch.h"

#include "platform/windows/windows.h"

namespace Flywheel::Bench {

namespace {

using FileTimeUnit = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;

FileTimeUnit toDuration(FILETIME time)
{
    const ULARGE_INTEGER count{{time.dwLowDateTime, time.dwHighDateTime}};
    return FileTimeUnit(count.QuadPart);
}

} // namespace

std::chrono::nanoseconds processCpuTime()
{
    FILETIME created, exited, kernel, user;
    ::GetProcessTimes(::GetCurrentProcess(), &created, &exited, &kernel,
                      &user); // fails only for other handles
    return toDuration(kernel) + toDuration(user);
}

std::chrono::nanoseconds threadCpuTime()
{
    FILETIME created, exited, kernel, user;
    ::GetThreadTimes(::GetCurrentThread(), &created, &exited, &kernel, &user); // as above
    return toDuration(kernel) + toDuration(user);
}

} // namespace Flywheel::Bench
