// SPDX-License-Identifier: MIT
#include "telemetry/publisher/telemetryserver.h"

#include "support/descriptorlimit.h"
#include "telemetry/protocol/socketdirectory.h"
#include "telemetry/runtimedirectory.h"
#include "telemetry/unixsocket.h"
#include "telemetry/watcher.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;
using namespace std::chrono_literals;

using Reason = Goodbye::Reason;

namespace {

constexpr std::chrono::milliseconds Fast = ShortestInterval;

LoopSnapshot loopNamed(const char *name)
{
    LoopSnapshot loop;
    loop.loopId = 1;
    loop.threadName = name;
    loop.posts.total = 5;
    return loop;
}

PublishingOptions options()
{
    PublishingOptions result;
    result.process.processId = static_cast<std::uint64_t>(QCoreApplication::applicationPid());
    result.process.name = "tested";
    result.source = [](const SnapshotOptions &) { return std::vector{loopNamed("main")}; };
    return result;
}

} // namespace

class tst_TelemetryServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup()
    {
        m_server.reset();
        m_runtime.reset();
    }

    void helloComesUnasked();
    void framesComeAfterHello();
    void intervalCanBeChanged();
    void eachWatcherHasItsOwnFrames();
    void endOfServerIsSaid();
    void ownLoopIsLeftOut();
    void otherVersionIsRefused();
    void silentWatcherIsDropped();
    void garbageIsRefused_data();
    void garbageIsRefused();
    void floodOfRequestsIsRefused();
    void stoppedReaderIsDropped();
    void watcherThatVanishesIsForgotten();
    void surplusWatchersAreRefused();
    void comesBackWhenDescriptorsRanOut();
    void comesBackWhenSocketWasRemoved();
    void saysWhyItCannotListen();
    void forkWaitsForTheEndOfASnapshot();
    void timerStartsInTheLoopItServesIn();

private:
    void serve(PublishingOptions options)
    {
        m_server.emplace(std::move(options));
        QCOMPARE(m_server->listen(), QString());
    }

    std::optional<RuntimeDirectory> m_runtime;
    std::optional<TelemetryServer> m_server;
};

void tst_TelemetryServer::helloComesUnasked()
{
    serve(options());
    QCOMPARE(m_runtime->list(), QStringList(QString::number(QCoreApplication::applicationPid())));
    Watcher watcher(m_server->socketPath());
    QTRY_COMPARE(watcher.received<Hello>().size(), 1u);
    QCOMPARE(watcher.received<Hello>()[0].protocolVersion, ProtocolVersion);
    QCOMPARE(watcher.received<Hello>()[0].process.name, "tested");
    QCOMPARE(watcher.frames(), 0u);
}

void tst_TelemetryServer::framesComeAfterHello()
{
    serve(options());
    Watcher watcher(m_server->socketPath());
    watcher.begin(Fast);
    QTRY_VERIFY(watcher.frames() >= 5);
    const auto frames = watcher.received<Frame>();
    for (std::size_t i = 0; i < frames.size(); ++i) {
        QCOMPARE(frames[i].sequence, i + 1);
        QCOMPARE(frames[i].loops.at(0).threadName, "main");
        QCOMPARE(frames[i].loops[0].posts, i == 0 ? 5u : 0u);
    }
    QVERIFY(frames[4].takenAt - frames[0].takenAt >= 3 * Fast); // timers may catch up once
    QVERIFY(frames[4].publishingCpu > 0ns);
}

void tst_TelemetryServer::intervalCanBeChanged()
{
    serve(options());
    Watcher watcher(m_server->socketPath());
    watcher.begin(LongestInterval);
    QTRY_COMPARE(watcher.frames(), 1u);
    watcher.send(encode(IntervalRequest{.interval = Fast}));
    QTRY_VERIFY(watcher.frames() >= 3);
}

void tst_TelemetryServer::eachWatcherHasItsOwnFrames()
{
    serve(options());
    Watcher first(m_server->socketPath());
    first.begin(Fast);
    QTRY_VERIFY(first.frames() >= 2);
    Watcher second(m_server->socketPath());
    second.begin(Fast);
    QTRY_VERIFY(second.frames() >= 2);
    QCOMPARE(second.received<Frame>()[0].sequence, 1u);
    QVERIFY(second.received<Frame>()[0].loops.at(0).wholeLife);
    QVERIFY(!first.received<Frame>().back().loops.at(0).wholeLife);
}

void tst_TelemetryServer::endOfServerIsSaid()
{
    serve(options());
    Watcher watcher(m_server->socketPath());
    watcher.begin(Fast);
    QTRY_VERIFY(watcher.frames() >= 1);
    m_server.reset();
    QTRY_VERIFY(!watcher.isConnected());
    QCOMPARE(watcher.goodbye(), int(Reason::ShuttingDown));
    QVERIFY(m_runtime->list().isEmpty());
}

void tst_TelemetryServer::ownLoopIsLeftOut()
{
    PublishingOptions own = options();
    own.source = [](const SnapshotOptions &) {
        return std::vector{loopNamed("main"), loopNamed(ThreadName)};
    };
    serve(own);
    Watcher watcher(m_server->socketPath());
    watcher.begin(Fast);
    QTRY_VERIFY(watcher.frames() >= 1);
    QCOMPARE(watcher.received<Frame>()[0].loops.size(), 1u);
}

void tst_TelemetryServer::otherVersionIsRefused()
{
    serve(options());
    Watcher watcher(m_server->socketPath());
    watcher.send(encode(WatcherHello{.protocolVersion = ProtocolVersion + 1, .program = {}}));
    QTRY_VERIFY(!watcher.isConnected());
    QCOMPARE(watcher.goodbye(), int(Reason::VersionMismatch));
    QCOMPARE(watcher.frames(), 0u);
}

void tst_TelemetryServer::silentWatcherIsDropped()
{
    PublishingOptions impatient = options();
    impatient.helloTimeout = 30ms;
    serve(impatient);
    Watcher silent(m_server->socketPath());
    Watcher talking(m_server->socketPath());
    talking.begin(Fast);
    QTRY_COMPARE(silent.goodbye(), int(Reason::NoHello));
    QTRY_VERIFY(talking.frames() >= 3);
}

void tst_TelemetryServer::garbageIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << QByteArray("GET / HTTP/1.1\r\n\r\n");
    QTest::newRow("zeros") << QByteArray(1'000'000, '\0');
    QTest::newRow("publisher's message") << encode(Frame());
    QTest::newRow("request first") << encode(IntervalRequest());
    QTest::newRow("garbage after hello") << encode(WatcherHello()) + QByteArray(10, '\xFF');
}

void tst_TelemetryServer::garbageIsRefused()
{
    QFETCH(const QByteArray, bytes);
    serve(options());
    Watcher good(m_server->socketPath());
    good.begin(Fast);
    Watcher bad(m_server->socketPath());
    bad.send(bytes);
    QTRY_VERIFY(!bad.isConnected());
    QCOMPARE(bad.goodbye(), int(Reason::BadMessage));
    QVERIFY(!bad.received<Goodbye>()[0].detail.empty());
    const std::size_t frames = good.frames();
    QTRY_VERIFY(good.frames() >= frames + 3);
}

void tst_TelemetryServer::floodOfRequestsIsRefused()
{
    serve(options());
    Watcher watcher(m_server->socketPath());
    watcher.begin(LongestInterval);
    watcher.send(encode(IntervalRequest{.interval = LongestInterval}).repeated(1000));
    QTRY_COMPARE(watcher.goodbye(), int(Reason::BadMessage));
}

void tst_TelemetryServer::stoppedReaderIsDropped()
{
    PublishingOptions large = options();
    large.maxPendingBytes = 1'000'000;
    large.source = [](const SnapshotOptions &) {
        LoopSnapshot loop = loopNamed("main");
        loop.stalls.resize(1);
        loop.ongoingStall.emplace().className.assign(1000, 'x');
        return std::vector<LoopSnapshot>(50, loop); // 60 kB: even a slow reader is not 15 frames late
    };
    serve(large);
    const UniqueFd stopped = newSocket();
    QVERIFY(connectTo(stopped, m_server->socketPath()));
    QVERIFY(sendAll(stopped, encode(WatcherHello{.program = {}, .interval = Fast})));
    Watcher good(m_server->socketPath());
    good.begin(Fast);
    QTRY_VERIFY_WITH_TIMEOUT(isHungUp(stopped), 20'000);
    const std::size_t frames = good.frames();
    QTRY_VERIFY_WITH_TIMEOUT(good.frames() >= frames + 3, 20'000);
    QCOMPARE(good.received<Frame>().back().sequence, good.frames());
}

void tst_TelemetryServer::watcherThatVanishesIsForgotten()
{
    PublishingOptions one = options();
    one.maxWatchers = 1;
    serve(one);
    for (int round = 0; round < 5; ++round) {
        Watcher watcher(m_server->socketPath());
        watcher.begin(Fast);
        QTRY_VERIFY(watcher.frames() >= 1);
        watcher.leave();
        QTRY_VERIFY(m_server->findChildren<WatcherConnection *>().isEmpty());
    }
}

void tst_TelemetryServer::surplusWatchersAreRefused()
{
    PublishingOptions two = options();
    two.maxWatchers = 2;
    serve(two);
    Watcher first(m_server->socketPath());
    Watcher second(m_server->socketPath());
    QTRY_COMPARE(second.received<Hello>().size(), 1u);
    Watcher third(m_server->socketPath());
    QTRY_VERIFY(!third.isConnected());
    QCOMPARE(third.goodbye(), int(Reason::TooManyWatchers));
    first.leave();
    QTRY_COMPARE(m_server->findChildren<WatcherConnection *>().size(), 1);
    Watcher fourth(m_server->socketPath());
    fourth.begin(Fast);
    QTRY_VERIFY(fourth.frames() >= 1);
    QVERIFY(second.isConnected());
}

void tst_TelemetryServer::comesBackWhenDescriptorsRanOut()
{
    PublishingOptions eager = options();
    eager.listeningCheck = 20ms;
    serve(eager);
    const QString path = m_server->socketPath();
    {
        const UniqueFd socket = newSocket();
        const Flywheel::Test::DescriptorLimit none(3);
        QVERIFY(connectTo(socket, path));
        QTRY_VERIFY(isHungUp(socket)); // Qt has closed the listener
    }
    QTRY_VERIFY(isListening(m_server->socketPath())); // until the check, the path is the one of that listener
    Watcher watcher(m_server->socketPath());
    watcher.begin(Fast);
    QTRY_VERIFY(watcher.frames() >= 1);
}

void tst_TelemetryServer::comesBackWhenSocketWasRemoved()
{
    PublishingOptions eager = options();
    eager.listeningCheck = 20ms;
    serve(eager);
    Watcher before(m_server->socketPath());
    before.begin(Fast);
    QTRY_VERIFY(before.frames() >= 1);
    QVERIFY(QDir(m_runtime->sockets()).removeRecursively());
    QTRY_COMPARE(m_runtime->list().size(), 1);
    Watcher after(m_server->socketPath());
    after.begin(Fast);
    QTRY_VERIFY(after.frames() >= 1);
    const std::size_t frames = before.frames();
    QTRY_VERIFY(before.frames() > frames);
}

void tst_TelemetryServer::saysWhyItCannotListen()
{
    const auto reasonIn = [](const QString &runtimeDirectory) {
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtimeDirectory));
        return TelemetryServer(options()).listen();
    };
    const QString missing = m_runtime->path() + QStringLiteral("/missing");
    QCOMPARE(reasonIn(missing), QStringLiteral("cannot look at %1: No such file or directory").arg(missing));
    QCOMPARE(reasonIn(QStringLiteral("/proc/self")), // not even root can write there
             QStringLiteral("cannot make /proc/self/flywheel: No such file or directory"));
    const QString longPath = m_runtime->path() + QLatin1Char('/') + QString(80, QLatin1Char('x'));
    QVERIFY(QDir().mkdir(longPath));
    QCOMPARE(reasonIn(longPath),
             QStringLiteral(
                 "%1/flywheel is too long for the name of a socket; set XDG_RUNTIME_DIR to a shorter path")
                 .arg(longPath));
}

void tst_TelemetryServer::forkWaitsForTheEndOfASnapshot()
{
    // What takes a snapshot holds locks for moments; in a child that was born meanwhile they would stay
    // locked.
    std::atomic<bool> inside = false;
    PublishingOptions slow = options();
    slow.source = [&inside](const SnapshotOptions &) {
        inside = true;
        std::this_thread::sleep_for(10ms);
        inside = false;
        return std::vector{loopNamed("main")};
    };
    auto *server = new TelemetryServer(slow);
    QCOMPARE(server->listen(), QString());
    Watcher watcher(server->socketPath());
    QThread thread;
    connect(&thread, &QThread::finished, server, &QObject::deleteLater);
    server->moveToThread(&thread);
    thread.start();
    watcher.begin(Fast);
    QTRY_VERIFY(watcher.frames() >= 1);
    for (int round = 0; round < 5; ++round) {
        while (!inside)
            std::this_thread::yield();
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(inside ? 1 : 0);
        int status = -1;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QCOMPARE(status, 0);
    }
    thread.quit();
    thread.wait();
}

void tst_TelemetryServer::timerStartsInTheLoopItServesIn()
{
    // A timer that runs when its object moves to a thread, and the thread ends at once: Qt leaks the list of
    // timers that it wanted to start again there.
    serve(options());
    const auto isActive = [](const QTimer *timer) { return timer->isActive(); };
    const QList<QTimer *> timers = m_server->findChildren<QTimer *>();
    QVERIFY(std::ranges::none_of(timers, isActive));
    QTRY_VERIFY(std::ranges::any_of(timers, isActive));
}

QTEST_GUILESS_MAIN(tst_TelemetryServer)
#include "tst_telemetryserver.moc"
