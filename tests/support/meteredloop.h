// SPDX-License-Identifier: MIT
#pragma once

#include "support/fakeclock.h"
#include "support/fakeloop.h"

#include <flywheel/eventdispatcher.h>

namespace Flywheel::Test {

/// A FakeLoop that records, and has done a pass.
class MeteredLoop : public FakeLoop
{
public:
    MeteredLoop()
    {
        own().setMetricsEnabled(true);
        pass();
    }
    EventDispatcher &own() { return static_cast<EventDispatcher &>(dispatcher); }
    LoopSnapshot snapshot() { return own().snapshot(); }

    /// Passes of one exec() that may wait, until the clock has reached \a until.
    void runUntil(Instant until)
    {
        bool over = false;
        setTimeout(until - FakeClock::now(), [&] { over = true; });
        while (!over)
            pass(QEventLoop::WaitForMoreEvents | QEventLoop::EventLoopExec);
    }
};

} // namespace Flywheel::Test
