// SPDX-License-Identifier: MIT
// Step 3 of docs/contract.md: interrupt() is sticky until the next pass, prevents blocking, aborts no batch.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_Interrupt : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beforePassIsForgottenButPreventsBlocking();
    void inAwakeEndsPass();
    void inPostedEventEndsPassAfterBatch();
    void inAboutToBlockEndsPass();
    void whileBlockedEndsWait();
    void inNotifierDoesNotAbortBatch();
    void inTimerDoesNotAbortBatch();
    void ofNestedPassIsClearedByNextOne();
    void beforePassPreventsBlockingInExec();
    void ofOuterExecOutlivesNestedPass();
    void timersAndNotifiersWaitForNextPass();
};

void tst_Interrupt::beforePassIsForgottenButPreventsBlocking()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(0);
    loop.dispatcher.interrupt();
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.callsOf("wait"), 0);
    QCOMPARE(fired, 1); // the pass was not cut short: zero timers ran
}

void tst_Interrupt::inAwakeEndsPass()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    connect(&loop.dispatcher, &QAbstractEventDispatcher::awake, this, [&] { loop.dispatcher.interrupt(); });
    handler.post();
    QVERIFY(!loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 1);
    QCOMPARE(loop.poller.calls.size(), 0u);
}

void tst_Interrupt::inPostedEventEndsPassAfterBatch()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] {
        ++posted;
        loop.dispatcher.interrupt();
    };
    handler.post();
    handler.post();
    QVERIFY(!loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 2);
    QCOMPARE(loop.poller.calls.size(), 0u);
}

void tst_Interrupt::inAboutToBlockEndsPass()
{
    FakeLoop loop;
    connect(&loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
            [&] { loop.dispatcher.interrupt(); });
    QVERIFY(!loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.poller.calls.size(), 0u);
}

void tst_Interrupt::whileBlockedEndsWait()
{
    FakeLoop loop;
    loop.poller.whileBlocked = [&] { loop.dispatcher.interrupt(); };
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents)); // a wake-up was handled
    QCOMPARE(loop.callsOf("wait"), 1);
}

void tst_Interrupt::inNotifierDoesNotAbortBatch()
{
    FakeLoop loop;
    QSocketNotifier first(1000, QSocketNotifier::Read);
    QSocketNotifier second(1001, QSocketNotifier::Read);
    Handler handler;
    int activated = 0;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(0);
    for (QSocketNotifier *notifier : {&first, &second}) {
        loop.poller.ready[static_cast<int>(notifier->socket())] = Interest::Read;
        connect(notifier, &QSocketNotifier::activated, this, [&] {
            ++activated;
            loop.dispatcher.interrupt();
        });
    }
    QVERIFY(loop.pass());
    QCOMPARE(activated, 2);
    QCOMPARE(fired, 1);
}

void tst_Interrupt::inTimerDoesNotAbortBatch()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) {
        ++fired;
        loop.dispatcher.interrupt();
    };
    handler.startTimer(1ms);
    handler.startTimer(2ms);
    FakeClock::advance(5ms);
    QVERIFY(loop.pass());
    QCOMPARE(fired, 2);
}

void tst_Interrupt::ofNestedPassIsClearedByNextOne()
{
    FakeLoop loop;
    Handler handler;
    QList<bool> nested;
    handler.onPosted = [&] {
        loop.dispatcher.interrupt();
        nested << loop.pass(QEventLoop::WaitForMoreEvents); // clears the interrupt, as each pass does
    };
    handler.post();
    QVERIFY(loop.pass());
    QCOMPARE(nested, QList<bool>{true});
    QCOMPARE(loop.callsOf("wait"), 0);
    QCOMPARE(loop.callsOf("look"), 2);
}

void tst_Interrupt::beforePassPreventsBlockingInExec()
{
    FakeLoop loop;
    loop.dispatcher.interrupt();
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents | QEventLoop::EventLoopExec));
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_Interrupt::ofOuterExecOutlivesNestedPass()
{
    // QEventLoop::exit() of an outer loop in a handler that runs a loop afterwards.
    FakeLoop loop;
    Handler handler;
    handler.onPosted = [&] {
        loop.dispatcher.interrupt();
        loop.pass(); // takes it
    };
    handler.post();
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents | QEventLoop::EventLoopExec));
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_Interrupt::timersAndNotifiersWaitForNextPass()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onPosted = [&] { loop.dispatcher.interrupt(); };
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(1ms, Qt::PreciseTimer);
    QSocketNotifier notifier(1000, QSocketNotifier::Read);
    int activated = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activated; });
    loop.poller.ready[1000] = Interest::Read;
    FakeClock::advance(1ms);
    handler.post();
    QVERIFY(!loop.pass());
    QCOMPARE(fired + activated, 0);
    QVERIFY(loop.pass());
    QCOMPARE(fired, 1);
    QCOMPARE(activated, 1);
}

QTEST_APPLESS_MAIN(tst_Interrupt)
#include "tst_interrupt.moc"
