// SPDX-License-Identifier: MIT
// Once warm, no operation of the loop allocates. Counted is operator new, so Qt's own containers, which call
// malloc(3), are not: everything of this library's is.
#include "support/allocations.h"
#include "support/application.h"
#include "support/socketpair.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <memory>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;

/// Kept where the compiler must assume that others read it: an allocation that nobody sees may be optimised
/// away.
int *volatile s_kept = nullptr;

class tst_Allocations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }
    void init();
    void cleanup();

    void counterCounts();
    void startAndStopTimers();
    void restartOneTimer();
    void fireTimers();
    void toggleNotifiers();
    void deliverNotifiers();
    void idlePasses();

protected:
    void timerEvent(QTimerEvent *) override {}

private:
    void start(int id, int interval) { m_dispatcher->registerTimer(id, interval, Qt::CoarseTimer, this); }

    std::unique_ptr<Application> m_application;
    QAbstractEventDispatcher *m_dispatcher = nullptr; // the interface that all Qt versions have
};

void tst_Allocations::init()
{
    QFETCH_GLOBAL(Poller, poller);
    m_application = std::make_unique<Application>(poller);
    m_dispatcher = m_application->dispatcher();
}

void tst_Allocations::cleanup()
{
    m_dispatcher->unregisterTimers(this);
    m_application.reset();
}

void tst_Allocations::counterCounts()
{
    QVERIFY(allocationsOf([] {
                delete s_kept;
                s_kept = new int;
            }) >= 100);
}

void tst_Allocations::startAndStopTimers()
{
    const std::size_t count = allocationsOf([this] {
        for (int id = 1; id <= 500; ++id)
            start(id, 10'000 + id);
        for (int id = 1; id <= 500; ++id)
            m_dispatcher->unregisterTimer(id);
    });
    QCOMPARE(count, 0u);
}

void tst_Allocations::restartOneTimer()
{
    for (int id = 1; id <= 100; ++id)
        start(id, 10'000);
    int next = 0;
    const std::size_t count = allocationsOf([&] {
        const int id = 1 + next++ % 100;
        m_dispatcher->unregisterTimer(id);
        start(id, 10'000);
    });
    QCOMPARE(count, 0u);
}

void tst_Allocations::fireTimers()
{
    for (int id = 1; id <= 100; ++id)
        start(id, id % 2);
    QCOMPARE(allocationsOf([this] { m_dispatcher->processEvents(QEventLoop::AllEvents); }), 0u);
}

void tst_Allocations::toggleNotifiers()
{
    const SocketPair sockets;
    QSocketNotifier read(sockets.first(), QSocketNotifier::Read);
    QSocketNotifier write(sockets.first(), QSocketNotifier::Write);
    const std::size_t count = allocationsOf([&] {
        for (QSocketNotifier *notifier : {&read, &write}) {
            notifier->setEnabled(false);
            m_dispatcher->processEvents(QEventLoop::AllEvents);
            notifier->setEnabled(true);
            m_dispatcher->processEvents(QEventLoop::AllEvents);
        }
    });
    QCOMPARE(count, 0u);
}

void tst_Allocations::deliverNotifiers()
{
    std::vector<SocketPair> sockets(100);
    std::vector<std::unique_ptr<QSocketNotifier>> notifiers;
    std::size_t activations = 0;
    for (const SocketPair &pair : sockets) {
        pair.write();
        notifiers.push_back(std::make_unique<QSocketNotifier>(pair.first(), QSocketNotifier::Read));
        connect(notifiers.back().get(), &QSocketNotifier::activated, this, [&] { ++activations; });
    }
    QCOMPARE(allocationsOf([this] { m_dispatcher->processEvents(QEventLoop::AllEvents); }), 0u);
    QVERIFY(activations >= 100 * sockets.size());
}

void tst_Allocations::idlePasses()
{
    const std::size_t count = allocationsOf([this] {
        m_dispatcher->wakeUp();
        m_dispatcher->processEvents(QEventLoop::WaitForMoreEvents);
    });
    QCOMPARE(count, 0u);
}

QTEST_APPLESS_MAIN(tst_Allocations)
#include "tst_allocations.moc"
