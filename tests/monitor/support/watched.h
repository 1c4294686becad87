// SPDX-License-Identifier: MIT
#pragma once

#include "model/session.h"

#include "monitor/support/fakepublisher.h"
#include "monitor/support/frames.h"
#include "telemetry/runtimedirectory.h"

#include <QtTest/qtest.h>

namespace Flywheel::Monitor::Test {

/// A session that is attached to a fake publisher, in a runtime directory of their own.
class Watched
{
public:
    Watched()
    {
        session.startDiscovery();
        session.attachWhenFound(QString::number(QCoreApplication::applicationPid()));
    }

    /// False if it did not come about.
    bool isAttached()
    {
        return QTest::qWaitFor([this] { return publisher.greeted() > 0; });
    }
    /// Sends the loops as of \a at, and waits until the session has them.
    bool show(std::chrono::nanoseconds at, std::vector<Telemetry::LoopFrame> loops)
    {
        publisher.send(frameOf(++m_sequence, at, std::move(loops)));
        return QTest::qWaitFor([&] { return process() && process()->latestTime() == at; }, 60'000);
    }
    /// Frames of a loop that is 10 % busy, each 100 ms.
    bool showCalm(std::chrono::nanoseconds first, std::chrono::nanoseconds last)
    {
        for (auto at = first; at < last; at += 100ms)
            publisher.send(frameOf(++m_sequence, at, {busyLoop(at, 10ms)}));
        return show(last, {busyLoop(last, 10ms)});
    }

    Process *process() const { return session.processes().empty() ? nullptr : session.processes()[0].get(); }
    Loop *loop(std::size_t index = 0) const { return process()->loops().at(index).get(); }

    const Telemetry::Test::RuntimeDirectory directory;
    FakePublisher publisher;
    Session session;

private:
    std::uint64_t m_sequence = 0;
};

} // namespace Flywheel::Monitor::Test
