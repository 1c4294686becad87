// SPDX-License-Identifier: MIT
#include "poller/poller.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <thread>

using namespace Flywheel;

/// A wake-up that comes while a poller goes to sleep for the first time. The poll poller once made its pipe
/// only then, and a wake-up that came before the pipe was lost.
class tst_FirstWakeUp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsTheFirstWait_data();
    void endsTheFirstWait();
};

void tst_FirstWakeUp::endsTheFirstWait_data()
{
    QTest::addColumn<Poller>("kind");
    for (const Poller kind : availablePollers())
        QTest::newRow(pollerName(kind)) << kind;
}

void tst_FirstWakeUp::endsTheFirstWait()
{
    QFETCH(const Poller, kind);
    const Test::Watchdog watchdog(std::chrono::seconds(60));
    for (int i = 0; i < 1500; ++i) {
        const std::unique_ptr<AbstractPoller> poller = createPoller(kind, steadyNow).poller;
        QVERIFY(poller);
        std::atomic<bool> started{false};
        std::thread waker([&] {
            while (!started.load())
                ;
            for (int delay = 0; delay < i % 400; ++delay) // sweeps over the moment of going to sleep
                (void)started.load();
            poller->wakeUp();
        });
        started.store(true);
        poller->wait({}, WaitFor::Everything);
        waker.join();
        QVERIFY(poller->consumeWakeUp());
    }
}

QTEST_GUILESS_MAIN(tst_FirstWakeUp)
#include "tst_firstwakeup.moc"
