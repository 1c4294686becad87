// SPDX-License-Identifier: MIT
#include "model/loop.h"

#include "model/format.h"
#include "model/stalltext.h"
#include "monitor/support/watched.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using State = Process::State;

/// What is said of a loop in good times and in bad ones.
class tst_LoopFacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theStallThatItDiedInStays();
    void aStallThatGoesOnAfterAPauseIsOne();
    void theMainLoopComesFirst();
    void silenceIsTold();
    void stallsDecideOnHealth();
    void namesCanNotSteerATerminal();
};

void tst_LoopFacts::theStallThatItDiedInStays()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 30s));
    Telemetry::LoopFrame stalled = busyLoop(30'100ms, 100ms, 1);
    stalled.ongoingStall = stall(1, 28s, 2100ms);
    QVERIFY(watched.show(30'100ms, {stalled}));
    watched.publisher.send(Telemetry::Goodbye{});
    QTRY_VERIFY(watched.process()->state() == State::Ended);
    const Loop &loop = *watched.loop();
    QVERIFY(!loop.ongoingStall());
    QCOMPARE(loop.stalls().size(), 1u);
    QCOMPARE(loop.stalls()[0].duration, 2100ms);
    QVERIFY(loop.isFatal(loop.stalls()[0]));
    QCOMPARE(loop.stallCount(), 1u);
    const SpanFigures figures = loop.history().figures({20s, 31s});
    QCOMPARE(figures.stalls, 1u);
    QCOMPARE(figures.of(SeriesKind::Handler).max, 2100ms);
    QVERIFY(stallReport(loop, loop.stalls()[0], false).contains(QStringLiteral("when it ended")));
}

void tst_LoopFacts::aStallThatGoesOnAfterAPauseIsOne()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame stalled = idleLoop(10s);
    stalled.ongoingStall = stall(1, 9s, 1s);
    QVERIFY(watched.show(10s, {stalled}));
    QVERIFY(watched.show(10'100ms, {idleLoop(10'100ms, 100ms, 2)}));
    QVERIFY(watched.loop()->fatalStall());
    Telemetry::LoopFrame again = idleLoop(10'200ms);
    again.stalls = {stall(1, 9s, 1100ms)};
    again.stallCount = 1;
    QVERIFY(watched.show(10'200ms, {again}));
    QVERIFY(!watched.loop()->fatalStall());
    QCOMPARE(watched.loop()->stalls().size(), 1u);
    QCOMPARE(watched.loop()->stallCount(), 1u);
    QCOMPARE(watched.loop()->history().figures({0s, 20s}).stalls, 1u);
}

void tst_LoopFacts::theMainLoopComesFirst()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame helper = idleLoop(10s, 100ms, 1);
    helper.threadName = "QXcbEventQueue";
    Telemetry::LoopFrame main = idleLoop(10s, 100ms, 2);
    main.threadName = "main";
    QVERIFY(watched.show(10s, {helper, main}));
    QCOMPARE(watched.loop(0)->name(), QStringLiteral("main"));
    QVERIFY(watched.loop(0)->isMain());
    QVERIFY(!watched.loop(1)->isMain());
}

void tst_LoopFacts::silenceIsTold()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(10s, 11s));
    QVERIFY(watched.process()->silence() == Duration());
    QCOMPARE(watched.loop()->recentFigures().utilisationText(), QStringLiteral("10 %"));
    QSignalSpy updated(&watched.session, &Session::updated);
    QTRY_VERIFY_WITH_TIMEOUT(watched.process()->silence() >= LoopHistory::LongestSilence, 20'000);
    QCOMPARE(watched.loop()->recentFigures().utilisationText(), Format::none());
    QCOMPARE(watched.loop()->recentFigures().rateText(0), Format::none());
    updated.clear();
    QTRY_VERIFY(updated.count() > 0); // so that views count on
    QVERIFY(watched.showCalm(15s, 16s));
    QVERIFY(watched.process()->silence() == Duration());
}

void tst_LoopFacts::stallsDecideOnHealth()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    // 120 ms every 3 s, among many handlers that are quick.
    std::uint64_t number = 0;
    for (auto at = 10'100ms; at <= 30s; at += 100ms) {
        Telemetry::LoopFrame loop = busyLoop(at, 10ms, 100);
        if (at % 3s == 0ns) {
            loop.stalls = {stall(++number, at - 120ms, 120ms)};
            loop.stallCount = 1;
        }
        QVERIFY(watched.show(at, {loop}));
    }
    QVERIFY(watched.loop()->health() == Health::Unwell);
    QVERIFY2(watched.loop()->healthReason().contains(QLatin1String("stalls in the last 30 s")),
             qPrintable(watched.loop()->healthReason()));

    // One of 51 ms, the only handler of its second.
    Watched other;
    QVERIFY(other.isAttached());
    for (auto at = 10'100ms; at <= 20s; at += 100ms) {
        const bool stalls = at == 15s;
        Telemetry::LoopFrame loop = stalls ? busyLoop(at, 51ms, 1) : idleLoop(at);
        if (stalls)
            loop.stalls = {stall(1, at - 51ms, 51ms)};
        QVERIFY(other.show(at, {loop}));
    }
    QVERIFY(other.loop()->health() == Health::Busy);
}

void tst_LoopFacts::namesCanNotSteerATerminal()
{
    const std::string evil = "\x1b[2J\x1b]0;title\x07\r\n\t\xc2\x9b" + std::string(1, '\0');
    Watched watched;
    watched.publisher.setGreeting(FakePublisher::hello(evil));
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.threadName = loop.mode = loop.poller = evil;
    loop.stalls = {stall(1, 9s, 60ms)};
    loop.stalls[0].className = loop.stalls[0].objectName = evil;
    loop.receivers.emplace().push_back({.className = evil, .count = 1});
    TimerStats timer;
    timer.className = timer.objectName = evil;
    timer.fired = 1;
    loop.topTimers.emplace().push_back(timer);
    QVERIFY(watched.show(10s, {loop}));
    const Loop &shown = *watched.loop();
    const QStringList texts{watched.process()->name(),
                            shown.name(),
                            shown.mode(),
                            shown.poller(),
                            stallCulprit(shown.stalls()[0]),
                            shown.tables().receivers({})[0].className,
                            shown.tables().timers({})[0].objectName,
                            stallReport(shown, shown.stalls()[0], false)};
    for (const QString &text : texts)
        QCOMPARE(Format::plain(text), text);
}

QTEST_GUILESS_MAIN(tst_LoopFacts)
#include "tst_loopfacts.moc"
