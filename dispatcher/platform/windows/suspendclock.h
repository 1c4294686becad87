// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "platform/windows/windows.h"

namespace Flywheel {

/// QueryInterruptTime(): goes on while the machine sleeps, unlike the unbiased one.
using InterruptTime = void(WINAPI *)(ULONGLONG *);

/// suspendedTime() by it. Null, as before Windows 10: it is not told, and zero.
Nanoseconds suspendedTime(InterruptTime interruptTime);

} // namespace Flywheel
