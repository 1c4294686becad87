// SPDX-License-Identifier: MIT
// What only the kqueue poller does: a set for poll(2) beside the queue, and what it makes of errors.
#include "support/kqueueshim/hooks.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <cerrno>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

using Ready = std::map<std::uint64_t, Interest>;

class tst_KqueuePoller : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void interruptedWaitGoesOn();
    void lackOfResourcesIsAnError();
    void refusedDescriptorIsPolled();
    void refusedDescriptorEndsWait();
    void wakeUpEndsWaitForBoth();
    void queueAndSetReportTogether();
    void removedFromSetIsSilent();
    void exceptionAloneIsPolled();

private:
    static std::unique_ptr<AbstractPoller> make()
    {
        std::unique_ptr<AbstractPoller> poller = createPoller(Poller::Kqueue, steadyNow).poller;
        poller->descriptor(); // makes the queue now, and not in a call that the test wants to fail
        return poller;
    }
    /// Registers what EV_ADD refuses.
    static void addRefused(AbstractPoller &poller, int fd, std::uint64_t token)
    {
        KqueueShim::failNextAdd(EINVAL);
        QVERIFY(!poller.add(fd, Interest::Read, token));
        QVERIFY(poller.hasUncovered());
    }
};

void tst_KqueuePoller::interruptedWaitGoesOn()
{
    const auto poller = make();
    const Instant deadline = steadyNow() + 5ms;
    KqueueShim::interruptNextWait();
    QVERIFY(!poller->wait({deadline}, WaitFor::Everything).error);
    QVERIFY(steadyNow() >= deadline);
}

void tst_KqueuePoller::lackOfResourcesIsAnError()
{
    const auto poller = make();
    const SocketPair sockets;
    sockets.write();
    KqueueShim::failNextAdd(ENOMEM);
    QVERIFY(poller->add(sockets.first(), Interest::Read | Interest::Write, 7) ==
            std::errc::not_enough_memory);
    QVERIFY(look(*poller).empty());
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 8)); // nothing was left of the first try
    QVERIFY((look(*poller) == Ready{{8, Interest::Read}}));
}

void tst_KqueuePoller::refusedDescriptorIsPolled()
{
    const auto poller = make();
    const SocketPair sockets;
    addRefused(*poller, sockets.first(), 7);
    QVERIFY(look(*poller).empty());
    sockets.write();
    QVERIFY((look(*poller) == Ready{{7, Interest::Read}}));
}

void tst_KqueuePoller::refusedDescriptorEndsWait()
{
    const Watchdog watchdog;
    const auto poller = make();
    const SocketPair sockets;
    addRefused(*poller, sockets.first(), 7);
    std::thread writer([&] {
        std::this_thread::sleep_for(3ms); // so that the poller waits
        sockets.write();
    });
    QCOMPARE(poller->wait({}, WaitFor::Everything).events.size(), 1u);
    writer.join();
}

void tst_KqueuePoller::wakeUpEndsWaitForBoth()
{
    const Watchdog watchdog;
    const auto poller = make();
    const SocketPair sockets;
    addRefused(*poller, sockets.first(), 7);
    for (int i = 0; i < 3; ++i) {
        std::thread waker([&] {
            std::this_thread::sleep_for(3ms); // so that the poller waits
            poller->wakeUp();
        });
        QVERIFY(poller->wait({}, WaitFor::Everything).events.empty());
        waker.join();
        QVERIFY(poller->consumeWakeUp());
    }
}

void tst_KqueuePoller::queueAndSetReportTogether()
{
    const auto poller = make();
    const SocketPair polled;
    const SocketPair queued;
    addRefused(*poller, polled.first(), 7);
    QVERIFY(!poller->add(queued.first(), Interest::Read, 8));
    polled.write();
    queued.write();
    QVERIFY((look(*poller) == Ready{{7, Interest::Read}, {8, Interest::Read}}));
}

void tst_KqueuePoller::removedFromSetIsSilent()
{
    const auto poller = make();
    const SocketPair sockets;
    addRefused(*poller, sockets.first(), 7);
    sockets.write();
    QVERIFY(!poller->remove(sockets.first()));
    QVERIFY(!poller->hasUncovered());
    QVERIFY(look(*poller).empty());
}

void tst_KqueuePoller::exceptionAloneIsPolled()
{
    // EVFILT_EXCEPT knows nothing of hang-ups, which are exceptional here as with poll(2).
    const auto poller = make();
    SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Exception, 7));
    QVERIFY(poller->hasUncovered());
    QVERIFY(look(*poller).empty());
    sockets.closeSecond();
    QVERIFY((look(*poller) == Ready{{7, Interest::All}}));
}

QTEST_APPLESS_MAIN(tst_KqueuePoller)
#include "tst_kqueuepoller.moc"
