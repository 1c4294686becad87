// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: signals do not end a wait.
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include <pthread.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

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

class tst_InterruptedWait : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void keepsDeadline_data();
    void keepsDeadline();
    void withoutDeadlineGoesOn();
};

void tst_InterruptedWait::keepsDeadline_data()
{
    QTest::addColumn<WaitFor>("what");
    QTest::newRow("everything") << WaitFor::Everything;
    QTest::newRow("wake-ups") << WaitFor::WakeUps;
}

void tst_InterruptedWait::keepsDeadline()
{
    const Watchdog watchdog;
    QFETCH(WaitFor, what);
    const auto poller = makePoller();
    const Signals signals(::pthread_self());
    int sentBefore = 0;
    do { // on a busy machine no signal may come meanwhile
        sentBefore = signals.sent();
        const Instant deadline = steadyNow() + 50ms;
        const AbstractPoller::Result result = poller->wait({deadline}, what);
        QVERIFY(steadyNow() >= deadline);
        QVERIFY(!result.error);
    } while (signals.sent() == sentBefore);
}

void tst_InterruptedWait::withoutDeadlineGoesOn()
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

QTEST_APPLESS_MAIN(tst_InterruptedWait)
#include "tst_interruptedwait.moc"
