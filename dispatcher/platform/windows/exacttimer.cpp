// SPDX-License-Identifier: MIT
#include "platform/exacttimer.h"

namespace Flywheel {

bool ExactTimer::set(Instant)
{
    return false;
}

void ExactTimer::clear() {}
void ExactTimer::drop() {}

} // namespace Flywheel
