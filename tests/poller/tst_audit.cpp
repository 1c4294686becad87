// SPDX-License-Identifier: MIT
// Registrations are renewed after handlers have run: poller/registrationaudit.h says when.
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
    void isDueOnceInAPeriod();
    void periodGrowsWithDescriptors();
    void sleepRenewsFirst();
    void tooEarlySleepIsLimitedThenLoopIsLeftAlone_data() { addCounts(); }
    void tooEarlySleepIsLimitedThenLoopIsLeftAlone();
    void earlierDeadlineIsKept();
    void slowTimerCausesNoWakeUp();
    void foreignSleepIsLimitedThenLoopIsLeftAlone_data() { addCounts(); }
    void foreignSleepIsLimitedThenLoopIsLeftAlone();
    void foreignPassesDoNotRepeatIt_data() { addCounts(); }
    void foreignPassesDoNotRepeatIt();
    void foreignHandlersStartItAnew();
    void laggingClockDoesNotRepeatIt();
    void waitThatEndsInTimeIsNotDisturbed();
    void closedDescriptorIsFound();
    void reusedDescriptorIsRegisteredAgain();
    void reusedDescriptorIsFoundAmongMany();
    void looksBetweenChunks();
    void busyLoopIsAuditedToo();
    void alwaysReadyDescriptorIsAuditedToo();
    void emptySetIsLeftAlone();
    void readinessIsNotDelayed();

private:
    static void addCounts()
    {
        QTest::addColumn<int>("count");
        for (const int count : {1, 64, 65, 500})
            QTest::addRow("%d", count) << count;
    }
    static void watch(InterestFixture &fixture, int count)
    {
        for (int fd = 0; fd < count; ++fd)
            fixture.set.setWanted(fd, Interest::Read);
        fixture.set.prepare();
        fixture.poller.calls.clear();
    }
    /// A set that was renewed just now.
    static void audit(InterestFixture &fixture)
    {
        fixture.set.wait(FakeClock::now() + 1ns);
        fixture.poller.calls.clear();
    }
    static std::size_t renewals(const InterestFixture &fixture)
    {
        std::set<std::string> renewed;
        for (const std::string &call : fixture.poller.calls) {
            if (call.starts_with("modify"))
                renewed.insert(call);
        }
        return renewed.size();
    }
    static std::vector<std::string> waits(const InterestFixture &fixture)
    {
        std::vector<std::string> found;
        std::ranges::copy_if(fixture.poller.calls, std::back_inserter(found),
                             [](const std::string &call) { return call.starts_with("wait"); });
        return found;
    }
};

void tst_Audit::isDueOnceInAPeriod()
{
    RegistrationAudit audit;
    QVERIFY(audit.isDue(Instant(100s), 1));
    audit.noteRenewal(Instant(100s));
    QVERIFY(!audit.isDue(Instant(100s), 1));
    QVERIFY(!audit.isDue(Instant(100s + 99ms), 1));
    QVERIFY(audit.isDue(Instant(100s + 100ms), 1));
    QVERIFY(audit.isDue(Instant(200s), 1)); // after a long sleep
}

void tst_Audit::periodGrowsWithDescriptors()
{
    RegistrationAudit audit;
    audit.noteRenewal(Instant(100s));
    QVERIFY(!audit.isDue(Instant(100s + 199ms), 10'000));
    QVERIFY(audit.isDue(Instant(100s + 200ms), 10'000));
    for (const std::size_t count : {1u, 10'000u, 1'000'000u}) // long after any lagging clock
        QVERIFY(audit.isDue(Instant(100s) + RegistrationAudit::longestSleep(count) - 500ms, count));
}

void tst_Audit::sleepRenewsFirst()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.set.wait(Never);
    const Calls expected{"modify 5", "wait forever", "notify"};
    QCOMPARE(fixture.poller.calls, expected);
}

void tst_Audit::tooEarlySleepIsLimitedThenLoopIsLeftAlone()
{
    QFETCH(int, count);
    InterestFixture fixture;
    watch(fixture, count);
    audit(fixture);
    fixture.set.wait(Never);
    const Calls expected{"wait 1000000000", "wait forever"};
    QCOMPARE(waits(fixture), expected);
    QCOMPARE(renewals(fixture), std::size_t(count));
}

void tst_Audit::earlierDeadlineIsKept()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    fixture.set.wait(FakeClock::now() + 5ms);
    QCOMPARE(fixture.poller.calls, Calls{"wait 5000000"});
}

void tst_Audit::slowTimerCausesNoWakeUp()
{
    InterestFixture fixture;
    watch(fixture, 100);
    audit(fixture);
    for (const Nanoseconds interval : {Nanoseconds(100ms), Nanoseconds(2s), Nanoseconds(60s)}) {
        FakeClock::advance(interval);
        for (int i = 0; i < 10; ++i) {
            fixture.poller.calls.clear();
            fixture.set.wait(FakeClock::now() + interval);
            QCOMPARE(waits(fixture), Calls{"wait " + std::to_string(interval.count())});
            QCOMPARE(renewals(fixture), 100u);
        }
    }
}

void tst_Audit::foreignSleepIsLimitedThenLoopIsLeftAlone()
{
    QFETCH(int, count);
    InterestFixture fixture;
    watch(fixture, count);
    audit(fixture);
    Instant again = Never;
    fixture.set.prepareForeignWait(again);
    QVERIFY(again == FakeClock::now() + 1s);
    FakeClock::advance(1s);
    fixture.set.prepareForeignWait(again);
    QVERIFY(again == Never);
    QCOMPARE(renewals(fixture), std::size_t(count));
}

void tst_Audit::foreignPassesDoNotRepeatIt()
{
    // Each wake-up makes several passes, and no handler runs.
    QFETCH(int, count);
    InterestFixture fixture;
    watch(fixture, count);
    audit(fixture);
    Instant again = Never;
    int wakeUps = 0;
    for (fixture.set.prepareForeignWait(again); again != Never && wakeUps < 10; ++wakeUps) {
        FakeClock::advance(again - FakeClock::now());
        for (int pass = 0; pass < 3; ++pass) {
            fixture.set.prepareForeignWait(again);
            FakeClock::advance(1ms);
        }
    }
    QVERIFY2(wakeUps <= 2, QByteArray::number(wakeUps).constData());
    QCOMPARE(renewals(fixture), std::size_t(count));
}

void tst_Audit::foreignHandlersStartItAnew()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    Instant again = Never;
    for (int i = 0; i < 3; ++i) {
        FakeClock::advance(300ms);
        fixture.set.prepareForeignWait(again); // before handlers
        fixture.set.prepareForeignWait(again); // and after
        QVERIFY(again == FakeClock::now() + 1s);
    }
}

void tst_Audit::laggingClockDoesNotRepeatIt()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    Instant again = Never;
    fixture.set.prepareForeignWait(again);
    FakeClock::advance(again - FakeClock::now() - 20ms); // what a coarse clock says by then
    fixture.set.prepareForeignWait(again);
    QVERIFY(again == Never);
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
    const Calls expected{"wait 1000000000", "modify 5"};
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

void tst_Audit::reusedDescriptorIsFoundAmongMany()
{
    InterestFixture fixture;
    watch(fixture, 200);
    audit(fixture);
    fixture.poller.registrations.erase(150);
    fixture.poller.ready = {{150, Interest::Read}};
    const auto ready = fixture.set.wait(Never);
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready.front().fd, 150);
}

void tst_Audit::looksBetweenChunks()
{
    // What becomes ready meanwhile does not wait until thousands of descriptors are renewed.
    InterestFixture fixture;
    watch(fixture, 500);
    fixture.poller.ready = {{7, Interest::Read}};
    QCOMPARE(fixture.set.wait(Never).size(), 1u);
    QVERIFY(renewals(fixture) <= RegistrationAudit::Chunk);
}

void tst_Audit::busyLoopIsAuditedToo()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    audit(fixture);
    FakeClock::advance(98ms);
    fixture.set.wait(Immediately);
    FakeClock::advance(2ms);
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
