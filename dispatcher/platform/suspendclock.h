// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

namespace Flywheel {

/// How long the machine has slept since it was started, up to the error of two clock readings.
Nanoseconds suspendedTime();

} // namespace Flywheel
