// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel {

/// Has Qt tell of each event before it is delivered, from now on: loops that wait elsewhere end their wait by
/// it, and all count and time their events. False if Qt refuses. Before other threads start: Qt keeps the
/// hook without a lock. Further calls change nothing.
bool hookEvents();

} // namespace Flywheel
