// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace Flywheel {

// The functions of the module, by their C names.
using ProbeQtVersionFunction = const char *(*)();
using ProbePostedQueueFunction = void *(*)();
using ProbePostedDepthFunction = std::uint64_t (*)(void *queue);
inline constexpr char ProbeQtVersionName[] = "flywheelProbeQtVersion";
inline constexpr char ProbePostedQueueName[] = "flywheelProbePostedQueue";
inline constexpr char ProbePostedDepthName[] = "flywheelProbePostedDepth";

/// Loads the module if it is there and fits, without a word if not. Any thread; tries once.
void tryDepthProbe();

/// The calling thread's queue of posted events, valid until its event dispatcher is destroyed; null while the
/// module is not loaded.
void *postedQueue();

/// How many events wait in a postedQueue(). Any thread.
std::uint64_t postedDepth(void *queue);

} // namespace Flywheel
