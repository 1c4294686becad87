// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "metrics/registry.h"
#include "stacks/stacktaker.h"

namespace Flywheel {

/// Watches one loop on behalf of the watchdog: how long it has been busy with the same thing, what its thread
/// does meanwhile, and where it is.
class StallWitness
{
public:
    static constexpr std::size_t MostStacks = 6; ///< different ones, of one stall

    /// Looks at \a loop, which has been busy since \a since. Returns when to look again at the latest.
    Nanoseconds look(RegisteredLoop &loop, Nanoseconds since, StackTaker &taker);

private:
    void begin(Nanoseconds since, Nanoseconds now, std::uint64_t threadId);
    void readTimes(Nanoseconds now, std::uint64_t threadId);
    void takeStack(Nanoseconds now, std::uint64_t threadId, StackTaker &taker);

    SeenStall m_seen;
    ThreadTimes m_timesAtFirst;
    Nanoseconds m_nextStack{}; ///< how old the stall must be for it
};

} // namespace Flywheel
