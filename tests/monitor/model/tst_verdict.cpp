// SPDX-License-Identifier: MIT
#include "model/verdict.h"

#include "model/culprits.h"
#include "monitor/support/watched.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// What is said in a line, and who is named.
class tst_Verdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsKnownYet();
    void allLoopsWell();
    void stallsNameTheirCulprit();
    void aStallThatGoesOnComesFirst();
    void aLoopThatDiedStalledIsNotWell();
    void mainIsShownWhereAllIsWell();
    void stallsAreGroupedByCulprit();
    void theOneThatIsNamedStays();
    void endedLoopsAreNotCounted();
    void programsOfOneNameAreToldApart();
    void saysWhomItWaitsFor();
};

void tst_Verdict::nothingIsKnownYet()
{
    const Session session;
    QVERIFY(!verdictOf(session).isKnown);
    QVERIFY(!verdictOf(session).text.isEmpty());
    QVERIFY(!loopToShow({}, {}));
}

void tst_Verdict::allLoopsWell()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 20s));
    const Verdict verdict = verdictOf(watched.session);
    QCOMPARE(verdict.text, QStringLiteral("all loops well"));
    QVERIFY(verdict.isKnown && !verdict.loop && verdict.health == Health::Good);
}

void tst_Verdict::stallsNameTheirCulprit()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    for (std::uint64_t number = 1; number <= 21; ++number)
        loop.stalls.push_back(stall(number, 45s + number * 2s, number == 7 ? 129ms : 60ms));
    loop.stalls.push_back(stall(22, 10s, 900ms)); // too old
    QVERIFY(watched.show(100s, {loop}));
    const Verdict verdict = verdictOf(watched.session);
    QCOMPARE(verdict.text,
             QString::fromUtf8("main: 21 stalls in 1 min, worst 129 ms, 21 × EchoServer \"front\""));
    QVERIFY(verdict.health >= Health::Busy);
    QCOMPARE(verdict.loop, watched.loop());
}

void tst_Verdict::aStallThatGoesOnComesFirst()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame main = busyLoop(100s, 10ms);
    main.stalls = {stall(1, 90s, 5s)};
    Telemetry::LoopFrame worker = idleLoop(100s, 100ms, 2);
    worker.ongoingStall = stall(1, 98s, 2s);
    QVERIFY(watched.show(100s, {main, worker}));
    const Verdict verdict = verdictOf(watched.session);
    QCOMPARE(verdict.text, QString::fromUtf8("worker: stalled for 2.00 s now, EchoServer \"front\"; 1 more "
                                             "loop is not well"));
    QVERIFY(verdict.health == Health::Unwell);
}

void tst_Verdict::aLoopThatDiedStalledIsNotWell()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 20s));
    Telemetry::LoopFrame main = busyLoop(20'100ms, 10ms);
    main.ongoingStall = stall(1, 8s, 12'100ms);
    QVERIFY(watched.show(20'100ms, {main}));
    watched.publisher.send(Telemetry::Goodbye{});
    QTRY_VERIFY(!watched.loop()->isRunning());
    QCOMPARE(verdictOf(watched.session).text,
             QString::fromUtf8("main: was stalled for 12.1 s when it ended, EchoServer \"front\""));
    QVERIFY(verdictOf(watched.session).health == Health::Unwell);
}

void tst_Verdict::mainIsShownWhereAllIsWell()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(10s, {idleLoop(10s, 100ms, 2), idleLoop(10s, 100ms, 1)}));
    const QList<Loop *> loops{watched.loop(1), watched.loop(0)};
    QCOMPARE(loopToShow(loops, {0s, 10s})->name(), QStringLiteral("main"));
}

void tst_Verdict::theOneThatIsNamedStays()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    std::uint64_t number = 0;
    const auto named = [&](std::chrono::nanoseconds at, std::chrono::nanoseconds first,
                           std::chrono::nanoseconds second) {
        Telemetry::LoopFrame main = busyLoop(at, 10ms);
        Telemetry::LoopFrame worker = idleLoop(at, 100ms, 2);
        ++number;
        main.stalls = {stall(number, at - 500ms, first)};
        worker.stalls = {stall(number, at - 500ms, second)};
        if (!watched.show(at, {main, worker}))
            return QString();
        return verdictOf(watched.session).loop->name();
    };
    QCOMPARE(named(100s, 200ms, 190ms), QStringLiteral("main"));
    QCOMPARE(named(101s, 100ms, 120ms), QStringLiteral("main"));   // 300 and 310 ms
    QCOMPARE(named(102s, 100ms, 180ms), QStringLiteral("main"));   // 400 and 490 ms
    QCOMPARE(named(103s, 100ms, 150ms), QStringLiteral("worker")); // 500 and 640 ms
    QCOMPARE(named(104s, 240ms, 100ms), QStringLiteral("worker")); // 740 and 740 ms
}

void tst_Verdict::endedLoopsAreNotCounted()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame main = busyLoop(100s, 10ms);
    main.stalls = {stall(1, 90s, 400ms)};
    Telemetry::LoopFrame worker = idleLoop(100s, 100ms, 2);
    worker.stalls = {stall(1, 95s, 100ms)};
    QVERIFY(watched.show(100s, {main, worker}));
    QVERIFY(verdictOf(watched.session).text.endsWith(QStringLiteral("1 more loop is not well")));
    main = busyLoop(100'100ms, 10ms);
    QVERIFY(watched.show(100'100ms, {main}));
    QVERIFY(!verdictOf(watched.session).text.contains(QStringLiteral("more loop")));
}

void tst_Verdict::programsOfOneNameAreToldApart()
{
    const Telemetry::Test::RuntimeDirectory directory;
    FakePublisher one;
    FakePublisher other(1); // a process that is there
    Session session;
    session.startDiscovery();
    session.attachToAll();
    QTRY_COMPARE(one.greeted() + other.greeted(), 2);
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.stalls = {stall(1, 90s, 400ms)};
    one.send(frameOf(1, 100s, {loop}));
    other.send(frameOf(1, 100s, {busyLoop(100s, 10ms)}));
    QTRY_COMPARE(session.loops().size(), 2u);
    const QString text = verdictOf(session).text;
    const QString name = QStringLiteral("fake (pid %1) main: ").arg(QCoreApplication::applicationPid());
    QVERIFY2(text.startsWith(name), qPrintable(text));
}

void tst_Verdict::saysWhomItWaitsFor()
{
    const Telemetry::Test::RuntimeDirectory directory;
    Session session;
    session.startDiscovery();
    session.attachWhenFound(QStringLiteral("p.py"));
    QCOMPARE(verdictOf(session).text, QStringLiteral("waiting for p.py"));
    QVERIFY(!verdictOf(session).isKnown);
}

void tst_Verdict::stallsAreGroupedByCulprit()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    for (std::uint64_t number = 1; number <= 6; ++number) {
        loop.stalls.push_back(stall(number, number * 10s, number % 2 ? 60ms : 200ms));
        if (number % 2 == 0)
            loop.stalls.back().objectName = "back";
    }
    loop.ongoingStall = stall(7, 99s, 1s);
    QVERIFY(watched.show(100s, {loop}));
    const auto culprits = culpritsOf({watched.loop()}, {});
    QCOMPARE(culprits.size(), 2u);
    QCOMPARE(culprits[0].who, QStringLiteral("EchoServer \"front\""));
    QCOMPARE(culprits[0].count, 4u);
    QCOMPARE(culprits[0].total, 1180ms);
    QVERIFY(culprits[0].ongoing);
    QCOMPARE(culprits[1].worst.duration, 200ms);
    QCOMPARE(culprits[1].last.number, 6u);

    CulpritsModel model;
    model.setLoops({watched.loop()});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, CulpritsModel::Count).data().toString(), QStringLiteral("4"));
    model.setSpan(TimeSpan{15s, 35s});
    QCOMPARE(model.index(0, CulpritsModel::Worst).data().toString(), QStringLiteral("60.0 ms"));
}

QTEST_GUILESS_MAIN(tst_Verdict)
#include "tst_verdict.moc"
