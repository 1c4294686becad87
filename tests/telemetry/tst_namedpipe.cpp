// SPDX-License-Identifier: MIT
// A program that publishes on Windows is found, answers, and is gone when it stops.
#include <flywheel/telemetry.h>

#include "support/watchdog.h"
#include "telemetry/publishers.h"
#include "telemetry/watcher.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <optional>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;
using namespace std::chrono_literals;

class tst_NamedPipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { stopTelemetry(); }

    void isFoundByProcessId();
    void isGoneAfterStopping();
    void startsAndStopsManyTimes();
    void sendsFramesOfThisLoop();
    void saysGoodbye();

private:
    static std::optional<Publisher> ourselves()
    {
        for (const Publisher &publisher : publishers()) {
            if (publisher.processId == QCoreApplication::applicationPid())
                return publisher;
        }
        return std::nullopt;
    }

    const Flywheel::Test::Watchdog m_watchdog{60s};
};

void tst_NamedPipe::isFoundByProcessId()
{
    QVERIFY(!ourselves());
    QVERIFY(startTelemetry());
    const auto found = ourselves();
    QVERIFY(found);
    QCOMPARE(found->programName, QStringLiteral("tst_namedpipe"));
}

void tst_NamedPipe::isGoneAfterStopping()
{
    QVERIFY(startTelemetry());
    stopTelemetry();
    QVERIFY(!ourselves());
    QVERIFY(startTelemetry());
    QVERIFY(ourselves());
}

void tst_NamedPipe::startsAndStopsManyTimes()
{
    // What Windows had still to say of the listener's connections came after the listener was gone.
    for (int i = 0; i < 200; ++i) {
        QVERIFY(startTelemetry());
        stopTelemetry();
    }
}

void tst_NamedPipe::sendsFramesOfThisLoop()
{
    QVERIFY(startTelemetry());
    Watcher watcher(ourselves()->socketPath);
    QTRY_VERIFY(watcher.isConnected());
    QTRY_COMPARE(watcher.received<Hello>().size(), 1u);
    watcher.begin(20ms);
    QTRY_VERIFY(watcher.frames() >= 3);
    QCOMPARE(watcher.error(), std::string());
    const auto frames = watcher.received<Frame>();
    const auto &loops = frames.back().loops;
    QVERIFY(std::any_of(loops.begin(), loops.end(), [](const auto &loop) { return loop.poller == "iocp"; }));
}

void tst_NamedPipe::saysGoodbye()
{
    QVERIFY(startTelemetry());
    Watcher watcher(ourselves()->socketPath);
    QTRY_COMPARE(watcher.received<Hello>().size(), 1u);
    QTimer::singleShot(0, [] { stopTelemetry(); });
    QTRY_COMPARE(watcher.goodbye(), static_cast<int>(Goodbye::Reason::ShuttingDown));
}

int main(int argc, char **argv)
{
    Flywheel::install();
    QCoreApplication application(argc, argv);
    tst_NamedPipe test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_namedpipe.moc"
