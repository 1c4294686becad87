// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <functional>

namespace Flywheel::Telemetry {

/// Returns all loops of the process, ascending by loopId.
using SnapshotSource = std::function<std::vector<LoopSnapshot>(const SnapshotOptions &options)>;

/// Makes the frames of one connection. A frame contains what is new since the snapshot before. Use it in one
/// thread only.
class FrameBuilder
{
public:
    /// The shortest time between two tables of receivers and timers.
    static constexpr std::chrono::nanoseconds TableInterval = std::chrono::seconds(1);

    /// Takes a snapshot from \a source and returns the next frame. \a now is the monotonic time.
    Frame next(const SnapshotSource &source, std::chrono::nanoseconds now);

private:
    std::uint64_t m_sequence = 0;
    std::chrono::nanoseconds m_tablesSentAt = std::chrono::nanoseconds::min() / 2;
    std::vector<LoopSnapshot> m_before; ///< by loopId; their tables are those that were sent last
};

} // namespace Flywheel::Telemetry
