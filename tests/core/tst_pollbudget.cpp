// SPDX-License-Identifier: MIT
// Fairness: how long a busy loop may leave the poller unasked.
#include "pass/pollbudget.h"
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

constexpr int MostPasses = 16;
constexpr int Descriptor = 1000;

class tst_PollBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsAfterSixteenPasses();
    void endsAfterTwoHundredMicroseconds();
    void startsAnewAfterPolling();
    void zeroTimersDoNotStarveNotifiers();
    void zeroTimersDoNotStarveTimersAndPostedEvents();
    void postedEventsDoNotStarveNotifiers();
    void slowHandlersArePolledAfterEach();
    void passesOutsideExecAlwaysPoll();
    void newInterestIsPolled();
    void blockingPassPolls();
    void knownReadinessIsDeliveredWithoutPolling();
};

void tst_PollBudget::endsAfterSixteenPasses()
{
    PollBudget budget;
    budget.polled(Instant(1s));
    for (int i = 0; i < MostPasses; ++i)
        QVERIFY(budget.allowsSkip(Instant(1s)));
    QVERIFY(!budget.allowsSkip(Instant(1s)));
    QVERIFY(!budget.allowsSkip(Instant(1s)));
}

void tst_PollBudget::endsAfterTwoHundredMicroseconds()
{
    PollBudget budget;
    QVERIFY(!budget.allowsSkip(Instant(1s))); // nobody has asked yet
    budget.polled(Instant(1s));
    QVERIFY(budget.allowsSkip(Instant(1s + 199us)));
    QVERIFY(!budget.allowsSkip(Instant(1s + 200us)));
    budget.polled(Instant(1s));
    QVERIFY(!budget.allowsSkip(Instant(2s))); // the time counts from the poll on, not from the first skip
}

void tst_PollBudget::startsAnewAfterPolling()
{
    PollBudget budget;
    budget.polled(Instant(1s));
    for (int i = 0; i < MostPasses; ++i)
        budget.allowsSkip(Instant(1s));
    budget.polled(Instant(2s));
    QVERIFY(budget.allowsSkip(Instant(2s)));
    QVERIFY(!budget.allowsSkip(Instant(2s + 1ms)));
}

void tst_PollBudget::zeroTimersDoNotStarveNotifiers()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(0);
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    loop.poller.ready[Descriptor] = Interest::Read;
    loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents); // waits, and finds something
    loop.forgetCalls();
    activations = 0;
    for (int i = 0; i < 10 * (MostPasses + 1); ++i)
        loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("look"), 10);
    QCOMPARE(activations, 10);
}

void tst_PollBudget::zeroTimersDoNotStarveTimersAndPostedEvents()
{
    FakeLoop loop;
    Handler handler;
    int fired = 0;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    handler.startTimer(0);
    Handler other;
    other.onTimer = [&](int) { ++fired; };
    other.startTimer(1ms, Qt::PreciseTimer);
    for (int i = 0; i < 10; ++i) {
        FakeClock::advance(1ms);
        handler.post();
        loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
        QCOMPARE(fired, i + 1);
        QCOMPARE(posted, i + 1);
    }
}

void tst_PollBudget::postedEventsDoNotStarveNotifiers()
{
    FakeLoop loop;
    Handler handler;
    handler.onPosted = [&] { handler.post(); };
    handler.post();
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    loop.poller.ready[Descriptor] = Interest::Read;
    for (int i = 0; i < 10 * (MostPasses + 1); ++i)
        loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
    QCOMPARE(activations, 10);
}

void tst_PollBudget::slowHandlersArePolledAfterEach()
{
    FakeLoop loop;
    Handler handler;
    handler.onTimer = [](int) { FakeClock::advance(1ms); };
    handler.startTimer(0);
    for (int i = 0; i < 20; ++i)
        loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("look"), 20);
}

void tst_PollBudget::passesOutsideExecAlwaysPoll()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(0);
    for (int i = 0; i < 5; ++i)
        loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("look"), 5);
}

void tst_PollBudget::newInterestIsPolled()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(0);
    loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
    loop.poller.ready[Descriptor] = Interest::Read;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
    QCOMPARE(activations, 1);
}

void tst_PollBudget::blockingPassPolls()
{
    FakeLoop loop;
    loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("wait"), 1);
}

void tst_PollBudget::knownReadinessIsDeliveredWithoutPolling()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    const auto pass = [&] {
        loop.poller.errors[Descriptor] = std::errc::operation_not_permitted; // a regular file
        loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents);
    };
    pass();
    pass(); // it is new, and looked at again at once
    pass(); // the first pass that could have spared a look: nobody had read the time for it
    const auto looks = loop.callsOf("look");
    activations = 0;
    for (int i = 0; i < MostPasses; ++i)
        pass();
    QCOMPARE(activations, MostPasses);
    QCOMPARE(loop.callsOf("look"), looks);
}

QTEST_APPLESS_MAIN(tst_PollBudget)
#include "tst_pollbudget.moc"
