// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <cstdint>

namespace Flywheel {

/// Durations that were added up before a series or a table gets them.
struct DurationSum
{
    std::uint64_t count = 0;
    std::int64_t total = 0;
    std::int64_t max = 0;

    void add(Nanoseconds duration) noexcept
    {
        ++count;
        total += duration.count();
        max = std::max<std::int64_t>(max, duration.count());
    }
};

} // namespace Flywheel
