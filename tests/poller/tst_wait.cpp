// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: how long a wait lasts.
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include <pthread.h>

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
    void lastsNanosecondsNotMilliseconds_data();
    void lastsNanosecondsNotMilliseconds();
    void pastDeadlineOnlyLooks();
    void readinessEndsIt_data() { addWaitRows(); }
    void readinessEndsIt();
    void atMostEndsIt_data() { addWaitRows(); }
    void atMostEndsIt();
    void deadlineBeforeAtMostIsNoLimit();
    void atMostWithoutDeadline();
    void farDeadlineIsNoOverflow();
    void signalKeepsDeadline_data() { addWaitRows(); }
    void signalKeepsDeadline();
    void signalsWithoutDeadlineEndNothing();

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

void tst_Wait::lastsNanosecondsNotMilliseconds_data()
{
    addWaitRows();
}

void tst_Wait::lastsNanosecondsNotMilliseconds()
{
    // The best of many runs: others may keep the processor busy, but rounding up to milliseconds would show
    // in all.
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    Nanoseconds best = Nanoseconds::max();
    for (int i = 0; i < 200; ++i) {
        const Instant start = steadyNow();
        poller->wait({start + 100us}, what);
        best = std::min(best, steadyNow() - start);
    }
    QVERIFY2(best < 900us, QByteArray::number(qlonglong(best.count())).constData());
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

/// Sends a harmless signal to a thread, over and over.
class Signals
{
public:
    explicit Signals(pthread_t target)
    {
        struct sigaction action
        {
        };
        action.sa_handler = [](int) {};
        ::sigaction(SIGUSR1, &action, nullptr); // without SA_RESTART
        m_thread = std::thread([this, target] {
            while (!m_stop.load()) {
                ::pthread_kill(target, SIGUSR1);
                m_sent.fetch_add(1);
                std::this_thread::sleep_for(100us);
            }
        });
    }
    ~Signals()
    {
        m_stop.store(true);
        m_thread.join();
    }
    int sent() const { return m_sent.load(); }

private:
    std::atomic<bool> m_stop{false};
    std::atomic<int> m_sent{0};
    std::thread m_thread;
};

void tst_Wait::signalKeepsDeadline()
{
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    const Signals signals(::pthread_self());
    const int sentBefore = signals.sent();
    const Instant deadline = steadyNow() + 50ms;
    const AbstractPoller::Result result = poller->wait({deadline}, what);
    QVERIFY(steadyNow() >= deadline);
    QVERIFY(!result.error);
    QVERIFY(signals.sent() > sentBefore);
}

void tst_Wait::signalsWithoutDeadlineEndNothing()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    const Signals signals(::pthread_self());
    std::thread waker([&] {
        while (signals.sent() < 50)
            std::this_thread::yield();
        poller->wakeUp();
    });
    const AbstractPoller::Result result = poller->wait({}, WaitFor::Everything);
    QVERIFY(!result.error);
    QVERIFY(poller->hasWakeUp());
    waker.join();
}

QTEST_APPLESS_MAIN(tst_Wait)
#include "tst_wait.moc"
