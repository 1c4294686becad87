// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: reset().
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_PollerReset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void forgetsRegistrations();
    void keepsWakeUps();
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

QTEST_APPLESS_MAIN(tst_PollerReset)
#include "tst_pollerreset.moc"
