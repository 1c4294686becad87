// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "support/application.h"
#include "support/watchdog.h"

#include <functional>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
class QThread;
QT_END_NAMESPACE

namespace Flywheel::Test {

/// A global column "loop" with a row for Qt's own dispatcher and one for each poller of ours. QT_NO_GLIB=1,
/// which all tests run with, makes Qt's own QEventDispatcherUNIX where there is a choice.
void addLoopRows();

/// The application of the row that is running. Make one in init(), delete it in cleanup().
class ParityLoop
{
public:
    ParityLoop();

    static QAbstractEventDispatcher *dispatcher();
    /// Gives \a thread a dispatcher of the row's kind.
    static void setUp(QThread &thread);

    /// Runs an event loop until \a condition holds, which is looked at before and after each wait. (A plain
    /// loop around processEvents(WaitForMoreEvents) can hang on Qt's dispatcher: docs/contract.md.)
    static void runUntil(const std::function<bool()> &condition);
    /// By how much the timers of Qt's own may come too soon: by a tick of Windows' multimedia timers. Ours
    /// never do.
    static Nanoseconds mayBeEarly();
    /// One pass that does not wait.
    static bool pass();

private:
    Watchdog m_watchdog;
    Application m_application;
};

} // namespace Flywheel::Test
