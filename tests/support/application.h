// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/eventdispatcher.h>

#include <QtCore/qcoreapplication.h>

#include <functional>

namespace Flywheel::Test {

/// A column "poller" with a row for each poller of this build.
void addPollerRows();

/// An application object, on a Flywheel dispatcher unless told otherwise. They may follow one another, so
/// each test function makes its own (QTEST_APPLESS_MAIN).
class Application
{
public:
    /// On the dispatcher that Qt picks: QEventDispatcherUNIX, since the tests run with QT_NO_GLIB=1.
    static Application stock() { return Application(nullptr); }
    explicit Application(Poller poller);

    /// Null on the stock dispatcher.
    EventDispatcher *dispatcher() const { return EventDispatcher::of(); }

private:
    explicit Application(EventDispatcher *dispatcher);

    QCoreApplication m_application;
};

/// Runs passes that may block until \a condition holds. Only under a Watchdog.
void processUntil(const std::function<bool()> &condition);

} // namespace Flywheel::Test
