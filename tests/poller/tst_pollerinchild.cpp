// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: reset(), where descriptors have duplicates and in a forked child.
#include "support/application.h"
#include "support/child.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <fcntl.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_PollerInChild : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void forgetsClosedFilesThatLiveOn();
    void oftenRepeatedLeaksNothing();
    void givesChildItsOwnRegistrations();
    void givesChildItsOwnWakeUps();

private:
    static int openDescriptors()
    {
        int count = 0;
        for (int fd = 0; fd < 1000; ++fd)
            count += ::fcntl(fd, F_GETFD) >= 0;
        return count;
    }
};

void tst_PollerInChild::forgetsClosedFilesThatLiveOn()
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

void tst_PollerInChild::oftenRepeatedLeaksNothing()
{
    const auto poller = makePoller();
    QVERIFY(!poller->reset());
    const int before = openDescriptors();
    for (int i = 0; i < 100; ++i)
        QVERIFY(!poller->reset());
    QCOMPARE(openDescriptors(), before);
}

void tst_PollerInChild::givesChildItsOwnRegistrations()
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

void tst_PollerInChild::givesChildItsOwnWakeUps()
{
    const Watchdog watchdog;
    const auto poller = makePoller();
    QVERIFY(isWokenFromAnotherThread(*poller));
    QVERIFY(succeedsInChild([&] { return !poller->reset() && isWokenFromAnotherThread(*poller); }));
    QVERIFY(isWokenFromAnotherThread(*poller));
}

QTEST_APPLESS_MAIN(tst_PollerInChild)
#include "tst_pollerinchild.moc"
