// SPDX-License-Identifier: MIT
// Step 6 of docs/contract.md: what the handler of a timer may do.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtTest/qtest.h>

#include <memory>
#include <stdexcept>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_TimerHandlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stoppedInHandlerOfAnother();
    void stoppedInOwnHandler();
    void restartedInOwnHandler();
    void receiverDeletedInHandlerOfAnother();
    void receiverDeletedInOwnHandler();
    void allTimersOfObjectStoppedInHandler();
    void exceptionLeavesQueueSane();
    void remainingTimeInsideHandlerIsFullInterval();
};

void tst_TimerHandlers::stoppedInHandlerOfAnother()
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

void tst_TimerHandlers::stoppedInOwnHandler()
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

void tst_TimerHandlers::restartedInOwnHandler()
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

void tst_TimerHandlers::receiverDeletedInHandlerOfAnother()
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

void tst_TimerHandlers::receiverDeletedInOwnHandler()
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

void tst_TimerHandlers::allTimersOfObjectStoppedInHandler()
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

void tst_TimerHandlers::exceptionLeavesQueueSane()
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

void tst_TimerHandlers::remainingTimeInsideHandlerIsFullInterval()
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

QTEST_APPLESS_MAIN(tst_TimerHandlers)
#include "tst_timerhandlers.moc"
