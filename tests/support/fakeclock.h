// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

namespace Flywheel::Test {

/// A clock that stands still until it is advanced. One for the process, for clocks are plain functions; not
/// thread-safe.
class FakeClock
{
public:
    /// Starts at a whole second, a thousand of them after the epoch.
    static void reset();
    static void advance(Nanoseconds by);
    static Instant now();
};

} // namespace Flywheel::Test
