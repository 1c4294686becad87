// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/windows.h"

namespace Flywheel {

/// How waits end in time. Windows counts their time-outs in ticks of 15.6 ms; since Windows 10 1803 there are
/// timers that are exact. Where there are none, short waits make the system tick every millisecond.
class WaitTimer
{
public:
    enum class Kind { Exact, Ticks };

    /// \a wanted: Exact, as far as it can be had.
    explicit WaitTimer(Kind wanted);
    ~WaitTimer();
    WaitTimer(const WaitTimer &) = delete;

    Kind kind() const { return m_timer ? Kind::Exact : Kind::Ticks; }

    /// What to wait with for \a timeout, which is above 0.
    struct Wait
    {
        HANDLE handle;      ///< to wait for as well, unless null
        DWORD milliseconds; ///< the time-out of the wait
    };
    Wait start(Nanoseconds timeout);

private:
    void tickFast();

    HANDLE m_timer = nullptr;
    bool m_ticksFast = false;
};

} // namespace Flywheel
