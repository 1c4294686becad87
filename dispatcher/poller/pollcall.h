// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <span>

#include <poll.h>

namespace Flywheel {

/// Fills in which descriptors are ready now: one poll(2) with no time-out. Returns how many are; 0 on
/// failure, which for a valid array means a passing lack of kernel memory.
int probe(std::span<pollfd> descriptors);

/// poll(2), with nanoseconds where the system has them; Nanoseconds::max() waits without end. Returns what
/// poll(2) does, after a signal too.
int pollFor(std::span<pollfd> descriptors, Nanoseconds timeout);

} // namespace Flywheel
