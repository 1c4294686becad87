// SPDX-License-Identifier: MIT
// Step 5 of docs/contract.md: what the handler of a notifier may do.
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <memory>
#include <stdexcept>

using namespace Flywheel;
using namespace Flywheel::Test;

constexpr int Descriptor = 1000;

class tst_NotifierHandlers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void disabledInHandlerOfAnother();
    void disabledAndEnabledInHandlerOfAnother();
    void deletedInHandlerOfAnother();
    void deletedInOwnHandler();
    void createdInHandlerWaitsForNextPass();
    void toggledInHandlerCostsNothing();
    void nestedPassDeliversTheRest();
    void stillReadyNotifierRecursesInNestedPass();
    void exceptionKeepsTheRest();

private:
    void count(QSocketNotifier &notifier, int &activations)
    {
        connect(&notifier, &QSocketNotifier::activated, this, [&activations] { ++activations; });
    }
};

void tst_NotifierHandlers::disabledInHandlerOfAnother()
{
    FakeLoop loop;
    QSocketNotifier notifiers[]{QSocketNotifier(1000, QSocketNotifier::Read),
                                QSocketNotifier(1001, QSocketNotifier::Read)};
    int activations = 0;
    for (int i : {0, 1}) {
        loop.poller.ready[1000 + i] = Interest::Read;
        connect(&notifiers[i], &QSocketNotifier::activated, this, [&, i] {
            ++activations;
            notifiers[1 - i].setEnabled(false);
        });
    }
    loop.pass();
    QCOMPARE(activations, 1);
}

void tst_NotifierHandlers::disabledAndEnabledInHandlerOfAnother()
{
    FakeLoop loop;
    QSocketNotifier notifiers[]{QSocketNotifier(1000, QSocketNotifier::Read),
                                QSocketNotifier(1001, QSocketNotifier::Read)};
    int activations = 0;
    for (int i : {0, 1}) {
        loop.poller.ready[1000 + i] = Interest::Read;
        connect(&notifiers[i], &QSocketNotifier::activated, this, [&, i] {
            ++activations;
            notifiers[1 - i].setEnabled(false);
            notifiers[1 - i].setEnabled(true);
        });
    }
    loop.pass();
    QCOMPARE(activations, 1); // what was known of it before it was disabled no longer counts
    loop.pass();
    QCOMPARE(activations, 2);
}

void tst_NotifierHandlers::deletedInHandlerOfAnother()
{
    FakeLoop loop;
    std::unique_ptr<QSocketNotifier> notifiers[2];
    int activations = 0;
    for (int i : {0, 1}) {
        loop.poller.ready[1000 + i] = Interest::Read;
        notifiers[i] = std::make_unique<QSocketNotifier>(1000 + i, QSocketNotifier::Read);
        connect(notifiers[i].get(), &QSocketNotifier::activated, this, [&, i] {
            ++activations;
            notifiers[1 - i].reset();
        });
    }
    loop.pass();
    QCOMPARE(activations, 1);
    loop.pass();
    QCOMPARE(activations, 2);
    QCOMPARE(loop.poller.registrations.size(), 1u);
}

void tst_NotifierHandlers::deletedInOwnHandler()
{
    FakeLoop loop;
    auto notifier = std::make_unique<QSocketNotifier>(Descriptor, QSocketNotifier::Read);
    int activations = 0;
    connect(notifier.get(), &QSocketNotifier::activated, this, [&] {
        ++activations;
        notifier.reset();
    });
    loop.poller.ready[Descriptor] = Interest::Read;
    loop.pass();
    loop.pass();
    QCOMPARE(activations, 1);
    QVERIFY(loop.poller.registrations.empty());
}

void tst_NotifierHandlers::createdInHandlerWaitsForNextPass()
{
    FakeLoop loop;
    QSocketNotifier creator(1000, QSocketNotifier::Read);
    std::unique_ptr<QSocketNotifier> created;
    int activations = 0;
    loop.poller.ready = {{1000, Interest::Read}, {1001, Interest::Read}};
    connect(&creator, &QSocketNotifier::activated, this, [&] {
        if (created)
            return;
        created = std::make_unique<QSocketNotifier>(1001, QSocketNotifier::Read);
        count(*created, activations);
    });
    loop.pass();
    QCOMPARE(activations, 0);
    loop.pass();
    QCOMPARE(activations, 1);
}

void tst_NotifierHandlers::toggledInHandlerCostsNothing()
{
    FakeLoop loop;
    Handler handler;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    QSocketNotifier toggled(Descriptor, QSocketNotifier::Exception);
    toggled.setEnabled(false);
    loop.pass();
    loop.forgetCalls();
    handler.onPosted = [&] {
        toggled.setEnabled(true);
        toggled.setEnabled(false);
    };
    handler.post();
    loop.pass();
    QCOMPARE(loop.poller.calls, std::vector<std::string>{"look"});
}

void tst_NotifierHandlers::nestedPassDeliversTheRest()
{
    FakeLoop loop;
    QSocketNotifier first(1000, QSocketNotifier::Read);
    QSocketNotifier second(1001, QSocketNotifier::Read);
    loop.poller.ready = {{1000, Interest::Read}, {1001, Interest::Read}};
    QStringList log;
    connect(&first, &QSocketNotifier::activated, this, [&] {
        log << QStringLiteral("begin");
        loop.poller.ready.clear(); // the readiness that is known is enough
        loop.pass();
        log << QStringLiteral("end");
    });
    connect(&second, &QSocketNotifier::activated, this, [&] { log << QStringLiteral("second"); });
    loop.pass();
    const QStringList expected{QStringLiteral("begin"), QStringLiteral("second"), QStringLiteral("end")};
    QCOMPARE(log, expected);
}

void tst_NotifierHandlers::stillReadyNotifierRecursesInNestedPass()
{
    FakeLoop loop;
    QSocketNotifier notifier(Descriptor, QSocketNotifier::Read);
    loop.poller.ready[Descriptor] = Interest::Read;
    int depth = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] {
        if (++depth < 3)
            loop.pass();
        else
            loop.poller.ready.clear();
    });
    loop.pass();
    QCOMPARE(depth, 3);
}

void tst_NotifierHandlers::exceptionKeepsTheRest()
{
    FakeLoop loop;
    QSocketNotifier first(1000, QSocketNotifier::Read);
    QSocketNotifier second(1001, QSocketNotifier::Read);
    int activations = 0;
    connect(&first, &QSocketNotifier::activated, this, [] { throw std::runtime_error("of a handler"); });
    count(second, activations);
    loop.poller.ready = {{1000, Interest::Read}, {1001, Interest::Read}};
    QVERIFY_EXCEPTION_THROWN(loop.pass(), std::runtime_error);
    loop.poller.ready.clear();
    QVERIFY(loop.pass());
    QCOMPARE(activations, 1);
    QVERIFY(!loop.pass());
}

QTEST_APPLESS_MAIN(tst_NotifierHandlers)
#include "tst_notifierhandlers.moc"
