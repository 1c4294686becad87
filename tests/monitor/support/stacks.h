// SPDX-License-Identifier: MIT
#pragma once

#include "monitor/support/frames.h"

#include <initializer_list>

/// Stalls with stacks in modules that do not exist: nothing but addresses is known of their calls.
namespace Flywheel::Monitor::Test {

inline StackModule module(const char *file)
{
    return {file, {}};
}

/// A stack of calls at \a offsets of the first module, the outermost first, seen at \a takenAt.
inline StackSample stackAt(std::chrono::nanoseconds takenAt, const std::vector<std::uint64_t> &offsets,
                           const char *systemCall = "")
{
    StackSample sample;
    sample.takenAt = takenAt;
    sample.systemCall = systemCall;
    for (auto offset = offsets.rbegin(); offset != offsets.rend(); ++offset)
        sample.frames.push_back({.address = 0x1000 + *offset, .module = 1, .offset = *offset});
    return sample;
}

inline Stall stallWith(std::uint64_t number, std::chrono::nanoseconds began,
                       std::chrono::nanoseconds duration, std::vector<StackSample> stacks)
{
    Stall result = stall(number, began, duration);
    result.modules = {module("/nowhere/app")};
    result.stacks = std::move(stacks);
    return result;
}

} // namespace Flywheel::Monitor::Test
