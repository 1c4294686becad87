// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <span>

#include <poll.h>

namespace Flywheel {

/// poll(2) with no time-out. Returns how many are ready; 0 on failure, which for a valid array means a
/// passing lack of kernel memory.
int pollNow(std::span<pollfd> descriptors);

/// poll(2), with nanoseconds where the system has them; Nanoseconds::max() waits without end. Returns what
/// poll(2) does, after a signal too.
int pollFor(std::span<pollfd> descriptors, Nanoseconds timeout);

} // namespace Flywheel
