// SPDX-License-Identifier: MIT
// Step 5 of docs/contract.md: which notifiers a pass delivers.
#include "support/fakeloop.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Flywheel;
using namespace Flywheel::Test;

constexpr int Descriptor = 1000;

class tst_PassNotifiers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readinessReachesItsTypeOnly();
    void hangUpReachesEveryType();
    void oneRegistrationForAllTypesOfDescriptor();
    void levelTriggered();
    void secondNotifierReplacesFirst();
    void secondNotifierRegistersDescriptorAnew();
    void closedDescriptorDisablesAllItsNotifiers();
    void sharedDescriptorSurvivesRemovalOfOneType();

private:
    void count(QSocketNotifier &notifier, int &activations)
    {
        connect(&notifier, &QSocketNotifier::activated, this, [&activations] { ++activations; });
    }
};

void tst_PassNotifiers::readinessReachesItsTypeOnly()
{
    FakeLoop loop;
    QSocketNotifier read(Descriptor, QSocketNotifier::Read);
    QSocketNotifier write(Descriptor, QSocketNotifier::Write);
    QSocketNotifier exception(Descriptor, QSocketNotifier::Exception);
    int reads = 0;
    int writes = 0;
    int exceptions = 0;
    count(read, reads);
    count(write, writes);
    count(exception, exceptions);
    loop.poller.ready[Descriptor] = Interest::Read;
    loop.pass();
    loop.poller.ready[Descriptor] = Interest::Exception;
    loop.pass();
    loop.poller.ready[Descriptor] = Interest::Write | Interest::Exception;
    loop.pass();
    QCOMPARE(reads, 1);
    QCOMPARE(writes, 1);
    QCOMPARE(exceptions, 2);
}

void tst_PassNotifiers::hangUpReachesEveryType()
{
    FakeLoop loop;
    QSocketNotifier read(Descriptor, QSocketNotifier::Read);
    QSocketNotifier write(Descriptor, QSocketNotifier::Write);
    QSocketNotifier exception(Descriptor, QSocketNotifier::Exception);
    int activations = 0;
    for (QSocketNotifier *notifier : {&read, &write, &exception})
        count(*notifier, activations);
    loop.poller.ready[Descriptor] = Interest::All;
    loop.pass();
    QCOMPARE(activations, 3);
}

void tst_PassNotifiers::oneRegistrationForAllTypesOfDescriptor()
{
    FakeLoop loop;
    QSocketNotifier read(Descriptor, QSocketNotifier::Read);
    QSocketNotifier exception(Descriptor, QSocketNotifier::Exception);
    loop.pass();
    QCOMPARE(loop.callsOf("add"), 1);
    QCOMPARE(loop.poller.registrations.size(), 1u);
    QVERIFY(loop.poller.registrations.at(Descriptor).interest == (Interest::Read | Interest::Exception));
}

void tst_PassNotifiers::levelTriggered()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    int activations = 0;
    count(notifier, activations);
    loop.poller.ready[Descriptor] = Interest::Read;
    for (int passes = 1; passes <= 3; ++passes) {
        QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
        QCOMPARE(activations, passes);
    }
}

void tst_PassNotifiers::secondNotifierReplacesFirst()
{
    FakeLoop loop;
    QSocketNotifier first(Descriptor, QSocketNotifier::Write);
    const char *warning = "QSocketNotifier: Multiple socket notifiers for same socket 1000 and type Write";
    QTest::ignoreMessage(QtWarningMsg, warning);
    auto second = std::make_unique<QSocketNotifier>(Descriptor, QSocketNotifier::Write);
    int firstActivations = 0;
    int secondActivations = 0;
    count(first, firstActivations);
    count(*second, secondActivations);
    loop.poller.ready[Descriptor] = Interest::Write;
    loop.pass();
    QCOMPARE(firstActivations, 0);
    QCOMPARE(secondActivations, 1);
    QTest::ignoreMessage(QtWarningMsg, warning);
    first.setEnabled(false); // not the one that is registered
    loop.pass();
    QCOMPARE(secondActivations, 2);
    second.reset();
    loop.pass();
    QVERIFY(loop.poller.registrations.empty());
}

void tst_PassNotifiers::secondNotifierRegistersDescriptorAnew()
{
    // Whoever makes a second notifier has probably closed the descriptor and got its number again.
    FakeLoop loop;
    QSocketNotifier first(Descriptor, QSocketNotifier::Read);
    loop.pass();
    loop.poller.registrations.clear(); // as the kernel does on close(2)
    QTest::ignoreMessage(QtWarningMsg,
                         "QSocketNotifier: Multiple socket notifiers for same socket 1000 and type Read");
    QSocketNotifier second(Descriptor, QSocketNotifier::Read);
    int activations = 0;
    count(second, activations);
    loop.poller.ready[Descriptor] = Interest::Read;
    loop.pass();
    QCOMPARE(activations, 1);
    QTest::ignoreMessage(QtWarningMsg,
                         "QSocketNotifier: Multiple socket notifiers for same socket 1000 and type Read");
    first.setEnabled(false);
}

void tst_PassNotifiers::closedDescriptorDisablesAllItsNotifiers()
{
    FakeLoop loop;
    QSocketNotifier read(Descriptor, QSocketNotifier::Read);
    QSocketNotifier exception(Descriptor, QSocketNotifier::Exception);
    QSocketNotifier other(1001, QSocketNotifier::Read);
    loop.poller.errors[Descriptor] = std::errc::bad_file_descriptor;
    QTest::ignoreMessage(QtWarningMsg, "QSocketNotifier: Invalid socket 1000 with type Read, disabling...");
    QTest::ignoreMessage(QtWarningMsg,
                         "QSocketNotifier: Invalid socket 1000 with type Exception, disabling...");
    loop.pass();
    QVERIFY(!read.isEnabled());
    QVERIFY(!exception.isEnabled());
    QVERIFY(other.isEnabled());
    loop.forgetCalls();
    loop.pass();
    QCOMPARE(loop.poller.calls, std::vector<std::string>{"look"}); // and that is the end of it
}

void tst_PassNotifiers::sharedDescriptorSurvivesRemovalOfOneType()
{
    FakeLoop loop;
    QSocketNotifier read(Descriptor, QSocketNotifier::Read);
    auto exception = std::make_unique<QSocketNotifier>(Descriptor, QSocketNotifier::Exception);
    int activations = 0;
    count(read, activations);
    loop.pass();
    exception.reset();
    loop.poller.ready[Descriptor] = Interest::All;
    loop.pass();
    QCOMPARE(activations, 1);
    QVERIFY(loop.poller.registrations.at(Descriptor).interest == Interest::Read);
}

QTEST_APPLESS_MAIN(tst_PassNotifiers)
#include "tst_passnotifiers.moc"
