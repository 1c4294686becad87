// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <utility>

namespace Flywheel {

/// How long a loop that has work to do may leave its poller or its host unasked: asking costs system calls,
/// not asking starves sockets and windows. The limits are those of docs/contract.md: 16 passes or 200 us,
/// whichever comes first.
class PollBudget
{
public:
    bool allowsSkip(Instant now)
    {
        m_wasAsked = true;
        if (m_skipped >= MostPasses || now - m_polled >= LongestTime)
            return false;
        ++m_skipped;
        return true;
    }

    /// True if allowsSkip() was called since the last call of this function.
    bool takeWasAsked() { return std::exchange(m_wasAsked, false); }

    /// The next pass asks.
    void expire() { m_skipped = MostPasses; }

    /// It was asked, at \a now or earlier.
    void polled(Instant now)
    {
        m_skipped = 0;
        m_polled = now;
    }

private:
    static constexpr int MostPasses = 16;
    static constexpr Nanoseconds LongestTime = std::chrono::microseconds(200);

    int m_skipped = 0;
    bool m_wasAsked = false;
    Instant m_polled{};
};

} // namespace Flywheel
