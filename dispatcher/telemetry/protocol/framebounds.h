// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <string>

/// The times that a decoder accepts. Code that reads a frame can add and subtract them without overflow.
/// Plain functions; any thread.
namespace Flywheel::Telemetry {

/// Longer than any machine runs without a restart.
inline constexpr std::chrono::hours LongestDuration{20 * 365 * 24};
/// From 1970 until 2200.
inline constexpr std::chrono::hours LatestWallTime{230 * 365 * 24};

inline bool isPossible(std::chrono::system_clock::time_point wall)
{
    return wall.time_since_epoch() >= std::chrono::hours(0) && wall.time_since_epoch() <= LatestWallTime;
}

/// Returns which time in \a frame is impossible, as text for a log; empty if all are possible.
std::string impossibleMoment(const Frame &frame);

/// Limits all durations in \a frame to the range from 0 to LongestDuration.
void boundDurations(Frame &frame);

} // namespace Flywheel::Telemetry
