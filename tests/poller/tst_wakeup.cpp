// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: wake-ups before, during and after a wait, with readiness and without.
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <ctime>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_WakeUp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void beforeWait_data() { addWaitRows(); }
    void beforeWait();
    void duringWait_data() { addWaitRows(); }
    void duringWait();
    void betweenWaits_data() { addWaitRows(); }
    void betweenWaits();
    void endsEachWaitUntilConsumed();
    void severalCountOnce();
    void whileLimited();
    void doesNotHideReadiness();
    void readinessNeitherEndsWaitForWakeUpsNorSpins();
    void readinessIsNotLostByWaitForWakeUps();
    void consumedOneDoesNotEndNextWait_data();
    void consumedOneDoesNotEndNextWait();

private:
    static void addWaitRows()
    {
        QTest::addColumn<WaitFor>("what");
        QTest::newRow("everything") << WaitFor::Everything;
        QTest::newRow("wake-ups") << WaitFor::WakeUps;
    }
    /// Waits without end while another thread wakes.
    static void waitAndBeWoken(AbstractPoller &poller, WaitFor what)
    {
        std::thread waker([&] {
            std::this_thread::sleep_for(
                3ms); // so that the poller sleeps, which costs the waker a system call
            poller.wakeUp();
        });
        poller.wait({}, what);
        waker.join();
    }
};

void tst_WakeUp::beforeWait()
{
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    QVERIFY(!poller->hasWakeUp());
    poller->wakeUp();
    QVERIFY(poller->hasWakeUp());
    QVERIFY(!poller->wait({}, what).error);
    QVERIFY(poller->consumeWakeUp());
    QVERIFY(!poller->consumeWakeUp());
    QVERIFY(!poller->hasWakeUp());
}

void tst_WakeUp::duringWait()
{
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    for (int i = 0; i < 5; ++i) {
        waitAndBeWoken(*poller, what);
        QVERIFY(poller->consumeWakeUp());
    }
}

void tst_WakeUp::betweenWaits()
{
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    for (int i = 0; i < 5; ++i) {
        poller->wait(within(1ms), what);
        poller->wakeUp();
        poller->wait({}, what);
        QVERIFY(poller->consumeWakeUp());
    }
}

void tst_WakeUp::endsEachWaitUntilConsumed()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    waitAndBeWoken(*poller, WaitFor::Everything);
    for (int i = 0; i < 3; ++i) {
        poller->wait({}, WaitFor::Everything);
        poller->wait({}, WaitFor::WakeUps);
        QVERIFY(poller->hasWakeUp());
    }
}

void tst_WakeUp::severalCountOnce()
{
    const auto poller = makePoller();
    for (int i = 0; i < 100; ++i)
        poller->wakeUp();
    QVERIFY(poller->consumeWakeUp());
    QVERIFY(!poller->consumeWakeUp());
    const Instant deadline = steadyNow() + 2ms;
    poller->wait({deadline}, WaitFor::Everything);
    QVERIFY(steadyNow() >= deadline);
}

void tst_WakeUp::whileLimited()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    std::thread waker([&] {
        std::this_thread::sleep_for(3ms);
        poller->wakeUp();
    });
    const AbstractPoller::Result result = poller->wait({Never, 1h}, WaitFor::Everything);
    QVERIFY(!result.limited);
    QVERIFY(poller->hasWakeUp());
    waker.join();
}

void tst_WakeUp::doesNotHideReadiness()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 7));
    sockets.write();
    poller->wakeUp();
    QCOMPARE(poller->wait({}, WaitFor::Everything).events.size(), 1u);
    QVERIFY(poller->hasWakeUp());
}

void tst_WakeUp::readinessNeitherEndsWaitForWakeUpsNorSpins()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read | Interest::Write, 7));
    sockets.write();
    const auto processorTime = [] {
        timespec used{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        return std::chrono::seconds(used.tv_sec) + Nanoseconds(used.tv_nsec);
    };
    const Nanoseconds before = processorTime();
    const Instant deadline = steadyNow() + 200ms;
    QVERIFY(poller->wait({deadline}, WaitFor::WakeUps).events.empty());
    QVERIFY(steadyNow() >= deadline);
    QVERIFY(processorTime() - before < 100ms);
}

void tst_WakeUp::readinessIsNotLostByWaitForWakeUps()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 7));
    sockets.write();
    poller->wait(within(2ms), WaitFor::WakeUps);
    waitAndBeWoken(*poller, WaitFor::WakeUps);
    poller->consumeWakeUp();
    QCOMPARE(poller->wait({}, WaitFor::Everything).events.size(), 1u);
}

void tst_WakeUp::consumedOneDoesNotEndNextWait_data()
{
    QTest::addColumn<WaitFor>("woken");
    QTest::addColumn<WaitFor>("next");
    QTest::newRow("everything, everything") << WaitFor::Everything << WaitFor::Everything;
    QTest::newRow("everything, wake-ups") << WaitFor::Everything << WaitFor::WakeUps;
    QTest::newRow("wake-ups, everything") << WaitFor::WakeUps << WaitFor::Everything;
    QTest::newRow("wake-ups, wake-ups") << WaitFor::WakeUps << WaitFor::WakeUps;
}

void tst_WakeUp::consumedOneDoesNotEndNextWait()
{
    // A poller with two sets gets the edge in both, and sees the second one later: it is stale by then.
    const Watchdog watchdog;
    QFETCH(WaitFor, woken);
    QFETCH(WaitFor, next);
    const auto poller = makePoller();
    for (int i = 0; i < 5; ++i) {
        waitAndBeWoken(*poller, woken);
        QVERIFY(poller->consumeWakeUp());
        const Instant deadline = steadyNow() + 3ms;
        poller->wait({deadline}, next);
        QVERIFY(steadyNow() >= deadline);
        QVERIFY(!poller->hasWakeUp());
        waitAndBeWoken(*poller, next); // and a real one still does
        QVERIFY(poller->consumeWakeUp());
    }
}

QTEST_APPLESS_MAIN(tst_WakeUp)
#include "tst_wakeup.moc"
