// SPDX-License-Identifier: MIT
#pragma once

#include "support/fakepoller.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>

#include <string_view>

namespace Flywheel::Test {

/// An application whose main thread runs on a dispatcher with a fake poller and a fake clock. Make one for
/// each test function (QTEST_APPLESS_MAIN): application objects may follow one another.
class FakeLoop
{
public:
    FakeLoop();

    /// One call of processEvents().
    bool pass(QEventLoop::ProcessEventsFlags flags = QEventLoop::AllEvents)
    {
        return dispatcher.processEvents(flags);
    }
    /// How many of the poller's calls begin so.
    std::ptrdiff_t callsOf(std::string_view beginning) const;
    /// Forgets the poller's calls.
    void forgetCalls() { poller.calls.clear(); }

    FakePoller &poller;
    QAbstractEventDispatcher &dispatcher;

private:
    explicit FakeLoop(FakePoller *poller);

    QCoreApplication m_application;
};

} // namespace Flywheel::Test
