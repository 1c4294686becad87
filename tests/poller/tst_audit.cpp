// SPDX-License-Identifier: MIT
// Registrations are looked over once a second: poller/registrationaudit.h says why.
#include "poller/registrationaudit.h"
#include "support/fakeclock.h"
#include "support/interestfixture.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <set>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

using Calls = std::vector<std::string>;

class tst_Audit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allowanceIsWhatIsLeftOfThePeriod();
    void firstWaitRenews();
    void nextWaitIsLimitedThenLoopIsLeftAlone();
    void earlierDeadlineIsKept();
    void waitThatEndsInTimeIsNotDisturbed();
    void closedDescriptorIsFound();
    void reusedDescriptorIsRegisteredAgain();
    void looksAtSomeAtATime();
    void busyLoopIsAuditedToo();
    void alwaysReadyDescriptorIsAuditedToo();
    void emptySetIsLeftAlone();
    void readinessIsNotDelayed();

private:
    /// A set that was audited just now.
    static void audit(InterestFixture &fixture)
    {
        fixture.set.wait(Immediately);
        fixture.poller.calls.clear();
    }
};

void tst_Audit::allowanceIsWhatIsLeftOfThePeriod()
{
    RegistrationAudit audit;
    QVERIFY(audit.allowance(Instant(100s)) == 0s);
    QVERIFY(audit.allowance(Instant(100s)) == 1s);
    QVERIFY(audit.allowance(Instant(100s + 400ms)) == 600ms);
    QVERIFY(audit.allowance(Instant(101s - 1ns)) == 1ns);
    QVERIFY(audit.allowance(Instant(101s)) == 0s);
    QVERIFY(audit.allowance(Instant(101s)) == 1s);
    QVERIFY(audit.allowance(Instant(200s)) == 0s); // after a long sleep
}

void tst_Audit::firstWaitRenews()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.set.wait(Never);
    const Calls expected{"modify 5", "wait forever", "notify"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_Audit::nextWaitIsLimitedThenLoopIsLeftAlone()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    FakeClock::advance(600ms);
    fixture.set.wait(Never);
    const Calls expected{"wait 400000000", "modify 5", "wait forever", "notify"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_Audit::earlierDeadlineIsKept()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    fixture.set.wait(FakeClock::now() + 5ms);
    QCOMPARE(fixture.poller.calls, Calls{"wait 5000000"});
}

void tst_Audit::waitThatEndsInTimeIsNotDisturbed()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    fixture.poller.whileBlocked = [&] { fixture.poller.wakeUp(); };
    fixture.set.wait(Never);
    const Calls expected{"wait 1000000000", "notify"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_Audit::closedDescriptorIsFound()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    fixture.poller.errors[5] = std::errc::bad_file_descriptor;
    const auto ready = fixture.set.wait(Never);
    QCOMPARE(ready.size(), 1u);
    QVERIFY(ready.front().invalid);
    const Calls expected{"wait 1000000000", "modify 5", "look"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_Audit::reusedDescriptorIsRegisteredAgain()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    fixture.poller.registrations.clear();
    fixture.poller.ready = {{5, Interest::Read}};
    const auto ready = fixture.set.wait(Never);
    QCOMPARE(ready.size(), 1u);
    QVERIFY(ready.front().ready == Interest::Read);
    QVERIFY(!ready.front().invalid);
}

void tst_Audit::looksAtSomeAtATime()
{
    constexpr int Count = 100;
    InterestFixture fixture;
    for (int fd = 0; fd < Count; ++fd)
        fixture.set.setWanted(fd, Interest::Read);
    fixture.set.prepare();
    std::vector<std::ptrdiff_t> renewed;
    std::set<std::string> seen;
    for (int second = 0; second < 4; ++second) {
        fixture.poller.calls.clear();
        fixture.set.wait(Immediately);
        renewed.push_back(std::ranges::count_if(
            fixture.poller.calls, [](const std::string &call) { return call.starts_with("modify"); }));
        seen.insert(fixture.poller.calls.begin(), fixture.poller.calls.end());
        FakeClock::advance(1s);
    }
    const std::vector<std::ptrdiff_t> expected{64, 36, 64, 36};
    QCOMPARE(renewed, expected);
    QCOMPARE(seen.size(), std::size_t(Count + 1)); // each descriptor, and "look"
}

void tst_Audit::busyLoopIsAuditedToo()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    FakeClock::advance(999ms);
    fixture.set.wait(Immediately);
    FakeClock::advance(1ms);
    fixture.set.wait(Immediately);
    fixture.set.wait(Immediately);
    const Calls expected{"look", "modify 5", "look", "look"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_Audit::alwaysReadyDescriptorIsAuditedToo()
{
    InterestFixture fixture;
    fixture.poller.errors[5] = std::errc::operation_not_permitted;
    fixture.watch(5, Interest::Read);
    fixture.poller.errors[5] = std::errc::operation_not_permitted;
    audit(fixture);
    FakeClock::advance(1s);
    QCOMPARE(fixture.set.prepare().size(), 1u);
    fixture.set.wait(Immediately); // a socket by now: add() succeeds
    const Calls expected{"add 5", "look"};
    QCOMPARE(fixture.poller.calls, expected);
    QVERIFY(fixture.set.prepare().empty());
}

void tst_Audit::emptySetIsLeftAlone()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.watch(5, Interest::None);
    fixture.set.wait(Never);
    const Calls expected{"wait forever", "notify"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_Audit::readinessIsNotDelayed()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.ready = {{5, Interest::Read}};
    const Instant before = FakeClock::now();
    QCOMPARE(fixture.set.wait(Never).size(), 1u);
    FakeClock::advance(300ms);
    fixture.set.prepare();
    QCOMPARE(fixture.set.wait(Never).size(), 1u);
    QVERIFY(FakeClock::now() - before == 300ms);
}

QTEST_APPLESS_MAIN(tst_Audit)
#include "tst_audit.moc"
