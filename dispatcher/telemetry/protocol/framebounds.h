// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <string>

/// What a decoder takes for possible: whoever reads a frame adds and subtracts its times, and may then do so
/// without a thought of overflow. Plain functions, any thread.
namespace Flywheel::Telemetry {

/// No machine runs for so long without a restart, and no duration is longer.
inline constexpr std::chrono::hours LongestDuration{20 * 365 * 24};
/// From 1970 until 2200.
inline constexpr std::chrono::hours LatestWallTime{230 * 365 * 24};

inline bool isPossible(std::chrono::system_clock::time_point wall)
{
    return wall.time_since_epoch() >= std::chrono::hours(0) && wall.time_since_epoch() <= LatestWallTime;
}

/// Which moment of \a frame can't be, in words fit for a log; empty if all can.
std::string impossibleMoment(const Frame &frame);

/// Cuts all durations in \a frame to 0 at least and LongestDuration at most.
void boundDurations(Frame &frame);

} // namespace Flywheel::Telemetry
