// SPDX-License-Identifier: MIT
#pragma once

#include "model/loop.h"

#include <vector>

namespace Flywheel::Monitor {

/// The loop that is most worth a look: one that stalls, is unwell, or has stalled, then the busiest. A
/// program's main loop unless another does clearly worse. Null if \a loops is empty.
Loop *worstOf(const std::vector<Loop *> &loops);

} // namespace Flywheel::Monitor
