// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel {

/// Registers a hook that Qt calls before it delivers an event. Loops use it to count and time their events,
/// and hosted and observed loops also to notice the end of their wait. Call it before other threads start,
/// because Qt keeps its hooks without a lock. Further calls change nothing. Returns false if Qt refuses.
bool hookEvents();

} // namespace Flywheel
