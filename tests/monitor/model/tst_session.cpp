// SPDX-License-Identifier: MIT
#include "model/session.h"

#include "monitor/support/watched.h"
#include "telemetry/publishingprocess.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using Flywheel::Telemetry::Test::PublishingProcess;
using Flywheel::Telemetry::Test::RuntimeDirectory;
using State = Process::State;

class tst_Session : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsProgramsThatPublish();
    void awaitsAProgramByName();
    void awaitsAProgramByTheNameItPublishes();
    void loopsComeWithFrames();
    void loopsThatEndStay();
    void omittedLoopsHaveNotEnded();
    void stallsAreTakenOnce();
    void updatesAreBatched();
    void processThatEndsStays();
    void lostConnectionLeavesAGap();
    void detachForgetsTheLoops();
    void versionMismatchIsShown();
    void healthIsSignalled();
    void recordsAndReplays();
    void badRecordingLeavesTheSession();
    void realProgram();
    void aRestartIsAttachedTo();
};

void tst_Session::listsProgramsThatPublish()
{
    const RuntimeDirectory directory;
    FakePublisher publisher;
    Session session;
    session.startDiscovery();
    QTRY_COMPARE(session.processes().size(), 1u);
    const Process &process = *session.processes()[0];
    QVERIFY(process.state() == State::Available);
    QCOMPARE(process.processId(), QCoreApplication::applicationPid());
    QCOMPARE(process.name(), QStringLiteral("tst_session"));
    QCOMPARE(publisher.accepted(), 0);
    publisher.stop();
    QTRY_VERIFY(session.processes().empty());
}

void tst_Session::awaitsAProgramByName()
{
    const RuntimeDirectory directory;
    Session session;
    session.startDiscovery();
    session.attachWhenFound(QStringLiteral("TST_session"));
    QCOMPARE(session.awaited().size(), 1);
    FakePublisher publisher;
    QTRY_COMPARE(publisher.greeted(), 1);
    QVERIFY(session.awaited().isEmpty());
    QVERIFY(session.find(QStringLiteral("tst_session")));
    QVERIFY(!session.find(QStringLiteral("other")));
}

void tst_Session::awaitsAProgramByTheNameItPublishes()
{
    const RuntimeDirectory directory;
    FakePublisher publisher;
    publisher.setGreeting(FakePublisher::hello("p.py"));
    Session session;
    session.startDiscovery();
    QTRY_COMPARE(session.processes().size(), 1u);
    session.attachWhenFound(QStringLiteral("other.py"));
    QTRY_COMPARE(session.processes()[0]->name(), QStringLiteral("p.py"));
    QVERIFY(!session.processes()[0]->isAttached());
    session.attachWhenFound(QStringLiteral("p.py"));
    QVERIFY(session.processes()[0]->isAttached());
    QCOMPARE(session.awaited(), QStringList{QStringLiteral("other.py")});

    Session later;
    later.attachWhenFound(QStringLiteral("p.py"));
    later.startDiscovery();
    QTRY_VERIFY(later.find(QStringLiteral("p.py")));
    QTRY_VERIFY(later.find(QStringLiteral("p.py"))->isAttached());
    QVERIFY(later.awaited().isEmpty());
}

void tst_Session::loopsComeWithFrames()
{
    Watched watched;
    QSignalSpy added(&watched.session, &Session::loopAdded);
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 12s));
    QVERIFY(watched.process()->state() == State::Attached);
    QCOMPARE(watched.process()->name(), QStringLiteral("fake"));
    QCOMPARE(added.count(), 1);
    Loop *const loop = watched.loop();
    QCOMPARE(loop->name(), QStringLiteral("main"));
    QCOMPARE(loop->mode(), QStringLiteral("owner"));
    QVERIFY(std::abs(loop->recentFigures().utilisation() - 0.1) < 1e-3);
    QCOMPARE(loop->history().span(), (TimeSpan{9'900ms, 12s}));
    QCOMPARE(watched.session.now(), 12s);
    QVERIFY(loop->latest().passTime.histogram.buckets().empty());
}

void tst_Session::loopsThatEndStay()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(10s, {idleLoop(10s), idleLoop(10s, 100ms, 2)}));
    QCOMPARE(watched.process()->loops().size(), 2u);
    QVERIFY(watched.show(10'100ms, {idleLoop(10'100ms)}));
    QCOMPARE(watched.process()->loops().size(), 2u);
    QVERIFY(watched.loop(0)->isRunning());
    QVERIFY(!watched.loop(1)->isRunning());
}

void tst_Session::omittedLoopsHaveNotEnded()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(10s, {idleLoop(10s), idleLoop(10s, 100ms, 2)}));
    Telemetry::Frame frame = frameOf(2, 10'100ms, {idleLoop(10'100ms)});
    frame.omittedLoops = 1;
    watched.publisher.send(frame);
    QTRY_COMPARE(watched.session.now(), 10'100ms);
    QVERIFY(watched.loop(1)->isRunning());
    QCOMPARE(watched.process()->omittedLoops(), 1u);
}

void tst_Session::stallsAreTakenOnce()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame first = idleLoop(10s);
    first.wholeLife = true;
    first.stalls = {stall(1, 3s, 60ms), stall(2, 5s, 60ms)};
    first.stallCount = 2;
    QVERIFY(watched.show(10s, {first}));
    Telemetry::LoopFrame again = idleLoop(10'100ms);
    again.wholeLife = true; // after a reconnection
    again.stalls = {stall(2, 5s, 60ms), stall(3, 10'020ms, 70ms)};
    again.stallCount = 3;
    QVERIFY(watched.show(10'100ms, {again}));
    QCOMPARE(watched.loop()->stalls().size(), 3u);
    QCOMPARE(watched.loop()->stallCount(), 3u);
    QCOMPARE(watched.loop()->stalls(TimeSpan{10s, 11s}).size(), 1u);
}

void tst_Session::updatesAreBatched()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QSignalSpy updated(&watched.session, &Session::updated);
    QElapsedTimer since;
    since.start();
    QVERIFY(watched.showCalm(10s, 60s)); // 501 frames
    QTRY_VERIFY(updated.count() > 0);
    QVERIFY(updated.count() <= since.elapsed() / Session::UpdateInterval.count() + 1);
}

void tst_Session::processThatEndsStays()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 12s));
    watched.publisher.send(Telemetry::Goodbye{});
    QTRY_VERIFY(watched.process()->state() == State::Ended);
    watched.publisher.stop();
    watched.session.startDiscovery(); // looks at once
    QCOMPARE(watched.session.processes().size(), 1u);
    QVERIFY(!watched.loop()->isRunning());
    QVERIFY(!watched.loop()->history().isEmpty());
    watched.session.close(*watched.process());
    QVERIFY(watched.session.processes().empty());
}

void tst_Session::lostConnectionLeavesAGap()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 12s));
    watched.publisher.dropAll();
    QTRY_VERIFY(watched.process()->state() == State::Lost);
    QVERIFY(!watched.process()->reason().isEmpty());
    QTRY_COMPARE(watched.publisher.greeted(), 2);
    QVERIFY(watched.showCalm(15s, 16s));
    QCOMPARE(watched.process()->loops().size(), 1u);
    QCOMPARE(watched.loop()->history().gaps({0s, 100s}).size(), 1u);
}

void tst_Session::detachForgetsTheLoops()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 11s));
    QSignalSpy removed(&watched.session, &Session::processAboutToBeRemoved);
    watched.session.detach(*watched.process());
    QCOMPARE(removed.count(), 1);
    QCOMPARE(watched.session.processes().size(), 1u);
    QVERIFY(watched.process()->state() == State::Available);
    QVERIFY(watched.process()->loops().empty());
    watched.session.attach(*watched.process());
    QTRY_COMPARE(watched.publisher.greeted(), 2);
}

void tst_Session::versionMismatchIsShown()
{
    Watched watched;
    Telemetry::Hello hello;
    hello.protocolVersion = 9;
    watched.publisher.setGreeting(Telemetry::encode(hello));
    QTRY_VERIFY(watched.process() && watched.process()->state() == State::VersionMismatch);
    QVERIFY(watched.process()->reason().contains(QStringLiteral("version 9")));
}

void tst_Session::healthIsSignalled()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 11s));
    QSignalSpy changed(&watched.session, &Session::healthChanged);
    for (auto at = 11'100ms; at <= 16s; at += 100ms)
        QVERIFY(watched.show(at, {busyLoop(at, 99ms, 50)}));
    QVERIFY(watched.loop()->health() == Health::Unwell);
    QCOMPARE(changed.count(), 2); // busy, then unwell
    QCOMPARE(watched.loop()->crossings().size(), 2u);
    QVERIFY(watched.loop()->crossings()[1].reason.contains(QLatin1String("Utilisation")));
}

void tst_Session::recordsAndReplays()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("a.flywheel"));
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame first = busyLoop(10s, 10ms);
    first.receivers.emplace().push_back({.className = "Socket", .count = 10, .total = 10ms});
    QVERIFY(watched.show(10s, {first}));
    QCOMPARE(watched.session.startRecording(path), QString());
    QVERIFY(watched.showCalm(10'100ms, 20s));
    QCOMPARE(watched.session.recorder()->frames(), 100u);
    QSignalSpy changed(&watched.session, &Session::recordingChanged);
    watched.session.stopRecording();
    QCOMPARE(changed.count(), 1);
    QVERIFY(!watched.session.recorder());
    const SpanFigures live = watched.loop()->history().figures({10s, 20s});

    QCOMPARE(watched.session.openRecording(path), QString());
    QCOMPARE(watched.session.processes().size(), 1u);
    QVERIFY(watched.process()->state() == State::Recorded);
    watched.session.replay()->seek(20s);
    QTRY_VERIFY(!watched.session.replay()->isLoading());
    QCOMPARE(watched.session.now(), 20s);
    const SpanFigures replayed = watched.loop()->history().figures({10s, 20s});
    QCOMPARE(replayed.events, live.events);
    QCOMPARE(replayed.of(SeriesKind::Handler).p99, live.of(SeriesKind::Handler).p99);
    QCOMPARE(watched.loop()->tables().receivers({}).size(), 1u); // from before the recording
    QVERIFY(!watched.session.startRecording(path).isEmpty());

    watched.session.replay()->seek(15s);
    QTRY_VERIFY(!watched.session.replay()->isLoading());
    QCOMPARE(watched.loop()->history().span().end, 15s);

    watched.session.closeRecording();
    QVERIFY(!watched.session.replay());
    QTRY_VERIFY(watched.process() && watched.process()->state() == State::Available);
}

void tst_Session::badRecordingLeavesTheSession()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 11s));
    QVERIFY(!watched.session.openRecording(QStringLiteral("/nowhere")).isEmpty());
    QVERIFY(watched.process()->state() == State::Attached);
    QVERIFY(!watched.session.replay());
}

void tst_Session::realProgram()
{
    const RuntimeDirectory directory;
    PublishingProcess program("1");
    QVERIFY(program.isReady());
    Session session;
    session.attachToAll();
    session.startDiscovery();
    QTRY_VERIFY(session.processes().size() == 1 && !session.loops().empty());
    QCOMPARE(session.processes()[0]->processId(), program.id());
    QCOMPARE(session.loops()[0]->name(), QStringLiteral("main"));
    QTRY_VERIFY(!session.loops()[0]->history().isEmpty());
    program.kill();
    QTRY_VERIFY(session.processes()[0]->state() == State::Ended);
}

void tst_Session::aRestartIsAttachedTo()
{
    const RuntimeDirectory directory;
    Session session;
    session.startDiscovery();
    {
        PublishingProcess first("1");
        QVERIFY(first.isReady());
        session.attachWhenFound(QString::number(first.id()));
        QTRY_VERIFY(!session.loops().empty());
    }
    QTRY_VERIFY(session.processes()[0]->state() == State::Ended);
    PublishingProcess second("1");
    QVERIFY(second.isReady());
    QTRY_VERIFY(session.processes().size() == 2 && session.processes()[1]->state() == State::Attached);
    // A further one is another program to the user, as long as this one lives.
    PublishingProcess third("1");
    QVERIFY(third.isReady());
    QTRY_COMPARE(session.processes().size(), 3u);
    QVERIFY(!session.find(QString::number(third.id()))->isAttached());
}

QTEST_GUILESS_MAIN(tst_Session)
#include "tst_session.moc"
