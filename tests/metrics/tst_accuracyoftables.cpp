// SPDX-License-Identifier: MIT
// What a loop lists, stalls and the most expensive receivers and timers, on a clock that the test moves.
#include "core/eventdispatcher_p.h"
#include "support/fakeclock.h"
#include "support/handler.h"
#include "support/meteredloop.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_AccuracyOfTables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stallNamesItsCulprit();
    void nestedLoopIsNoStall();
    void passOfManyShortHandlersIsAStall();
    void topTables();
    void timerWithParentCountsUnderIt();
    void resetOfMaxima();
    void switchedOffAndOn();
    void switchedInsideAHandler();
};

void tst_AccuracyOfTables::stallNamesItsCulprit()
{
    MeteredLoop loop;
    QObject owner;
    owner.setObjectName(QStringLiteral("front"));
    QTimer timer(&owner);
    QObject::connect(&timer, &QTimer::timeout, &owner, [&] {
        timer.stop();
        FakeClock::advance(121ms);
        const std::optional<Stall> ongoing = loop.snapshot().ongoingStall;
        QVERIFY(ongoing);
        QCOMPARE(ongoing->duration, Nanoseconds(121ms));
        QCOMPARE(ongoing->objectName, std::string("front"));
        QCOMPARE(ongoing->className, std::string("QObject"));
        QCOMPARE(ongoing->number, std::uint64_t(1));
    });
    timer.start(20ms);
    const Instant due = FakeClock::now() + 20ms;
    const int id = timer.timerId();
    loop.runUntil(due + 10ms);
    loop.pass();
    const LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.stallCount, std::uint64_t(1));
    QCOMPARE(snapshot.stalls.size(), std::size_t(1));
    const Stall &stall = snapshot.stalls.front();
    QCOMPARE(stall.kind, HandlerKind::Timer);
    QCOMPARE(stall.className, std::string("QObject"));
    QCOMPARE(stall.objectName, std::string("front"));
    QCOMPARE(stall.id, std::int64_t(id));
    QCOMPARE(stall.duration, Nanoseconds(121ms));
    QCOMPARE(stall.beganMonotonic, due.time_since_epoch());
    QVERIFY(!stall.wholePass);
    QVERIFY(!snapshot.ongoingStall);
}

void tst_AccuracyOfTables::nestedLoopIsNoStall()
{
    // A dialog: its handler lasts as long as its loop, which does its work all the time.
    MeteredLoop loop;
    Handler handler;
    int ticks = 0;
    handler.onTimer = [&](int) {
        FakeClock::advance(1ms);
        ++ticks;
    };
    post(Loop::current(), [&] {
        FakeClock::advance(10ms);
        loop.runUntil(FakeClock::now() + 5s);
        FakeClock::advance(10ms);
        QVERIFY(!loop.snapshot().ongoingStall);
    });
    handler.startTimer(100, Qt::PreciseTimer);
    loop.pass();
    const LoopSnapshot snapshot = loop.snapshot();
    QVERIFY(ticks >= 49);
    QCOMPARE(snapshot.stallCount, std::uint64_t(0));
    QCOMPARE(snapshot.handlerTimeOf(HandlerKind::Task).max, Nanoseconds(20ms));
    QCOMPARE(snapshot.nestingDepthMax, 2u);
    QCOMPARE(snapshot.nestingDepth, 0u);
}

void tst_AccuracyOfTables::passOfManyShortHandlersIsAStall()
{
    MeteredLoop loop;
    for (int i = 0; i < 10; ++i)
        post(Loop::current(), [i] { FakeClock::advance(i == 5 ? 20ms : 6ms); });
    loop.pass();
    const LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.stallCount, std::uint64_t(1));
    QVERIFY(snapshot.stalls.front().wholePass);
    QCOMPARE(snapshot.stalls.front().duration, Nanoseconds(74ms));
    QCOMPARE(snapshot.stalls.front().className, std::string("(task)"));
    QCOMPARE(snapshot.stalls.front().kind, HandlerKind::Task);
}

void tst_AccuracyOfTables::topTables()
{
    MeteredLoop loop;
    Handler slow;
    slow.setObjectName(QStringLiteral("slow"));
    slow.onTimer = [](int) { FakeClock::advance(7ms); };
    slow.startTimer(100, Qt::PreciseTimer);
    setInterval(10ms, [] { FakeClock::advance(10us); });
    loop.runUntil(FakeClock::now() + 1s + 1ms);
    const LoopSnapshot snapshot = loop.snapshot();
    QVERIFY(snapshot.topTimers.size() >= 2);
    const TimerStats &top = snapshot.topTimers.front();
    QCOMPARE(top.className, std::string("QObject")); // Handler has no Q_OBJECT
    QCOMPARE(top.objectName, std::string("slow"));
    QCOMPARE(top.interval, Nanoseconds(100ms));
    QCOMPARE(top.type, Qt::PreciseTimer);
    QCOMPARE(top.fired, std::uint64_t(10));
    QCOMPARE(top.total, Nanoseconds(70ms));
    QCOMPARE(top.max, Nanoseconds(7ms));
    const auto timeouts = std::ranges::find(snapshot.receivers, "(timeout)", &ReceiverStats::className);
    QVERIFY(timeouts != snapshot.receivers.end());
    QVERIFY(timeouts->count >= 95);
    QCOMPARE(timeouts->max, Nanoseconds(10us));
}

void tst_AccuracyOfTables::timerWithParentCountsUnderIt()
{
    MeteredLoop loop;
    QThread owner; // some class of its own, never started
    QTimer timer(&owner);
    timer.setObjectName(QStringLiteral("poll"));
    timer.start(0);
    loop.pass();
    const LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.topTimers.front().className, std::string("QThread"));
    QCOMPARE(snapshot.topTimers.front().objectName, std::string("poll"));
    // A new start is a new id, not a new timer; a new name is noticed.
    timer.setObjectName(QStringLiteral("other"));
    timer.start(0);
    FakeClock::advance(200ms);
    loop.pass();
    QCOMPARE(loop.snapshot().topTimers.size(), std::size_t(1));
    QCOMPARE(loop.snapshot().topTimers.front().fired, std::uint64_t(2));
    QCOMPARE(loop.snapshot().topTimers.front().objectName, std::string("other"));
}

void tst_AccuracyOfTables::resetOfMaxima()
{
    MeteredLoop loop;
    post(Loop::current(), [] { FakeClock::advance(40ms); });
    loop.pass();
    QCOMPARE(loop.snapshot().handlerTimeOf(HandlerKind::Task).max, Nanoseconds(40ms));
    loop.own().resetMaxima();
    loop.pass();
    post(Loop::current(), [] { FakeClock::advance(2ms); });
    loop.pass();
    const LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.handlerTimeOf(HandlerKind::Task).max, Nanoseconds(2ms));
    QCOMPARE(snapshot.handlerTimeOf(HandlerKind::Task).count, std::uint64_t(2));
}

void tst_AccuracyOfTables::switchedOffAndOn()
{
    MeteredLoop loop;
    loop.own().setMetricsEnabled(false);
    const LoopSnapshot before = loop.snapshot();
    QVERIFY(!before.enabled);
    for (int i = 0; i < 100; ++i) {
        post(Loop::current(), [] { FakeClock::advance(1s); });
        loop.pass();
    }
    LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.passes.total, before.passes.total);
    QCOMPARE(snapshot.handlersOf(HandlerKind::Task).total, std::uint64_t(0));
    QCOMPARE(snapshot.utilisation.busy, before.utilisation.busy);
    loop.own().setMetricsEnabled(true);
    post(Loop::current(), [] {});
    loop.pass();
    snapshot = loop.snapshot();
    QCOMPARE(snapshot.handlersOf(HandlerKind::Task).total, std::uint64_t(1));
    QCOMPARE(snapshot.stallCount, std::uint64_t(0));
    QCOMPARE(snapshot.wakeUpLatency.count, before.wakeUpLatency.count);
}

void tst_AccuracyOfTables::switchedInsideAHandler()
{
    MeteredLoop loop;
    post(Loop::current(), [&] {
        loop.own().setMetricsEnabled(false);
        loop.pass();
        FakeClock::advance(10s);
        loop.own().setMetricsEnabled(true);
        loop.pass();
        post(Loop::current(), [] {});
    });
    loop.pass();
    loop.pass();
    const LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.stallCount, std::uint64_t(0));
    QCOMPARE(snapshot.nestingDepth, 0u);
    QCOMPARE(snapshot.handlersOf(HandlerKind::Task).total, std::uint64_t(1));
}

QTEST_APPLESS_MAIN(tst_AccuracyOfTables)
#include "tst_accuracyoftables.moc"
