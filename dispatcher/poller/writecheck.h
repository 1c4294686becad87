// SPDX-License-Identifier: MIT
#pragma once

#include "poller/interest.h"

#include <span>

namespace Flywheel {

struct CheckedDescriptor
{
    int fd;
    Interest ready; ///< for writing; none: not now, or it is closed
};

/// Fills in which descriptors can be written to now, without waiting: one poll(2) for up to 64 of them.
/// Returns how many can. None on failure, which means a passing lack of kernel memory.
int checkWritable(std::span<CheckedDescriptor> descriptors);

} // namespace Flywheel
