// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <functional>

namespace Flywheel::Telemetry {

/// All loops of the process, ascending by loopId.
using SnapshotSource = std::function<std::vector<LoopSnapshot>(const SnapshotOptions &options)>;

/// Makes the frames of one connection from snapshots: what is new since the snapshot before. One thread.
class FrameBuilder
{
public:
    /// How often the tables of receivers and timers are sent, at most.
    static constexpr std::chrono::nanoseconds TableInterval = std::chrono::seconds(1);

    /// The frame that follows, taken \a now.
    Frame next(const SnapshotSource &source, std::chrono::nanoseconds now);

private:
    std::uint64_t m_sequence = 0;
    std::chrono::nanoseconds m_tablesSentAt = std::chrono::nanoseconds::min() / 2;
    std::vector<LoopSnapshot> m_before; ///< by loopId; their tables are those that were sent last
};

} // namespace Flywheel::Telemetry
