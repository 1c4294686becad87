// SPDX-License-Identifier: MIT
// The contract of poller/poller.h: registrations and what is reported of them.
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/socketpair.h"
#include "support/tcppair.h"

#include <QtTest/qtest.h>

#include <array>

using namespace Flywheel;
using namespace Flywheel::Test;

using Ready = std::map<std::uint64_t, Interest>;

constexpr std::uint64_t Token = 0x0123'4567'89ab'cdef;

class tst_Registration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void reportsTokenAndReadiness();
    void reportsOnlyWhatIsWanted();
    void isLevelTriggered();
    void reportsReadAndWriteTogether();
    void outOfBandDataIsExceptional();
    void plainDataIsNotExceptional();
    void hangUpCountsForEveryInterest_data();
    void hangUpCountsForEveryInterest();
    void modifyChangesInterestAndToken();
    void removeSilences();
    void removedDescriptorMayBeAddedAgain();
    void addingTwiceIsRefused();
    void modifyingUnknownIsRefused();
    void removingUnknownIsRefused();
    void closedDescriptorIsNoticed();
    void severalDescriptors();
};

void tst_Registration::reportsTokenAndReadiness()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, Token));
    QVERIFY(look(*poller).empty());
    sockets.write();
    QVERIFY((look(*poller) == Ready{{Token, Interest::Read}}));
}

void tst_Registration::reportsOnlyWhatIsWanted()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Exception, Token));
    sockets.write(); // readable and writable, nobody asked
    QVERIFY(look(*poller).empty());
}

void tst_Registration::isLevelTriggered()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, Token));
    sockets.write();
    for (int i = 0; i < 3; ++i)
        QCOMPARE(look(*poller).size(), 1u);
    sockets.drain();
    QVERIFY(look(*poller).empty());
}

void tst_Registration::reportsReadAndWriteTogether()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read | Interest::Write, Token));
    QVERIFY((look(*poller) == Ready{{Token, Interest::Write}}));
    sockets.write();
    QVERIFY((look(*poller) == Ready{{Token, Interest::Read | Interest::Write}}));
    sockets.fill();
    QVERIFY((look(*poller) == Ready{{Token, Interest::Read}}));
}

void tst_Registration::outOfBandDataIsExceptional()
{
    const auto poller = makePoller();
    const TcpPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Exception, Token));
    QVERIFY(look(*poller).empty());
    sockets.sendOutOfBand();
    const AbstractPoller::Result result = poller->wait(within(std::chrono::seconds(10)), WaitFor::Everything);
    QCOMPARE(result.events.size(), 1u);
    QVERIFY(result.events.front().ready == Interest::Exception);
}

void tst_Registration::plainDataIsNotExceptional()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read | Interest::Exception, Token));
    sockets.write();
    QVERIFY((look(*poller) == Ready{{Token, Interest::Read}}));
}

void tst_Registration::hangUpCountsForEveryInterest_data()
{
    QTest::addColumn<Interest>("interest");
    QTest::newRow("read") << Interest::Read;
    QTest::newRow("write") << Interest::Write;
    QTest::newRow("exception") << Interest::Exception;
}

void tst_Registration::hangUpCountsForEveryInterest()
{
    QFETCH(Interest, interest);
    const auto poller = makePoller();
    SocketPair sockets;
    sockets.fill();
    QVERIFY(!poller->add(sockets.first(), interest, Token));
    QVERIFY(look(*poller).empty());
    sockets.closeSecond();
    const Ready ready = look(*poller);
    QCOMPARE(ready.size(), 1u);
    QVERIFY(any(ready.at(Token) & interest));
}

void tst_Registration::modifyChangesInterestAndToken()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, Token));
    QVERIFY(!poller->modify(sockets.first(), Interest::Write, Token + 1));
    sockets.write();
    QVERIFY((look(*poller) == Ready{{Token + 1, Interest::Write}}));
}

void tst_Registration::removeSilences()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, Token));
    sockets.write();
    QVERIFY(!poller->remove(sockets.first()));
    QVERIFY(look(*poller).empty());
}

void tst_Registration::removedDescriptorMayBeAddedAgain()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, Token));
    QVERIFY(!poller->remove(sockets.first()));
    QVERIFY(!poller->add(sockets.first(), Interest::Write, Token + 1));
    QVERIFY((look(*poller) == Ready{{Token + 1, Interest::Write}}));
}

void tst_Registration::addingTwiceIsRefused()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(!poller->add(sockets.first(), Interest::Read, Token));
    QVERIFY(poller->add(sockets.first(), Interest::Write, Token + 1) == std::errc::file_exists);
    sockets.write();
    QVERIFY((look(*poller) == Ready{{Token, Interest::Read}})); // unchanged
}

void tst_Registration::modifyingUnknownIsRefused()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(poller->modify(sockets.first(), Interest::Write, Token) == std::errc::no_such_file_or_directory);
    QVERIFY(look(*poller).empty());
}

void tst_Registration::removingUnknownIsRefused()
{
    const auto poller = makePoller();
    const SocketPair sockets;
    QVERIFY(poller->remove(sockets.first()) == std::errc::no_such_file_or_directory);
    QVERIFY(!poller->add(sockets.first(), Interest::Read, Token));
    QVERIFY(!poller->remove(sockets.first()));
    QVERIFY(poller->remove(sockets.first()) == std::errc::no_such_file_or_directory);
}

void tst_Registration::closedDescriptorIsNoticed()
{
    const auto poller = makePoller();
    SocketPair sockets;
    const int fd = sockets.first();
    const SocketPair first;
    QVERIFY(
        !poller->add(first.first(), Interest::Read, Token + 1)); // takes its own descriptors, not this number
    sockets.closeFirst();
    const std::error_code error = poller->add(fd, Interest::Read, Token);
    if (poller->hasKernelSet()) {
        QVERIFY(error == std::errc::bad_file_descriptor);
        return;
    }
    QVERIFY(!error);
    const AbstractPoller::Result result = poller->wait({Immediately}, WaitFor::Everything);
    QCOMPARE(result.events.size(), 1u);
    QVERIFY(result.events.front().invalid);
    QVERIFY(result.events.front().ready == Interest::None);
}

void tst_Registration::severalDescriptors()
{
    const auto poller = makePoller();
    const std::array<SocketPair, 5> sockets;
    for (std::size_t i = 0; i < sockets.size(); ++i)
        QVERIFY(!poller->add(sockets[i].first(), Interest::Read, i));
    sockets[1].write();
    sockets[4].write();
    QVERIFY((look(*poller) == Ready{{1, Interest::Read}, {4, Interest::Read}}));
    // Out of the middle, from the end and from the beginning.
    for (const std::size_t i : {1u, 3u, 0u})
        QVERIFY(!poller->remove(sockets[i].first()));
    sockets[2].write();
    QVERIFY((look(*poller) == Ready{{2, Interest::Read}, {4, Interest::Read}}));
}

QTEST_APPLESS_MAIN(tst_Registration)
#include "tst_registration.moc"
