// SPDX-License-Identifier: MIT
#include "platform/windows/suspendclock.h"

#include "platform/suspendclock.h"

namespace Flywheel {

Nanoseconds suspendedTime()
{
    static const auto s_interruptTime =
        systemFunction<InterruptTime>(L"kernelbase.dll", "QueryInterruptTime");
    return suspendedTime(s_interruptTime);
}

Nanoseconds suspendedTime(InterruptTime interruptTime)
{
    ULONGLONG all = 0;
    ULONGLONG awake = 0;
    if (!interruptTime || !::QueryUnbiasedInterruptTime(&awake))
        return Nanoseconds::zero();
    interruptTime(&all);
    constexpr Nanoseconds Unit(100);
    return all > awake ? Unit * static_cast<std::int64_t>(all - awake) : Nanoseconds::zero();
}

} // namespace Flywheel
