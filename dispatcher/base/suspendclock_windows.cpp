// SPDX-License-Identifier: MIT
#include "base/suspendclock.h"
#include "base/windows.h"

namespace Flywheel {

namespace {

using InterruptTime = void(WINAPI *)(ULONGLONG *);

/// Of Windows 10 on: goes on while the machine sleeps, unlike the unbiased one.
InterruptTime interruptTime()
{
    static const auto s_function = systemFunction<InterruptTime>(L"kernelbase.dll", "QueryInterruptTime");
    return s_function;
}

} // namespace

Nanoseconds suspendedTime()
{
    ULONGLONG all = 0;
    ULONGLONG awake = 0;
    if (!interruptTime() || !::QueryUnbiasedInterruptTime(&awake))
        return Nanoseconds::zero();
    interruptTime()(&all);
    constexpr Nanoseconds Unit(100);
    return all > awake ? Unit * static_cast<std::int64_t>(all - awake) : Nanoseconds::zero();
}

} // namespace Flywheel
