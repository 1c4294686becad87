// SPDX-License-Identifier: MIT
#include "model/session.h"

#include "telemetry/runtimedirectory.h"

#include <QtCore/qprocess.h>
#include <QtTest/qtest.h>

#include <algorithm>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

/// flywheel-demo, as the monitor sees it: what it is there to show must be seen.
class tst_Demo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void loopsHaveNames();
    void blockingSlotIsAStall();
    void timersAreOfAllTypes();
    void clientsAreServed();
    void workersHaveTasks();

private:
    Loop *loop(const char *name) const;

    std::unique_ptr<Telemetry::Test::RuntimeDirectory> m_directory;
    std::unique_ptr<Session> m_session;
    QProcess m_demo;
};

void tst_Demo::initTestCase()
{
    m_directory = std::make_unique<Telemetry::Test::RuntimeDirectory>();
    m_session = std::make_unique<Session>();
    m_session->attachToAll();
    m_session->startDiscovery();
    m_demo.setStandardOutputFile(QProcess::nullDevice());
    m_demo.start(QStringLiteral(DEMO_PROGRAM), QStringList());
    QTRY_VERIFY_WITH_TIMEOUT(loop("worker-3"), 30'000);
}

void tst_Demo::cleanupTestCase()
{
    m_demo.kill();
    QVERIFY(m_demo.waitForFinished());
}

Loop *tst_Demo::loop(const char *name) const
{
    const auto loops = m_session->loops();
    const auto found = std::find_if(loops.begin(), loops.end(),
                                    [name](Loop *any) { return any->name() == QLatin1String(name); });
    return found == loops.end() ? nullptr : *found;
}

void tst_Demo::loopsHaveNames()
{
    for (const char *name : {"main", "echo", "worker-1", "worker-2", "worker-3"})
        QVERIFY2(loop(name), name);
    QCOMPARE(m_session->processes().at(0)->name(), QStringLiteral("flywheel-demo"));
}

void tst_Demo::blockingSlotIsAStall()
{
    const auto isReport = [](const Stall &stall) {
        return stall.objectName == "daily report" && stall.duration >= 120ms;
    };
    QTRY_VERIFY_WITH_TIMEOUT(
        std::any_of(loop("main")->stalls().begin(), loop("main")->stalls().end(), isReport), 30'000);
}

void tst_Demo::timersAreOfAllTypes()
{
    const auto has = [this](Qt::TimerType type, Duration interval) {
        const auto rows = loop("main")->tables().timers({});
        return std::any_of(rows.begin(), rows.end(),
                           [&](const TimerRow &row) { return row.type == type && row.interval == interval; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(has(Qt::PreciseTimer, 1ms), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(has(Qt::CoarseTimer, 250ms), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(has(Qt::VeryCoarseTimer, 5s), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(has(Qt::PreciseTimer, 0ms), 30'000);
}

void tst_Demo::clientsAreServed()
{
    QTRY_VERIFY_WITH_TIMEOUT(
        loop("echo")->recentFigures().runs[static_cast<std::size_t>(HandlerKind::Notifier)] > 100, 30'000);
}

void tst_Demo::workersHaveTasks()
{
    for (const char *name : {"worker-1", "worker-2", "worker-3"})
        QTRY_VERIFY_WITH_TIMEOUT(loop(name)->recentFigures().of(SeriesKind::TaskWait).count > 10, 30'000);
    // The heap of jobs that the last one is given every few seconds.
    QTRY_VERIFY_WITH_TIMEOUT(
        loop("worker-3")->history().figures(loop("worker-3")->history().span()).events > 2000, 30'000);
}

QTEST_GUILESS_MAIN(tst_Demo)
#include "tst_demo.moc"
