// SPDX-License-Identifier: MIT
// Step 6 of docs/contract.md: which timers a pass delivers, and what their handlers may do.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <memory>
#include <stdexcept>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_PassTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void byDeadlineThenByOrderOfStart();
    void notBeforeDeadline();
    void eachAtMostOncePerPass();
    void lateTimerSkipsWhatItMissed();
    void intervalCountsFromDeadlineNotFromDelivery();
    void timerStartedInHandlerWaitsForNextPass();
    void timerStartedByNotifierMayFireInSamePass();
    void zeroTimersTakeTurns();
    void zeroTimerRestartedInHandlerFiresOncePerPass();
    void stoppedInHandlerOfAnother();
    void stoppedInOwnHandler();
    void restartedInOwnHandler();
    void receiverDeletedInHandlerOfAnother();
    void receiverDeletedInOwnHandler();
    void allTimersOfObjectStoppedInHandler();
    void exceptionLeavesQueueSane();
    void remainingTimeInsideHandlerIsFullInterval();
};

void tst_PassTimers::byDeadlineThenByOrderOfStart()
{
    FakeLoop loop;
    Handler handler;
    QList<int> fired;
    handler.onTimer = [&](int id) { fired << id; };
    const int late = handler.startTimer(9ms, Qt::PreciseTimer);
    const int first = handler.startTimer(5ms, Qt::PreciseTimer);
    const int second = handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(2ms);
    const int third = handler.startTimer(3ms, Qt::PreciseTimer);
    FakeClock::advance(20ms);
    loop.pass();
    const QList<int> expected{first, second, third, late};
    QCOMPARE(fired, expected);
}

void tst_PassTimers::notBeforeDeadline()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(5ms - 1ns);
    loop.pass();
    QCOMPARE(fired, 0);
    FakeClock::advance(1ns);
    loop.pass();
    QCOMPARE(fired, 1);
}

void tst_PassTimers::eachAtMostOncePerPass()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) {
        ++fired;
        FakeClock::advance(10ms); // due again before the handler returns
    };
    handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(50ms);
    loop.pass();
    QCOMPARE(fired, 1);
    loop.pass();
    QCOMPARE(fired, 2);
}

void tst_PassTimers::lateTimerSkipsWhatItMissed()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    const int id = handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(23ms);
    loop.pass();
    QCOMPARE(fired, 1);
    QCOMPARE(loop.dispatcher.remainingTime(id), 5);
    loop.pass();
    QCOMPARE(fired, 1);
}

void tst_PassTimers::intervalCountsFromDeadlineNotFromDelivery()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(7ms); // 2 ms late
    loop.pass();
    FakeClock::advance(3ms);
    loop.pass();
    QCOMPARE(fired, 2);
}

void tst_PassTimers::timerStartedInHandlerWaitsForNextPass()
{
    FakeLoop loop;
    Handler starter;
    Handler started;
    int fired = 0;
    started.onTimer = [&](int) { ++fired; };
    starter.onTimer = [&](int id) {
        starter.killTimer(id);
        started.startTimer(0);
    };
    starter.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(fired, 0);
    loop.pass();
    QCOMPARE(fired, 1);
}

void tst_PassTimers::timerStartedByNotifierMayFireInSamePass()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    QSocketNotifier notifier(1000, QSocketNotifier::Read);
    loop.poller.ready[1000] = Interest::Read;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { handler.startTimer(0); });
    loop.pass();
    QCOMPARE(fired, 1);
}

void tst_PassTimers::zeroTimersTakeTurns()
{
    FakeLoop loop;
    Handler handler;
    QList<int> fired;
    handler.onTimer = [&](int id) { fired << id; };
    const int first = handler.startTimer(0);
    const int second = handler.startTimer(0, Qt::VeryCoarseTimer);
    loop.pass(QEventLoop::WaitForMoreEvents);
    FakeClock::advance(1us);
    loop.pass(QEventLoop::WaitForMoreEvents);
    const QList<int> expected{first, second, first, second};
    QCOMPARE(fired, expected);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassTimers::zeroTimerRestartedInHandlerFiresOncePerPass()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int id) {
        ++fired;
        handler.killTimer(id);
        handler.startTimer(0);
    };
    handler.startTimer(0);
    for (int passes = 1; passes <= 3; ++passes) {
        loop.pass();
        QCOMPARE(fired, passes);
    }
}

void tst_PassTimers::stoppedInHandlerOfAnother()
{
    FakeLoop loop;
    Handler handler;
    QList<int> fired;
    int second = 0;
    handler.onTimer = [&](int id) {
        fired << id;
        handler.killTimer(second);
    };
    const int first = handler.startTimer(1ms, Qt::PreciseTimer);
    second = handler.startTimer(2ms, Qt::PreciseTimer);
    FakeClock::advance(5ms);
    loop.pass();
    QCOMPARE(fired, QList<int>{first});
}

void tst_PassTimers::stoppedInOwnHandler()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int id) {
        ++fired;
        handler.killTimer(id);
    };
    handler.startTimer(1ms, Qt::PreciseTimer);
    for (int i = 0; i < 3; ++i) {
        FakeClock::advance(5ms);
        loop.pass();
    }
    QCOMPARE(fired, 1);
    QVERIFY(loop.dispatcher.registeredTimers(&handler).isEmpty());
}

void tst_PassTimers::restartedInOwnHandler()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    int id = 0;
    handler.onTimer = [&](int) {
        ++fired;
        handler.killTimer(id);
        id = handler.startTimer(8ms, Qt::PreciseTimer);
    };
    id = handler.startTimer(1ms, Qt::PreciseTimer);
    FakeClock::advance(4ms);
    loop.pass();
    QCOMPARE(fired, 1);
    QCOMPARE(loop.dispatcher.registeredTimers(&handler).size(), 1);
    QCOMPARE(loop.dispatcher.remainingTime(id), 8);
}

void tst_PassTimers::receiverDeletedInHandlerOfAnother()
{
    FakeLoop loop;
    Handler handler;
    auto victim = std::make_unique<Handler>();
    int fired = 0;
    int victimFired = 0;
    victim->onTimer = [&](int) { ++victimFired; };
    handler.onTimer = [&](int) {
        ++fired;
        victim.reset();
    };
    handler.startTimer(1ms, Qt::PreciseTimer);
    victim->startTimer(2ms, Qt::PreciseTimer);
    victim->startTimer(3ms, Qt::PreciseTimer);
    handler.startTimer(4ms, Qt::PreciseTimer);
    FakeClock::advance(5ms);
    loop.pass();
    QCOMPARE(fired, 2);
    QCOMPARE(victimFired, 0);
}

void tst_PassTimers::receiverDeletedInOwnHandler()
{
    FakeLoop loop;
    Handler handler;
    auto victim = std::make_unique<Handler>();
    int fired = 0;
    int victimFired = 0;
    handler.onTimer = [&](int) { ++fired; };
    victim->onTimer = [&](int) {
        ++victimFired;
        victim.reset();
    };
    victim->startTimer(1ms, Qt::PreciseTimer);
    victim->startTimer(1ms, Qt::PreciseTimer);
    handler.startTimer(1ms, Qt::PreciseTimer);
    for (int i = 0; i < 2; ++i) {
        FakeClock::advance(1ms);
        loop.pass();
    }
    QCOMPARE(victimFired, 1);
    QCOMPARE(fired, 2);
}

void tst_PassTimers::allTimersOfObjectStoppedInHandler()
{
    FakeLoop loop;
    Handler handler;
    Handler victim;
    int victimFired = 0;
    victim.onTimer = [&](int) { ++victimFired; };
    handler.onTimer = [&](int) { QVERIFY(loop.dispatcher.unregisterTimers(&victim)); };
    handler.startTimer(1ms, Qt::PreciseTimer);
    for (int i = 0; i < 5; ++i)
        victim.startTimer(2ms, Qt::PreciseTimer);
    FakeClock::advance(5ms);
    loop.pass();
    QCOMPARE(victimFired, 0);
}

void tst_PassTimers::exceptionLeavesQueueSane()
{
    FakeLoop loop;
    Handler thrower;
    Handler handler;
    int thrown = 0;
    int fired = 0;
    thrower.onTimer = [&](int) {
        ++thrown;
        throw std::runtime_error("of a handler");
    };
    handler.onTimer = [&](int) { ++fired; };
    const int id = thrower.startTimer(2ms, Qt::PreciseTimer);
    handler.startTimer(3ms, Qt::PreciseTimer);
    FakeClock::advance(3ms);
    QVERIFY_EXCEPTION_THROWN(loop.pass(), std::runtime_error);
    QCOMPARE(loop.dispatcher.remainingTime(id), 1); // it is running, and not late
    QCOMPARE(fired, 0);
    QVERIFY(loop.pass()); // the rest of the batch
    QCOMPARE(fired, 1);
    FakeClock::advance(1ms);
    QVERIFY_EXCEPTION_THROWN(loop.pass(), std::runtime_error);
    QCOMPARE(thrown, 2);
}

void tst_PassTimers::remainingTimeInsideHandlerIsFullInterval()
{
    FakeLoop loop;
    Handler handler;
    int remaining = -1;
    handler.onTimer = [&](int id) { remaining = loop.dispatcher.remainingTime(id); };
    handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(5ms);
    loop.pass();
    QCOMPARE(remaining, 5);
}

QTEST_APPLESS_MAIN(tst_PassTimers)
#include "tst_passtimers.moc"
