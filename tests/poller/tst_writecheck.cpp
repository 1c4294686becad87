// SPDX-License-Identifier: MIT
// New write interest is first checked with poll(2) on the real descriptor, and registered only if that does
// not do.
#include "support/fakeloop.h"
#include "support/handler.h"
#include "support/interestfixture.h"
#include "support/socketpair.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <array>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_WriteCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writableIsReportedWithoutRegistration();
    void writableThatIsDroppedCostsNothing();
    void writableThatIsKeptIsRegisteredNext();
    void fullIsRegisteredAtOnce();
    void fullIsReportedOnceThereIsRoom();
    void severalAreCheckedTogether();
    void droppedBeforePrepareIsNotChecked();
    void takenUpAgainIsCheckedAgain();
    void readInterestIsRegisteredMeanwhile();
    void hangUpIsReportedForEverything();
    void closedIsLeftToRegistration();
    void registeredInterestIsNotChecked();
    void pollersWithoutKernelSetAreNotCheckedFor();
    void writableCostsABusyLoopNoLook();

private:
    static std::string call(const char *name, int fd) { return name + std::string(" ") + std::to_string(fd); }
};

void tst_WriteCheck::writableIsReportedWithoutRegistration()
{
    InterestFixture fixture;
    const SocketPair sockets;
    fixture.set.setWanted(sockets.first(), Interest::Write);
    const auto ready = fixture.set.prepare();
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready.front().fd, sockets.first());
    QVERIFY(ready.front().ready == Interest::Write);
    QVERIFY(fixture.poller.calls.empty());
}

void tst_WriteCheck::writableThatIsDroppedCostsNothing()
{
    // QAbstractSocket: enabled for each buffered write, disabled in the handler.
    InterestFixture fixture;
    const SocketPair sockets;
    for (int i = 0; i < 100; ++i) {
        fixture.set.setWanted(sockets.first(), Interest::Write);
        QCOMPARE(fixture.set.prepare().size(), 1u);
        fixture.set.setWanted(sockets.first(), Interest::None);
        QVERIFY(fixture.set.prepare().empty());
    }
    QVERIFY(fixture.poller.calls.empty());
}

void tst_WriteCheck::writableThatIsKeptIsRegisteredNext()
{
    InterestFixture fixture;
    const SocketPair sockets;
    fixture.set.setWanted(sockets.first(), Interest::Write);
    fixture.set.prepare();
    QVERIFY(fixture.set.prepare().empty());
    QCOMPARE(fixture.poller.calls, std::vector{call("add", sockets.first())});
    QVERIFY(fixture.poller.registrations.at(sockets.first()).interest == Interest::Write);
}

void tst_WriteCheck::fullIsRegisteredAtOnce()
{
    InterestFixture fixture;
    const SocketPair sockets;
    sockets.fill();
    fixture.set.setWanted(sockets.first(), Interest::Write);
    QVERIFY(fixture.set.prepare().empty());
    QCOMPARE(fixture.poller.calls, std::vector{call("add", sockets.first())});
}

void tst_WriteCheck::fullIsReportedOnceThereIsRoom()
{
    InterestSet set(createPoller(availablePollers().front(), steadyNow).poller, coarseNow);
    const SocketPair sockets;
    sockets.fill();
    set.setWanted(sockets.first(), Interest::Write);
    QVERIFY(set.prepare().empty());
    QVERIFY(set.wait(Immediately).empty());
    sockets.makeRoom();
    QVERIFY(set.prepare().empty());
    QCOMPARE(set.wait(Immediately).size(), 1u);
}

void tst_WriteCheck::severalAreCheckedTogether()
{
    InterestFixture fixture;
    const std::array<SocketPair, 3> sockets;
    sockets[1].fill();
    for (const SocketPair &pair : sockets)
        fixture.set.setWanted(pair.first(), Interest::Write);
    const auto ready = fixture.set.prepare();
    QCOMPARE(ready.size(), 2u);
    QCOMPARE(ready[0].fd, sockets[0].first());
    QCOMPARE(ready[1].fd, sockets[2].first());
    QCOMPARE(fixture.poller.calls, std::vector{call("add", sockets[1].first())});
}

void tst_WriteCheck::droppedBeforePrepareIsNotChecked()
{
    InterestFixture fixture;
    const SocketPair sockets;
    fixture.set.setWanted(sockets.first(), Interest::Write);
    fixture.set.setWanted(sockets.first(), Interest::None);
    QVERIFY(fixture.set.prepare().empty());
    QVERIFY(fixture.poller.calls.empty());
}

void tst_WriteCheck::takenUpAgainIsCheckedAgain()
{
    InterestFixture fixture;
    const SocketPair sockets;
    fixture.set.setWanted(sockets.first(), Interest::Write);
    fixture.set.prepare();
    fixture.set.setWanted(sockets.first(), Interest::None);
    fixture.set.setWanted(sockets.first(), Interest::Write); // in the same handler
    QCOMPARE(fixture.set.prepare().size(), 1u);
    QVERIFY(fixture.poller.calls.empty());
}

void tst_WriteCheck::readInterestIsRegisteredMeanwhile()
{
    InterestFixture fixture;
    const SocketPair sockets;
    const int fd = sockets.first();
    fixture.set.setWanted(fd, Interest::Read | Interest::Write);
    QCOMPARE(fixture.set.prepare().size(), 1u);
    QVERIFY(fixture.poller.registrations.at(fd).interest == Interest::Read);
    fixture.set.prepare();
    QVERIFY(fixture.poller.registrations.at(fd).interest == (Interest::Read | Interest::Write));
    const std::vector expected{call("add", fd), call("modify", fd)};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_WriteCheck::hangUpIsReportedForEverything()
{
    InterestFixture fixture;
    SocketPair sockets;
    sockets.closeSecond();
    fixture.set.setWanted(sockets.first(), Interest::Write);
    const auto ready = fixture.set.prepare();
    QCOMPARE(ready.size(), 1u);
    QVERIFY(ready.front().ready == Interest::All);
}

void tst_WriteCheck::closedIsLeftToRegistration()
{
    InterestFixture fixture;
    SocketPair sockets;
    const int fd = sockets.first();
    sockets.closeFirst();
    fixture.poller.errors[fd] = std::errc::bad_file_descriptor;
    fixture.set.setWanted(fd, Interest::Write);
    const auto ready = fixture.set.prepare();
    QCOMPARE(ready.size(), 1u);
    QVERIFY(ready.front().invalid);
}

void tst_WriteCheck::registeredInterestIsNotChecked()
{
    // Dropped and taken up: that the number may mean another file matters more, and registering tells both.
    InterestFixture fixture;
    const SocketPair sockets;
    sockets.fill();
    fixture.watch(sockets.first(), Interest::Write);
    sockets.makeRoom();
    fixture.set.setWanted(sockets.first(), Interest::None);
    fixture.set.setWanted(sockets.first(), Interest::Write);
    QVERIFY(fixture.set.prepare().empty());
    QCOMPARE(fixture.poller.calls, std::vector{call("modify", sockets.first())});
}

void tst_WriteCheck::pollersWithoutKernelSetAreNotCheckedFor()
{
    // Registering costs them nothing, so poll(2) would only be called twice.
    InterestSet set(createPoller(Poller::Poll, steadyNow).poller, coarseNow);
    const SocketPair sockets;
    set.setWanted(sockets.first(), Interest::Write);
    QVERIFY(set.prepare().empty());
    QCOMPARE(set.wait(Immediately).size(), 1u);
}

/// As QAbstractSocket does for each buffered write: the check has told all there is to know.
void tst_WriteCheck::writableCostsABusyLoopNoLook()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(0);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Write);
    notifier.setEnabled(false);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] {
        ++activations;
        notifier.setEnabled(false);
    });
    const auto pass = [&] { loop.pass(QEventLoop::EventLoopExec | QEventLoop::WaitForMoreEvents); };
    pass();
    pass();
    loop.forgetCalls();
    for (int i = 0; i < 8; ++i) {
        notifier.setEnabled(true);
        pass();
    }
    QCOMPARE(activations, 8);
    QCOMPARE(loop.callsOf("look"), 0);
}

QTEST_APPLESS_MAIN(tst_WriteCheck)
#include "tst_writecheck.moc"
