// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/frame.h"

namespace Flywheel::Telemetry {

/// Makes the frames of one connection from snapshots: what is new since the snapshot before. One thread.
class FrameBuilder
{
public:
    /// How often the tables of receivers and timers are sent, at most.
    static constexpr std::chrono::nanoseconds TableInterval = std::chrono::seconds(1);

    /// The frame that follows. \a loops: all loops of the process, ascending by loopId. The frame's own times
    /// are left to the caller.
    Frame next(std::vector<LoopSnapshot> loops);

private:
    struct Known
    {
        LoopSnapshot snapshot; ///< the last one; but its tables are those last sent
        std::chrono::nanoseconds tablesSentAt = std::chrono::nanoseconds::min() / 2;
    };

    LoopFrame advance(Known &known, LoopSnapshot now);

    std::uint64_t m_sequence = 0;
    std::vector<Known> m_known; ///< by loopId
};

} // namespace Flywheel::Telemetry
