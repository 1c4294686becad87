// SPDX-License-Identifier: MIT
// Step 7 of docs/contract.md: what processEvents() returns.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

constexpr int Descriptor = 1000;

class tst_PassReturn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void falseForNothing();
    void falseWhenOnlyLookingEndedTheWait();
    void trueForPostedEvent();
    void trueForWakeUpWhileBlocked();
    void trueForNotifier();
    void falseForNotifierThatIsExcluded();
    void trueForTimer();
    void falseForZeroTimer();
    void trueForZeroAndOtherTimer();
    void falseForInterruptedPass();
};

void tst_PassReturn::falseForNothing()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(5ms);
    QVERIFY(!loop.pass());
}

void tst_PassReturn::falseWhenOnlyLookingEndedTheWait()
{
    // A descriptor closed behind the loop's back: handled inside, nothing was delivered to anybody.
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    loop.poller.errors[Descriptor] = std::errc::bad_file_descriptor;
    QTest::ignoreMessage(QtWarningMsg, "QSocketNotifier: Invalid socket 1000 with type Read, disabling...");
    QVERIFY(!loop.pass());
    QVERIFY(!notifier.isEnabled());
}

void tst_PassReturn::trueForPostedEvent()
{
    FakeLoop loop;
    Handler handler;
    handler.post();
    QVERIFY(loop.pass());
    QVERIFY(!loop.pass());
}

void tst_PassReturn::trueForWakeUpWhileBlocked()
{
    FakeLoop loop;
    loop.poller.whileBlocked = [&] { loop.dispatcher.wakeUp(); };
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QVERIFY(loop.pass()); // takes it
    QVERIFY(!loop.pass());
}

void tst_PassReturn::trueForNotifier()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    loop.poller.ready[Descriptor] = Interest::Read;
    QVERIFY(loop.pass());
    loop.poller.ready.clear();
    QVERIFY(!loop.pass());
}

void tst_PassReturn::falseForNotifierThatIsExcluded()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    loop.poller.ready[Descriptor] = Interest::Read;
    QVERIFY(!loop.pass(QEventLoop::ExcludeSocketNotifiers));
}

void tst_PassReturn::trueForTimer()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(5ms);
    QVERIFY(loop.pass());
    QVERIFY(!loop.pass());
}

void tst_PassReturn::falseForZeroTimer()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(0);
    QVERIFY(!loop.pass());
    QVERIFY(!loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(fired, 2);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassReturn::trueForZeroAndOtherTimer()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(0);
    handler.startTimer(1ms);
    FakeClock::advance(1ms);
    QVERIFY(loop.pass());
}

void tst_PassReturn::falseForInterruptedPass()
{
    FakeLoop loop;
    Handler handler;
    handler.onPosted = [&] { loop.dispatcher.interrupt(); };
    handler.post();
    QVERIFY(!loop.pass());
}

QTEST_APPLESS_MAIN(tst_PassReturn)
#include "tst_passreturn.moc"
