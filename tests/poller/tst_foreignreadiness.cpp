// SPDX-License-Identifier: MIT
// A loop that another one hosts learns that its poller's descriptor is readable: whom that means costs a call
// only where it does not follow.
#include "support/interestfixture.h"

#include <QtTest/qtest.h>

#include <algorithm>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_ForeignReadiness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyOneNeedsNoCall();
    void descriptorThatMayBeReadableForNothingProvesNothing();
    void firstTimeAsks();
    void severalAsk();
    void severalTypesAsk();
    void changesAreAppliedAndAsk();
    void uncoveredAsk();
    void alwaysReadyAsk();
    void asksWhileAClosedFileMayLiveOn();
    void rebuildForgetsClosedFiles();
    void remainingOneNeedsNoCall();
};

namespace {

/// One whose poller was asked before, as a loop's is in its first passes.
class AskedFixture : public InterestFixture
{
public:
    AskedFixture() { ask(); }

    void ask()
    {
        set.prepare();
        set.wait(Immediately);
        poller.calls.clear();
    }
};

/// Beside what it does for its audit, which is due now and then.
bool hasLooked(const InterestFixture &fixture)
{
    return std::find(fixture.poller.calls.begin(), fixture.poller.calls.end(), "look") !=
           fixture.poller.calls.end();
}

} // namespace

void tst_ForeignReadiness::descriptorThatMayBeReadableForNothingProvesNothing()
{
    AskedFixture fixture;
    fixture.poller.exact = false;
    fixture.watch(5, Interest::Read);
    QVERIFY(fixture.set.endForeignWait().empty());
    QVERIFY(hasLooked(fixture));
}

void tst_ForeignReadiness::onlyOneNeedsNoCall()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read);
    const auto ready = fixture.set.endForeignWait();
    QVERIFY(fixture.poller.calls.empty());
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready[0].fd, 5);
    QVERIFY(ready[0].ready == Interest::Read);
    QVERIFY(!ready[0].invalid);
}

/// The set may hold a wake-up from a time when the loop slept in it.
void tst_ForeignReadiness::firstTimeAsks()
{
    InterestFixture fixture;
    fixture.watch(5, Interest::Read);
    QVERIFY(fixture.set.endForeignWait().empty());
    QVERIFY(hasLooked(fixture));
    fixture.poller.calls.clear();
    QCOMPARE(fixture.set.endForeignWait().size(), 1u);
    QVERIFY(fixture.poller.calls.empty());
}

void tst_ForeignReadiness::severalAsk()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.watch(6, Interest::Read);
    fixture.poller.ready = {{6, Interest::Read}};
    const auto ready = fixture.set.endForeignWait();
    QVERIFY(hasLooked(fixture));
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready[0].fd, 6);
}

void tst_ForeignReadiness::severalTypesAsk()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read | Interest::Exception);
    fixture.poller.ready = {{5, Interest::Exception}};
    const auto ready = fixture.set.endForeignWait();
    QVERIFY(hasLooked(fixture));
    QVERIFY(ready[0].ready == Interest::Exception);
}

void tst_ForeignReadiness::changesAreAppliedAndAsk()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.set.setWanted(5, Interest::None);
    QVERIFY(fixture.set.endForeignWait().empty());
    QCOMPARE(fixture.poller.calls, (std::vector<std::string>{"remove 5", "look"}));
}

void tst_ForeignReadiness::uncoveredAsk()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.uncovered = true;
    fixture.set.endForeignWait();
    QVERIFY(hasLooked(fixture));
}

void tst_ForeignReadiness::alwaysReadyAsk()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.poller.errors = {{6, std::errc::operation_not_permitted}};
    fixture.watch(6, Interest::Read);
    const auto ready = fixture.set.endForeignWait();
    QVERIFY(hasLooked(fixture));
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready[0].fd, 6);
}

/// Closed here first, and open in a child: the set can't let go of it, and reports it for ever.
void tst_ForeignReadiness::asksWhileAClosedFileMayLiveOn()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.watch(6, Interest::Read);
    fixture.poller.registrations.erase(6);
    fixture.set.setWanted(6, Interest::None);
    fixture.set.prepare();
    fixture.ask();
    fixture.set.endForeignWait();
    QVERIFY(hasLooked(fixture));
}

void tst_ForeignReadiness::rebuildForgetsClosedFiles()
{
    AskedFixture fixture;
    fixture.watch(5, Interest::Read);
    fixture.watch(6, Interest::Read);
    fixture.poller.registrations.erase(6);
    fixture.set.setWanted(6, Interest::None);
    fixture.set.prepare();
    fixture.set.rebuild();
    fixture.ask();
    QCOMPARE(fixture.set.endForeignWait().size(), 1u);
    QVERIFY(fixture.poller.calls.empty());
}

void tst_ForeignReadiness::remainingOneNeedsNoCall()
{
    AskedFixture fixture;
    for (const int fd : {5, 6, 7})
        fixture.watch(fd, Interest::Read);
    fixture.watch(5, Interest::None);
    fixture.watch(7, Interest::None);
    const auto ready = fixture.set.endForeignWait();
    QVERIFY(fixture.poller.calls.empty());
    QCOMPARE(ready.size(), 1u);
    QCOMPARE(ready[0].fd, 6);
}

QTEST_APPLESS_MAIN(tst_ForeignReadiness)
#include "tst_foreignreadiness.moc"
