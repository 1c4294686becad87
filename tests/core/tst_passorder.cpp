// SPDX-License-Identifier: MIT
// Steps 1 to 4 of docs/contract.md: what happens in which order, and when a pass may block.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

constexpr int Descriptor = 1000;

class tst_PassOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stepsWithoutBlocking();
    void stepsWithBlocking();
    void onlyLooksWithoutWaitFlag();
    void blocksWithoutEndWhenNothingIsDue();
    void blocksUntilNearestTimer();
    void doesNotBlockWhenTimerIsOverdue();
    void doesNotBlockAfterPostedEvent();
    void doesNotBlockAfterWakeUp();
    void blocksAgainOnceWakeUpIsTaken();
    void blocksAfterPostedEventInExec();
    void slotThatConnectsAboutToBlockIsInTime();
    void eventPostedByHandlerWaitsForNextPass();
    void eventPostedWhileBlockedEndsWait();
    void slotOfAwakeMayPost();
    void aboutToBlockOnlyBeforeBlocking();
    void slotOfAboutToBlockMayPost();
    void slotOfAboutToBlockMayStartTimer();
    void slotOfAboutToBlockMayEnableNotifier();
};

void tst_PassOrder::stepsWithoutBlocking()
{
    FakeLoop loop;
    QStringList log;
    Handler handler;
    handler.onPosted = [&] { log << QStringLiteral("posted"); };
    handler.onTimer = [&](int) { log << QStringLiteral("timer"); };
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    connect(&notifier, &QSocketNotifier::activated, this, [&] { log << QStringLiteral("notifier"); });
    connect(&loop.dispatcher, &QAbstractEventDispatcher::awake, this,
            [&] { log << QStringLiteral("awake"); });
    connect(&loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
            [&] { log << QStringLiteral("aboutToBlock"); });

    handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(5ms);
    loop.poller.ready[Descriptor] = Interest::Read;
    handler.post();
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    const QStringList expected{QStringLiteral("awake"), QStringLiteral("posted"), QStringLiteral("notifier"),
                               QStringLiteral("timer")};
    QCOMPARE(log, expected);
}

void tst_PassOrder::stepsWithBlocking()
{
    FakeLoop loop;
    QStringList log;
    Handler handler;
    handler.onTimer = [&](int) { log << QStringLiteral("timer"); };
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    connect(&notifier, &QSocketNotifier::activated, this, [&] { log << QStringLiteral("notifier"); });
    connect(&loop.dispatcher, &QAbstractEventDispatcher::awake, this,
            [&] { log << QStringLiteral("awake"); });
    connect(&loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
            [&] { log << QStringLiteral("aboutToBlock"); });
    loop.poller.whileBlocked = [&] {
        log << QStringLiteral("wait");
        FakeClock::advance(5ms);
        loop.poller.ready[Descriptor] = Interest::Read;
    };

    handler.startTimer(5ms, Qt::PreciseTimer);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    const QStringList expected{QStringLiteral("awake"), QStringLiteral("aboutToBlock"),
                               QStringLiteral("wait"), QStringLiteral("notifier"), QStringLiteral("timer")};
    QCOMPARE(log, expected);
}

void tst_PassOrder::onlyLooksWithoutWaitFlag()
{
    FakeLoop loop;
    QVERIFY(!loop.pass());
    QCOMPARE(loop.poller.calls, std::vector<std::string>{"look"});
}

void tst_PassOrder::blocksWithoutEndWhenNothingIsDue()
{
    FakeLoop loop;
    loop.pass(QEventLoop::WaitForMoreEvents); // the fake poller wakes itself up
    QCOMPARE(loop.poller.calls.front(), std::string("wait forever"));
    QCOMPARE(loop.callsOf("wait"), 1);
}

void tst_PassOrder::blocksUntilNearestTimer()
{
    FakeLoop loop;
    Handler handler;
    QList<int> fired;
    handler.onTimer = [&](int id) { fired << id; };
    handler.startTimer(9ms, Qt::PreciseTimer);
    const int nearest = handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(1ms);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.poller.calls, std::vector<std::string>{"wait 4000000"});
    QCOMPARE(fired, QList<int>{nearest});
}

void tst_PassOrder::doesNotBlockWhenTimerIsOverdue()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(5ms, Qt::PreciseTimer);
    FakeClock::advance(7ms);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(fired, 1);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassOrder::doesNotBlockAfterPostedEvent()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    handler.post();
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 1);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassOrder::doesNotBlockAfterWakeUp()
{
    FakeLoop loop;
    loop.dispatcher.wakeUp();
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.poller.calls, std::vector<std::string>{"look"}); // and no notify: the loop did not sleep
}

void tst_PassOrder::blocksAgainOnceWakeUpIsTaken()
{
    FakeLoop loop;
    loop.dispatcher.wakeUp();
    loop.dispatcher.wakeUp();
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("wait"), 0);
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("wait"), 1);
}

void tst_PassOrder::blocksAfterPostedEventInExec()
{
    // exec() waits for nothing but its exit, which interrupts: one pass delivers and waits.
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    loop.poller.whileBlocked = [&] { handler.post(); };
    for (int i = 1; i <= 5; ++i) {
        QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents | QEventLoop::EventLoopExec));
        QCOMPARE(loop.callsOf("wait"), i);
        QCOMPARE(posted, i - 1);
    }
    // What a handler posts keeps the pass from blocking.
    handler.onPosted = [&] { handler.post(); };
    loop.pass(QEventLoop::WaitForMoreEvents | QEventLoop::EventLoopExec);
    QCOMPARE(loop.callsOf("wait"), 5);
}

void tst_PassOrder::slotThatConnectsAboutToBlockIsInTime()
{
    // Signals that nobody hears are not emitted: a connection counts at once.
    FakeLoop loop;
    loop.pass();
    int aboutToBlock = 0;
    Handler handler;
    handler.onPosted = [&] {
        connect(&loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [&] { ++aboutToBlock; });
    };
    handler.post();
    loop.pass(QEventLoop::WaitForMoreEvents | QEventLoop::EventLoopExec);
    QCOMPARE(aboutToBlock, 1);
}

void tst_PassOrder::eventPostedByHandlerWaitsForNextPass()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] {
        if (++posted == 1)
            handler.post();
    };
    handler.post();
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 1);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 2);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassOrder::eventPostedWhileBlockedEndsWait()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    loop.poller.whileBlocked = [&] { handler.post(); };
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 0);
    QCOMPARE(loop.callsOf("wait"), 1);
    QCOMPARE(loop.callsOf("notify"), 1);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 1);
    QCOMPARE(loop.callsOf("wait"), 1);
}

void tst_PassOrder::slotOfAwakeMayPost()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    connect(
        &loop.dispatcher, &QAbstractEventDispatcher::awake, this, [&] { handler.post(); },
        Qt::SingleShotConnection);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 1);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassOrder::aboutToBlockOnlyBeforeBlocking()
{
    FakeLoop loop;
    Handler handler;
    int aboutToBlock = 0;
    int awake = 0;
    connect(&loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [&] { ++aboutToBlock; });
    connect(&loop.dispatcher, &QAbstractEventDispatcher::awake, this, [&] { ++awake; });
    loop.pass();
    handler.post();
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(awake, 2);
    QCOMPARE(aboutToBlock, 0);
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(awake, 3);
    QCOMPARE(aboutToBlock, 1);
}

void tst_PassOrder::slotOfAboutToBlockMayPost()
{
    FakeLoop loop;
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    connect(
        &loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, [&] { handler.post(); },
        Qt::SingleShotConnection);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.callsOf("wait"), 0);
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(posted, 1);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_PassOrder::slotOfAboutToBlockMayStartTimer()
{
    FakeLoop loop;
    Handler handler;
    connect(&loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
            [&] { handler.startTimer(3ms, Qt::PreciseTimer); });
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.poller.calls, std::vector<std::string>{"wait 3000000"});
}

void tst_PassOrder::slotOfAboutToBlockMayEnableNotifier()
{
    FakeLoop loop;
    loop.poller.ready[Descriptor] = Interest::Read;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    notifier.setEnabled(false);
    int activated = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activated; });
    connect(&loop.dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
            [&] { notifier.setEnabled(true); });
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(activated, 1);
}

QTEST_APPLESS_MAIN(tst_PassOrder)
#include "tst_passorder.moc"
