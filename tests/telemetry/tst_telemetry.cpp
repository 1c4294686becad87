// SPDX-License-Identifier: MIT
#include <flywheel/telemetry.h>

#include "support/descriptorlimit.h"
#include "support/watchdog.h"
#include "telemetry/protocol/publishers.h"
#include "telemetry/runtimedirectory.h"
#include "telemetry/unixsocket.h"
#include "telemetry/watcher.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <optional>

#include <sys/wait.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;
using namespace std::chrono_literals;

namespace {

/// The longest time in which this thread's loop did not come round, in ms.
class Heartbeat : public QObject
{
public:
    Heartbeat()
    {
        m_sinceBeat.start();
        startTimer(10, Qt::PreciseTimer);
    }
    qint64 longestGap() const { return m_longest; }

private:
    void timerEvent(QTimerEvent *) override { m_longest = std::max(m_longest, m_sinceBeat.restart()); }

    QElapsedTimer m_sinceBeat;
    qint64 m_longest = 0;
};

/// Runs \a body in a forked child; its exit code. The child must not touch QtTest.
template <typename Body>
int inChild(Body body)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(body());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

class tst_Telemetry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup()
    {
        stopTelemetry();
        m_runtime.reset();
    }

    void publishesTheLoopsOfTheProcess();
    void startingTwiceIsOnce();
    void stopsAndStartsAgain();
    void stopsJustAfterAWatcherHasGone();
    void aWatcherGetsTheStacksOfStalls();
    void telemetryThreadIsNotPublished();
    void watchedLoopNeverWaits();
    void aThousandConnections();
    void goesOnWithoutAWarningWhereItCannotPublish();
    void childOfForkHoldsNoConnection();
    void childOfForkCanPublishItself();

private:
    QString ownSocket() const
    {
        const auto found = publishers();
        return found.empty() ? QString() : found.front().socketPath;
    }

    const Flywheel::Test::Watchdog m_watchdog{std::chrono::seconds(100)};
    std::optional<RuntimeDirectory> m_runtime;
};

void tst_Telemetry::publishesTheLoopsOfTheProcess()
{
    QThread worker;
    worker.setObjectName(QStringLiteral("worker"));
    QVERIFY(install(worker));
    worker.start();
    QVERIFY(startTelemetry({.name = QStringLiteral("my program")}));
    Watcher watcher(ownSocket());
    watcher.begin(ShortestInterval);
    QTRY_VERIFY(watcher.frames() >= 3);
    QCOMPARE(watcher.received<Hello>()[0].process.name, "my program");
    QCOMPARE(watcher.received<Hello>()[0].process.qtVersion, qVersion());
    const std::vector<Frame> frames = watcher.received<Frame>();
    const Frame last = frames.back();
    QCOMPARE(last.loops.size(), 2u);
    QCOMPARE(last.loops[0].threadName, "main");
    QCOMPARE(last.loops[1].threadName, "worker");
    // Not in each: two frames of a busy machine may follow one another at once.
    QVERIFY(std::ranges::any_of(frames, [](const Frame &frame) { return frame.loops.at(0).passes > 0; }));
    QVERIFY(last.loops[0].interval > 0ns);
    worker.quit();
    worker.wait();
    QTRY_COMPARE(watcher.received<Frame>().back().loops.size(), 1u);
}

void tst_Telemetry::aWatcherGetsTheStacksOfStalls()
{
#ifndef FLYWHEEL_HAS_STACKS
    QSKIP("libflywheelstacks was not built");
#endif
    QVERIFY(startTelemetry());
    Watcher watcher(ownSocket());
    watcher.begin(ShortestInterval);
    QTRY_VERIFY(watcher.frames() >= 1);
    QTimer::singleShot(0, [] { QThread::msleep(200); });
    const auto stalls = [&] {
        std::vector<Stall> all;
        for (const Frame &frame : watcher.received<Frame>()) {
            for (const LoopFrame &loop : frame.loops)
                all.insert(all.end(), loop.stalls.begin(), loop.stalls.end());
        }
        return all;
    };
    QTRY_VERIFY(!stalls().empty());
    const Stall stall = stalls().back();
    QVERIFY2(!stall.stacks.empty(), stall.stackProblem.c_str());
    QVERIFY(stall.stacks[0].systemCall.ends_with("nanosleep"));
    QVERIFY(stall.stacks[0].frames.size() > 3 && !stall.modules.empty());
    QVERIFY(stall.watched > 50ms && stall.processorTime < stall.watched / 4);
}

void tst_Telemetry::startingTwiceIsOnce()
{
    QVERIFY(startTelemetry());
    QVERIFY(startTelemetry());
    QCOMPARE(m_runtime->list().size(), 1);
}

void tst_Telemetry::stopsAndStartsAgain()
{
    stopTelemetry();
    for (int round = 0; round < 3; ++round) {
        QVERIFY(startTelemetry());
        Watcher watcher(ownSocket());
        watcher.begin(ShortestInterval);
        QTRY_VERIFY(watcher.frames() >= 1);
        stopTelemetry();
        QVERIFY(m_runtime->list().isEmpty());
        QTRY_VERIFY(!watcher.isConnected());
        QCOMPARE(watcher.goodbye(), int(Goodbye::Reason::ShuttingDown));
    }
}

void tst_Telemetry::stopsJustAfterAWatcherHasGone()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("from another thread")));
    for (int i = 0; i < 10; ++i) {
        QVERIFY(startTelemetry());
        {
            Watcher watcher(ownSocket());
            watcher.begin(ShortestInterval);
            QTRY_VERIFY(watcher.frames() >= 1);
        }
        stopTelemetry();
    }
}

void tst_Telemetry::telemetryThreadIsNotPublished()
{
    // Where all threads get Flywheel, as under flywheel-run, it would be on the list.
    QVERIFY(startTelemetry());
    for (const LoopSnapshot &loop : snapshots())
        QVERIFY(loop.threadName != "flywheel-telemetry");
}

void tst_Telemetry::watchedLoopNeverWaits()
{
    QVERIFY(startTelemetry());
    const UniqueFd stopped = newSocket();
    QVERIFY(connectTo(stopped, ownSocket()));
    QVERIFY(sendAll(stopped, encode(WatcherHello{.program = {}, .interval = ShortestInterval})));
    const UniqueFd silent = newSocket();
    QVERIFY(connectTo(silent, ownSocket()));
    const UniqueFd garbage = newSocket();
    QVERIFY(connectTo(garbage, ownSocket()));
    QVERIFY(sendAll(garbage, QByteArray(100'000, 'x')));

    Watcher good(ownSocket());
    good.begin(ShortestInterval);
    const Heartbeat heartbeat;
    QTRY_VERIFY(good.frames() >= 50);
    QVERIFY2(heartbeat.longestGap() < 1000, qPrintable(QString::number(heartbeat.longestGap())));
    QTRY_VERIFY(isHungUp(garbage));
}

void tst_Telemetry::aThousandConnections()
{
    const Flywheel::Test::DescriptorLimit enough(4096);
    QVERIFY(startTelemetry());
    const QString socket = ownSocket();
    std::vector<UniqueFd> crowd;
    for (int i = 0; i < 1000; ++i) {
        crowd.push_back(newSocket());
        QVERIFY(connectTo(crowd.back(), socket));
    }
    const auto refused = [&crowd] { return std::count_if(crowd.begin(), crowd.end(), isHungUp); };
    QTRY_COMPARE(refused(), 1000 - 8);
    crowd.clear();
    const auto isServed = [&socket] {
        Watcher watcher(socket);
        watcher.begin(ShortestInterval);
        return QTest::qWaitFor([&] { return watcher.frames() > 0 || !watcher.isConnected(); }) &&
               watcher.frames() > 0;
    };
    QTRY_VERIFY(isServed());
}

void tst_Telemetry::goesOnWithoutAWarningWhereItCannotPublish()
{
    const QString missing = m_runtime->path() + QStringLiteral("/missing");
    qputenv("XDG_RUNTIME_DIR", missing.toLocal8Bit());
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QTest::ignoreMessage(
        QtInfoMsg,
        qPrintable(
            QStringLiteral(
                "flywheel-monitor cannot watch this program: cannot look at %1: No such file or directory")
                .arg(missing)));
    QVERIFY(!startTelemetry());
    QVERIFY(!startTelemetry()); // told once
    stopTelemetry();
}

void tst_Telemetry::childOfForkHoldsNoConnection()
{
    QVERIFY(startTelemetry());
    const QString socket = ownSocket();
    const UniqueFd connected = newSocket();
    QVERIFY(connectTo(connected, socket));
    Watcher watcher(socket);
    watcher.begin(ShortestInterval);
    QTRY_VERIFY(watcher.frames() >= 1); // both are accepted by now

    int pipe[2];
    QCOMPARE(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) { // lives until the pipe is closed; stopping what is the parent's does nothing
        ::close(pipe[1]);
        stopTelemetry();
        char byte = 0;
        ::_exit(::read(pipe[0], &byte, 1) == 0 ? 0 : 1);
    }
    QVERIFY(publishers().size() == 1);
    stopTelemetry();
    QTRY_VERIFY(isHungUp(connected));
    QVERIFY(m_runtime->list().isEmpty());
    ::close(pipe[0]);
    ::close(pipe[1]);
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
}

void tst_Telemetry::childOfForkCanPublishItself()
{
    QVERIFY(startTelemetry());
#ifdef __SANITIZE_ADDRESS__
    QTest::qWait(200); // the sanitizer's allocator does not survive a fork while another thread is in it
#endif
    const auto publishInChild = [this] {
        const QString socket = m_runtime->sockets() + QLatin1Char('/') + QString::number(::getpid());
        if (!startTelemetry() || m_runtime->list().size() != 2)
            return 1;
        Watcher watcher(socket);
        watcher.begin(ShortestInterval);
        if (!QTest::qWaitFor([&watcher] { return watcher.frames() >= 2; }))
            return 2;
        stopTelemetry();
        return m_runtime->list().size() == 1 ? 0 : 3;
    };
    QCOMPARE(inChild(publishInChild), 0);
    Watcher watcher(ownSocket());
    watcher.begin(ShortestInterval);
    QTRY_VERIFY(watcher.frames() >= 1);
}

int main(int argc, char **argv)
{
    install();
    QCoreApplication application(argc, argv);
    tst_Telemetry test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_telemetry.moc"
