// SPDX-License-Identifier: MIT
// Changes are lazy, and a number that may mean another file by now is registered anew.
#include "poller/interestset.h"
#include "support/fakeclock.h"
#include "support/interestfixture.h"

#include <QtTest/qtest.h>

#include <algorithm>

using namespace Flywheel;
using namespace Flywheel::Test;

using Calls = std::vector<std::string>;

class tst_InterestSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void registersInNextPrepare();
    void mergesChanges();
    void dropAndTakeUpOfNewInterestCostsNothing();
    void unchangedInterestCostsNothing();
    void addedInterestModifies();
    void droppedInterestModifies();
    void lastInterestRemoves();
    void dropAndTakeUpRegistersAnew();
    void reusedDescriptorIsAddedAgain();
    void descriptorThatIsInAlreadyIsModified();
    void oldGenerationIsNotReported();
    void oldGenerationRebuilds();
    void removedDescriptorIsNotReported();
    void rebuildRegistersEverythingAgain();
    void reportsWhatIsReady();
    void waitsForWakeUpsOnly();
    void foreignWaitLooksForTheUncovered();
    void foreignWaitLeavesTheCoveredAlone();
};

void tst_InterestSet::registersInNextPrepare()
{
    InterestFixture fixture;
    fixture.set.setWanted(5, Interest::Read);
    QVERIFY(fixture.poller.calls.empty());
    QVERIFY(fixture.set.prepare().empty());
    QCOMPARE(fixture.poller.calls, Calls{"add 5"});
}

void tst_InterestSet::mergesChanges()
{
    InterestFixture fixture;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.setWanted(5, Interest::Read | Interest::Exception);
    fixture.set.prepare();
    QCOMPARE(fixture.poller.calls, Calls{"add 5"});
    QVERIFY(fixture.poller.registrations.at(5).interest == (Interest::Read | Interest::Exception));
}

void tst_InterestSet::dropAndTakeUpOfNewInterestCostsNothing()
{
    InterestFixture fixture;
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.setWanted(5, Interest::None);
    fixture.set.prepare();
    QVERIFY(fixture.poller.calls.empty());
}

void tst_InterestSet::unchangedInterestCostsNothing()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.set.setWanted(5, Interest::Read | Interest::Exception);
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    QVERIFY(fixture.poller.calls.empty());
}

void tst_InterestSet::addedInterestModifies()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.set.setWanted(5, Interest::Read | Interest::Exception);
    fixture.set.prepare();
    QCOMPARE(fixture.poller.calls, Calls{"modify 5"});
}

void tst_InterestSet::droppedInterestModifies()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read | Interest::Exception);
    fixture.set.setWanted(5, Interest::Exception);
    fixture.set.prepare();
    QCOMPARE(fixture.poller.calls, Calls{"modify 5"});
    QVERIFY(fixture.poller.registrations.at(5).interest == Interest::Exception);
}

void tst_InterestSet::lastInterestRemoves()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.set.setWanted(5, Interest::None);
    fixture.set.prepare();
    QCOMPARE(fixture.poller.calls, Calls{"remove 5"});
}

void tst_InterestSet::dropAndTakeUpRegistersAnew()
{
    // Between the two the number may have been closed and given to another file.
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    const std::uint64_t token = fixture.poller.registrations.at(5).token;
    fixture.set.setWanted(5, Interest::None);
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    QCOMPARE(fixture.poller.calls, Calls{"modify 5"});
    QVERIFY(fixture.poller.registrations.at(5).token != token);
}

void tst_InterestSet::reusedDescriptorIsAddedAgain()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.registrations.clear(); // closed: the kernel forgets in silence
    fixture.set.setWanted(5, Interest::None);
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    const Calls expected{"modify 5", "add 5"};
    QCOMPARE(fixture.poller.calls, expected);
    QCOMPARE(fixture.poller.registrations.size(), 1u);
}

void tst_InterestSet::descriptorThatIsInAlreadyIsModified()
{
    // Dropped while it was closed, which can't be told from having been taken out; then the same file came
    // back.
    InterestFixture fixture;
    fixture.poller.registrations[5] = {Interest::Exception, 1};
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    const Calls expected{"add 5", "modify 5"};
    QCOMPARE(fixture.poller.calls, expected);
    QVERIFY(fixture.poller.registrations.at(5).interest == Interest::Read);
}

void tst_InterestSet::oldGenerationIsNotReported()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    const std::uint64_t old = fixture.poller.registrations.at(5).token;
    fixture.set.setWanted(5, Interest::None);
    fixture.set.setWanted(5, Interest::Read);
    fixture.set.prepare();
    fixture.poller.extraEvents.push_back({old, Interest::Read, false});
    QVERIFY(fixture.set.wait(Immediately).empty());
}

void tst_InterestSet::oldGenerationRebuilds()
{
    // Its file was closed here and lives on elsewhere: only a new kernel set silences it.
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.watch(6, Interest::Exception);
    fixture.set.wait(Immediately); // the audit is over
    const std::uint64_t old = fixture.poller.registrations.at(5).token;
    fixture.set.setWanted(5, Interest::None);
    fixture.set.prepare();
    fixture.poller.extraEvents.push_back({old, Interest::Read, false});
    fixture.poller.calls.clear();
    fixture.set.wait(Immediately);
    fixture.set.prepare();
    const Calls expected{"look", "reset", "add 6"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_InterestSet::removedDescriptorIsNotReported()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.extraEvents.push_back({fixture.poller.registrations.at(5).token, Interest::Read, false});
    fixture.set.setWanted(5, Interest::None);
    fixture.set.prepare();
    QVERIFY(fixture.set.wait(Immediately).empty());
}

void tst_InterestSet::rebuildRegistersEverythingAgain()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.watch(600, Interest::Exception);
    fixture.watch(7, Interest::Read);
    fixture.set.setWanted(7, Interest::None);
    fixture.set.prepare();
    fixture.poller.calls.clear();
    fixture.set.rebuild();
    fixture.set.prepare();
    const Calls expected{"reset", "add 5", "add 600"};
    QCOMPARE(fixture.poller.calls, expected);
    QVERIFY(fixture.poller.registrations.at(5).interest == Interest::Read);
    QVERIFY(fixture.poller.registrations.at(600).interest == Interest::Exception);
}

void tst_InterestSet::reportsWhatIsReady()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.watch(6, Interest::Exception);
    fixture.poller.ready = {{5, Interest::Read}};
    const auto ready = fixture.set.wait(Immediately);
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready.front().fd, 5);
    QVERIFY(ready.front().ready == Interest::Read);
    QVERIFY(!ready.front().invalid);
}

void tst_InterestSet::waitsForWakeUpsOnly()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.ready = {{5, Interest::Read}};
    fixture.set.waitForWakeUp(FakeClock::now() + std::chrono::milliseconds(4));
    QCOMPARE(fixture.poller.calls, Calls{"wait 4000000"});
    QCOMPARE(fixture.set.wait(Immediately).size(), 1u);
}

void tst_InterestSet::foreignWaitLooksForTheUncovered()
{
    // The poller's own descriptor, which is all that the foreign wait watches, does not tell of them.
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.uncovered = true;
    fixture.poller.ready = {{5, Interest::Read}};
    Instant again = Never;
    QCOMPARE(fixture.set.prepareForeignWait(again).size(), 1u);
    QCOMPARE(again - FakeClock::now(), Nanoseconds(std::chrono::milliseconds(10)));
}

void tst_InterestSet::foreignWaitLeavesTheCoveredAlone()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.ready = {{5, Interest::Read}};
    Instant again = Never;
    QVERIFY(fixture.set.prepareForeignWait(again).empty());
    QVERIFY(!std::ranges::count(fixture.poller.calls, "look"));
}

QTEST_APPLESS_MAIN(tst_InterestSet)
#include "tst_interestset.moc"
