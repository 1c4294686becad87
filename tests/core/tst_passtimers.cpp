// SPDX-License-Identifier: MIT
// Step 6 of docs/contract.md: which timers a pass delivers, and in which order.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

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

QTEST_APPLESS_MAIN(tst_PassTimers)
#include "tst_passtimers.moc"
