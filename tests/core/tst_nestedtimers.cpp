// SPDX-License-Identifier: MIT
// Timers in nested loops: the one that is being handled rests, all others go on.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <memory>
#include <stdexcept>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_NestedTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void activeTimerIsNotRecursed();
    void activeTimerDoesNotEndNestedWait();
    void othersRunInNestedLoop();
    void restOfOuterBatchIsDeliveredInside();
    void ticksMissedInsideAreNotCaughtUp();
    void activeTimerStoppedInside();
    void activeTimerRestartedInsideMayFireInside();
    void receiverOfActiveTimerDeletedInside();
    void deeplyNested();
    void exceptionThroughNestedLoops();
    void zeroTimerRunsInNestedLoopOfAnother();
    void nestedEventLoopQuitByOtherTimer();
};

void tst_NestedTimers::activeTimerIsNotRecursed()
{
    FakeLoop loop;
    Handler handler;
    int depth = 0;
    int deepest = 0;
    handler.onTimer = [&](int) {
        deepest = std::max(deepest, ++depth);
        FakeClock::advance(5ms);
        loop.pass();
        --depth;
    };
    handler.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(deepest, 1);
    QCOMPARE(depth, 0);
}

void tst_NestedTimers::activeTimerDoesNotEndNestedWait()
{
    FakeLoop loop;
    Handler handler;
    handler.onTimer = [&](int) {
        loop.forgetCalls();
        loop.pass(QEventLoop::WaitForMoreEvents);
    };
    handler.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(loop.poller.calls.front(), std::string("wait forever"));
}

void tst_NestedTimers::othersRunInNestedLoop()
{
    FakeLoop loop;
    Handler outer;
    Handler other;
    int fired = 0;
    other.onTimer = [&](int) { ++fired; };
    outer.onTimer = [&](int id) {
        outer.killTimer(id);
        for (int i = 0; i < 3; ++i)
            QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    };
    outer.startTimer(1ms, Qt::PreciseTimer);
    other.startTimer(2ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(fired, 3);
}

void tst_NestedTimers::restOfOuterBatchIsDeliveredInside()
{
    FakeLoop loop;
    Handler handler;
    QList<int> fired;
    int first = 0;
    handler.onTimer = [&](int id) {
        fired << id;
        if (id == first)
            loop.pass();
    };
    first = handler.startTimer(1ms, Qt::PreciseTimer);
    const int second = handler.startTimer(2ms, Qt::PreciseTimer);
    FakeClock::advance(2ms);
    loop.pass();
    const QList<int> expected{first, second};
    QCOMPARE(fired, expected);
}

void tst_NestedTimers::ticksMissedInsideAreNotCaughtUp()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    int id = 0;
    handler.onTimer = [&](int) {
        if (++fired > 1)
            return;
        for (int i = 0; i < 10; ++i) {
            FakeClock::advance(3ms);
            loop.pass();
        }
    };
    id = handler.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(fired, 1);
    QCOMPARE(loop.dispatcher.remainingTime(id), 1);
    loop.pass();
    QCOMPARE(fired, 1);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(fired, 2);
}

void tst_NestedTimers::activeTimerStoppedInside()
{
    FakeLoop loop;
    Handler outer;
    Handler inner;
    int fired = 0;
    int id = 0;
    inner.onPosted = [&] { outer.killTimer(id); };
    outer.onTimer = [&](int) {
        ++fired;
        inner.post();
        loop.pass();
    };
    id = outer.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    FakeClock::advance(5ms);
    loop.pass();
    QCOMPARE(fired, 1);
}

void tst_NestedTimers::activeTimerRestartedInsideMayFireInside()
{
    // A timer that was started anew is another timer, as with Qt's dispatchers.
    FakeLoop loop;
    Handler handler;
    int depth = 0;
    int deepest = 0;
    handler.onTimer = [&](int id) {
        deepest = std::max(deepest, ++depth);
        if (depth == 1) {
            handler.killTimer(id);
            handler.startTimer(1ms, Qt::PreciseTimer);
            FakeClock::advance(1ms);
            loop.pass();
        }
        --depth;
    };
    handler.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(deepest, 2);
}

void tst_NestedTimers::receiverOfActiveTimerDeletedInside()
{
    FakeLoop loop;
    auto victim = std::make_unique<Handler>();
    Handler killer;
    Handler bystander;
    int victimFired = 0;
    int fired = 0;
    killer.onTimer = [&](int id) {
        killer.killTimer(id);
        victim.reset();
    };
    bystander.onTimer = [&](int) { ++fired; };
    victim->onTimer = [&](int) {
        ++victimFired;
        loop.pass();
    };
    victim->startTimer(1ms, Qt::PreciseTimer);
    victim->startTimer(1ms, Qt::PreciseTimer);
    killer.startTimer(1ms, Qt::PreciseTimer);
    bystander.startTimer(2ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QVERIFY(!victim);
    QVERIFY(victimFired >= 1);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(fired, 1);
}

void tst_NestedTimers::deeplyNested()
{
    FakeLoop loop;
    Handler handler;
    constexpr int Depth = 100;
    QList<int> begun;
    QList<int> ended;
    handler.onTimer = [&](int id) {
        begun << id;
        loop.pass();
        ended.prepend(id);
    };
    QList<int> ids;
    for (int i = 0; i < Depth; ++i)
        ids << handler.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(begun, ids);
    QCOMPARE(ended, ids);
    // All are back in the queue, in order.
    begun.clear();
    FakeClock::advance(1ms);
    handler.onTimer = [&](int id) { begun << id; };
    loop.pass();
    std::sort(begun.begin(), begun.end());
    std::sort(ids.begin(), ids.end());
    QCOMPARE(begun, ids);
}

void tst_NestedTimers::exceptionThroughNestedLoops()
{
    FakeLoop loop;
    Handler handler;
    int depth = 0;
    handler.onTimer = [&](int) {
        if (++depth == 3)
            throw std::runtime_error("of the innermost handler");
        loop.pass();
    };
    for (int i = 0; i < 3; ++i)
        handler.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    QVERIFY_EXCEPTION_THROWN(loop.pass(), std::runtime_error);

    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    loop.pass();
    QCOMPARE(fired, 0);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(fired, 3);
}

void tst_NestedTimers::zeroTimerRunsInNestedLoopOfAnother()
{
    FakeLoop loop;
    Handler outer;
    Handler zero;
    int fired = 0;
    zero.onTimer = [&](int) { ++fired; };
    outer.onTimer = [&](int) {
        for (int i = 0; i < 4; ++i)
            loop.pass(QEventLoop::WaitForMoreEvents);
    };
    zero.startTimer(0);
    outer.startTimer(0);
    loop.pass();
    QCOMPARE(fired, 1 + 4);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_NestedTimers::nestedEventLoopQuitByOtherTimer()
{
    const Watchdog watchdog;
    FakeLoop loop;
    Handler outer;
    Handler quitter;
    QEventLoop nested;
    int ticks = 0;
    outer.onTimer = [&](int id) {
        outer.killTimer(id);
        nested.exec();
    };
    quitter.onTimer = [&](int) {
        if (++ticks == 5)
            nested.quit();
    };
    outer.startTimer(1ms, Qt::PreciseTimer);
    quitter.startTimer(2ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(ticks, 5);
}

QTEST_APPLESS_MAIN(tst_NestedTimers)
#include "tst_nestedtimers.moc"
