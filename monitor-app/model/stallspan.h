// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <flywheel/metrics.h>

namespace Flywheel::Monitor {

/// From its begin to its end; of one that goes on, to the last moment that is known.
inline TimeSpan spanOf(const Stall &stall)
{
    return {stall.beganMonotonic, saturatedSum(stall.beganMonotonic, stall.duration)};
}

} // namespace Flywheel::Monitor
