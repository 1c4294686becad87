// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "platform/windows/windows.h"

namespace Flywheel {

/// How waits end in time. Windows counts their time-outs in ticks of 15.6 ms; since Windows 10 1803 there are
/// timers that are exact. Where there are none, short waits make the system tick every millisecond.
class WaitTimer
{
public:
    /// Makes a waitable timer, null if this Windows has none that is exact. A function pointer, so that tests
    /// can be on such a Windows.
    using MakeTimer = HANDLE (*)();

    explicit WaitTimer(MakeTimer make = makeExactTimer) : m_timer(make()) {}
    ~WaitTimer();
    WaitTimer(const WaitTimer &) = delete;

    static HANDLE makeExactTimer();

    /// What to wait with for \a timeout, which is above 0.
    struct Wait
    {
        HANDLE handle;      ///< to wait for as well, unless null
        DWORD milliseconds; ///< the time-out of the wait
    };
    Wait start(Nanoseconds timeout);

private:
    void tickFast();

    const HANDLE m_timer;
    bool m_ticksFast = false;
};

} // namespace Flywheel
