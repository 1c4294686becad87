// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

namespace Flywheel {

/// Asks for the watchdog although nobody has set a handler: for those who show stalls, with their stacks,
/// once they are over. Without effect where there are no stacks. Each request is to be released. Any thread.
///
/// The child of a fork(2) has no requests.
FLYWHEEL_EXPORT void requestStallWatch();
FLYWHEEL_EXPORT void releaseStallWatch();

} // namespace Flywheel
