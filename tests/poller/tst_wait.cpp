// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: how long a wait lasts.
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_Wait : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void isNeverEarly_data();
    void isNeverEarly();
    void pastDeadlineOnlyLooks();
    void readinessEndsIt_data() { addWaitRows(); }
    void readinessEndsIt();
    void atMostEndsIt_data() { addWaitRows(); }
    void atMostEndsIt();
    void deadlineBeforeAtMostIsNoLimit();
    void atMostWithoutDeadline();
    void farDeadlineIsNoOverflow();

private:
    static void addWaitRows()
    {
        QTest::addColumn<WaitFor>("what");
        QTest::newRow("everything") << WaitFor::Everything;
        QTest::newRow("wake-ups") << WaitFor::WakeUps;
    }
};

void tst_Wait::isNeverEarly_data()
{
    QTest::addColumn<Nanoseconds>("timeout");
    QTest::addColumn<WaitFor>("what");
    for (const Nanoseconds timeout : {1ns, 999ns, 1'000ns, 50'001ns, 999'999ns, 1'000'001ns, 5'500'000ns}) {
        const QByteArray name = QByteArray::number(qlonglong(timeout.count())) + " ns";
        QTest::addRow("%s, everything", name.constData()) << Nanoseconds(timeout) << WaitFor::Everything;
        QTest::addRow("%s, wake-ups", name.constData()) << Nanoseconds(timeout) << WaitFor::WakeUps;
    }
}

void tst_Wait::isNeverEarly()
{
    const Watchdog watchdog;
    QFETCH(Nanoseconds, timeout);
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    for (int i = 0; i < 50; ++i) {
        const Instant deadline = steadyNow() + timeout;
        const AbstractPoller::Result result = poller->wait({deadline}, what);
        QVERIFY(steadyNow() >= deadline);
        QVERIFY(result.events.empty());
        QVERIFY(!result.limited);
        QVERIFY(!result.error);
    }
}

void tst_Wait::pastDeadlineOnlyLooks()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 7));
    QVERIFY(poller->wait({steadyNow() - 1s}, WaitFor::Everything).events.empty());
    QVERIFY(poller->wait({Immediately}, WaitFor::Everything).events.empty());
    sockets.write();
    QCOMPARE(poller->wait({steadyNow() - 1s}, WaitFor::Everything).events.size(), 1u);
    QCOMPARE(poller->wait({Immediately}, WaitFor::Everything).events.size(), 1u);
}

void tst_Wait::readinessEndsIt()
{
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 7));
    std::thread writer([&] {
        std::this_thread::sleep_for(5ms); // so that the poller waits; nothing depends on it
        sockets.write();
        if (what == WaitFor::WakeUps)
            poller->wakeUp(); // for readiness must not end that wait
    });
    const AbstractPoller::Result result = poller->wait({}, what);
    QCOMPARE(result.events.size(), what == WaitFor::Everything ? 1u : 0u);
    writer.join();
    poller->consumeWakeUp();
    QCOMPARE(look(*poller).size(), 1u);
}

void tst_Wait::atMostEndsIt()
{
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    const Instant start = steadyNow();
    const AbstractPoller::Result result = poller->wait({start + 1h, 3ms}, what);
    QVERIFY(steadyNow() - start >= 3ms);
    QVERIFY(result.limited);
}

void tst_Wait::deadlineBeforeAtMostIsNoLimit()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    QVERIFY(!poller->wait({steadyNow() + 3ms, 1h}, WaitFor::Everything).limited);
}

void tst_Wait::atMostWithoutDeadline()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    const Instant start = steadyNow();
    QVERIFY(poller->wait({Never, 3ms}, WaitFor::Everything).limited);
    QVERIFY(steadyNow() - start >= 3ms);
}

void tst_Wait::farDeadlineIsNoOverflow()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    for (const Instant deadline :
         {Never - 1ns, Instant(Nanoseconds::max() / 2), steadyNow() + 24h * 365 * 100}) {
        std::thread waker([&] {
            std::this_thread::sleep_for(2ms); // so that the poller waits
            poller->wakeUp();
        });
        QVERIFY(!poller->wait({deadline}, WaitFor::Everything).error);
        QVERIFY(poller->hasWakeUp()); // nothing else ended it
        waker.join();
        poller->consumeWakeUp();
    }
}

QTEST_APPLESS_MAIN(tst_Wait)
#include "tst_wait.moc"
