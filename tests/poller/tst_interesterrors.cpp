// SPDX-License-Identifier: MIT
// What becomes of a registration that the kernel refuses.
#include "support/fakeclock.h"
#include "support/interestfixture.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

using Calls = std::vector<std::string>;

class tst_InterestErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closedWhenAdded();
    void closedWhenModified();
    void closedIsReportedOnceAndForgotten();
    void unpollableIsAlwaysReady();
    void unpollableIsForgottenWhenDropped();
    void unpollableIsTriedAgainWhenTakenUp();
    void unpollableMayBecomePollable();
    void exhaustedKernelIsAskedAgain();
    void exhaustedKernelIsReportedOnce();
    void exhaustedKernelLimitsWaits();
    void exhaustedKernelDoesNotStopOthers();
    void lostSetIsRebuilt();
    void failedResetIsReported();
};

void tst_InterestErrors::closedWhenAdded()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::bad_file_descriptor;
    fixture.set.setWanted(5, Interest::Read);
    const auto ready = fixture.set.prepare();
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready.front().fd, 5);
    QVERIFY(ready.front().invalid);
    QVERIFY(ready.front().ready == Interest::None);
}

void tst_InterestErrors::closedWhenModified()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.errors[5] = std::errc::bad_file_descriptor;
    fixture.set.setWanted(5, Interest::Read | Interest::Exception);
    const auto ready = fixture.set.prepare();
    QCOMPARE(ready.size(), 1u);
    QVERIFY(ready.front().invalid);
}

void tst_InterestErrors::closedIsReportedOnceAndForgotten()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::bad_file_descriptor;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    fixture.set.setWanted(5, Interest::None); // what the owner is to do
    fixture.poller.calls.clear();
    QVERIFY(fixture.set.prepare().empty());
    QVERIFY(fixture.poller.calls.empty());
}

void tst_InterestErrors::unpollableIsAlwaysReady()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::operation_not_permitted;
    fixture.set.setWanted(5, Interest::Read);
    for (int i = 0; i < 3; ++i) {
        const auto ready = fixture.set.prepare();
        QCOMPARE(ready.size(), 1u);
        QVERIFY(ready.front().ready == (Interest::Read | Interest::Write));
        QVERIFY(!ready.front().invalid);
    }
    QCOMPARE(fixture.poller.calls, Calls{"add 5"});
}

void tst_InterestErrors::unpollableIsForgottenWhenDropped()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::operation_not_permitted;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    fixture.set.setWanted(5, Interest::None);
    QVERIFY(fixture.set.prepare().empty());
    QCOMPARE(fixture.poller.calls, Calls{"add 5"}); // there is nothing to remove
}

void tst_InterestErrors::unpollableIsTriedAgainWhenTakenUp()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::operation_not_permitted;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    fixture.set.setWanted(5, Interest::None);
    fixture.set.setWanted(5, Interest::Read);
    fixture.poller.errors[5] = std::errc::operation_not_permitted;
    QCOMPARE(fixture.set.prepare().size(), 1u); // once, not twice
    const Calls expected{"add 5", "add 5"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_InterestErrors::unpollableMayBecomePollable()
{
    // The number of a closed file went to a socket.
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::operation_not_permitted;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    fixture.set.setWanted(5, Interest::None);
    fixture.set.setWanted(5, Interest::Read);
    QVERIFY(fixture.set.prepare().empty());
    QCOMPARE(fixture.poller.registrations.count(5), 1u);
}

void tst_InterestErrors::exhaustedKernelIsAskedAgain()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::no_space_on_device;
    fixture.set.setWanted(5, Interest::Read);
    QVERIFY(fixture.set.prepare().empty());
    QVERIFY(fixture.set.hasTrouble());
    QVERIFY(fixture.set.prepare().empty());
    QVERIFY(!fixture.set.hasTrouble());
    const Calls expected{"add 5", "add 5"};
    QCOMPARE(fixture.poller.calls, expected);
    QVERIFY(fixture.poller.registrations.at(5).interest == Interest::Read);
    fixture.poller.calls.clear();
    fixture.set.prepare();
    QVERIFY(fixture.poller.calls.empty());
}

void tst_InterestErrors::exhaustedKernelIsReportedOnce()
{
    InterestFixture fixture;
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    fixture.set.setWanted(5, Interest::Read);
    const QRegularExpression warning(
        QStringLiteral("the kernel refuses to watch a descriptor: No space left on device"));
    for (int episode = 0; episode < 2; ++episode) {
        QTest::ignoreMessage(QtWarningMsg, warning);
        for (int i = 0; i < 5; ++i) {
            fixture.poller.errors[5] = std::errc::no_space_on_device;
            fixture.set.prepare();
            fixture.set.reportTrouble();
        }
        fixture.set.prepare(); // it works again
        fixture.set.setWanted(5, Interest::None);
        fixture.set.prepare();
        fixture.set.setWanted(5, Interest::Read);
    }
}

void tst_InterestErrors::exhaustedKernelLimitsWaits()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::not_enough_memory;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    fixture.poller.calls.clear();
    fixture.set.wait(Never);
    QCOMPARE(fixture.poller.calls, Calls{"wait 50000000"});
    fixture.poller.calls.clear();
    fixture.set.wait(FakeClock::now() + 3ms);
    QCOMPARE(fixture.poller.calls, Calls{"wait 3000000"});
}

void tst_InterestErrors::exhaustedKernelDoesNotStopOthers()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::no_space_on_device;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.setWanted(6, Interest::Read);
    fixture.set.prepare();
    fixture.poller.ready = {{6, Interest::Read}};
    QCOMPARE(fixture.set.wait(Immediately).size(), 1u);
}

void tst_InterestErrors::lostSetIsRebuilt()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.waitError = std::errc::bad_file_descriptor;
    QVERIFY(fixture.set.wait(Immediately).empty());
    QCOMPARE(fixture.poller.calls.back(), std::string("reset"));
    fixture.poller.calls.clear();
    fixture.set.prepare();
    QCOMPARE(fixture.poller.calls, Calls{"add 5"});
}

void tst_InterestErrors::failedResetIsReported()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.resetError = std::errc::too_many_files_open;
    fixture.set.rebuild();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Too many open files.*ulimit -n")));
    fixture.set.reportTrouble();
    fixture.set.prepare(); // tries to register all the same: the poller may be able to by now
    QCOMPARE(fixture.poller.registrations.count(5), 1u);
}

QTEST_APPLESS_MAIN(tst_InterestErrors)
#include "tst_interesterrors.moc"
