// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: reset(), in the process that made the poller and in a forked child.
#include "support/application.h"
#include "support/child.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <thread>

#include <fcntl.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_PollerReset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void forgetsRegistrations();
    void forgetsClosedFilesThatLiveOn();
    void keepsWakeUps();
    void oftenRepeatedLeaksNothing();
    void givesChildItsOwnRegistrations();
    void givesChildItsOwnWakeUps();

private:
    static bool isWokenFromAnotherThread(AbstractPoller &poller)
    {
        std::thread waker([&] {
            std::this_thread::sleep_for(3ms); // so that the poller sleeps
            poller.wakeUp();
        });
        poller.wait({}, WaitFor::Everything);
        waker.join();
        return poller.consumeWakeUp();
    }
    static int openDescriptors()
    {
        int count = 0;
        for (int fd = 0; fd < 1000; ++fd)
            count += ::fcntl(fd, F_GETFD) >= 0;
        return count;
    }
};

void tst_PollerReset::forgetsRegistrations()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 7));
    sockets.write();
    QVERIFY(!poller->reset());
    QVERIFY(look(*poller).empty());
    QVERIFY(poller->modify(sockets.first(), Interest::Read, 8) == std::errc::no_such_file_or_directory);
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 9));
    QCOMPARE(look(*poller).count(9), 1u);
}

void tst_PollerReset::forgetsClosedFilesThatLiveOn()
{
    // epoll_ctl(2) can't take out a file whose number is closed while a duplicate lives; only a new set can.
    const auto poller = makePoller();
    SocketPair sockets;
    const UniqueFd duplicate(::dup(sockets.first()));
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 7));
    sockets.closeFirst();
    sockets.write();
    QVERIFY(!poller->reset());
    QVERIFY(look(*poller).empty());
}

void tst_PollerReset::keepsWakeUps()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    poller->wakeUp();
    QVERIFY(!poller->reset());
    QVERIFY(poller->hasWakeUp());
    poller->wait({}, WaitFor::Everything);
    QVERIFY(poller->consumeWakeUp());
    QVERIFY(isWokenFromAnotherThread(*poller));
    QVERIFY(!poller->reset());
    QVERIFY(isWokenFromAnotherThread(*poller));
}

void tst_PollerReset::oftenRepeatedLeaksNothing()
{
    const auto poller = makePoller();
    QVERIFY(!poller->reset());
    const int before = openDescriptors();
    for (int i = 0; i < 100; ++i)
        QVERIFY(!poller->reset());
    QCOMPARE(openDescriptors(), before);
}

void tst_PollerReset::givesChildItsOwnRegistrations()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, 7));
    QVERIFY(succeedsInChild([&] {
        if (poller->reset() || !look(*poller).empty())
            return false;
        return !poller->add(sockets.first(), Interest::Write, 8) && look(*poller).contains(8);
    }));
    QVERIFY(look(*poller).empty());
    sockets.write();
    QCOMPARE(look(*poller).count(7), 1u);
}

void tst_PollerReset::givesChildItsOwnWakeUps()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    QVERIFY(isWokenFromAnotherThread(*poller));
    QVERIFY(succeedsInChild([&] { return !poller->reset() && isWokenFromAnotherThread(*poller); }));
    QVERIFY(isWokenFromAnotherThread(*poller));
}

QTEST_APPLESS_MAIN(tst_PollerReset)
#include "tst_pollerreset.moc"
