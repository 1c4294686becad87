// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace Flywheel {

// The functions of the module, by their C names.
using ProbeQtVersionFunction = const char *(*)();
using ProbePostedDepthFunction = std::uint64_t (*)();
inline constexpr char ProbeQtVersionName[] = "flywheelProbeQtVersion";
inline constexpr char ProbePostedDepthName[] = "flywheelProbePostedDepth";

/// Loads the module if it is there and fits, without a word if not. Any thread; tries once.
void tryDepthProbe();

/// Counts the posted events of the calling thread; null while the module is not loaded. Any thread.
ProbePostedDepthFunction postedDepthProbe() noexcept;

} // namespace Flywheel
