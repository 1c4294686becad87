// SPDX-License-Identifier: MIT
// The process is out of descriptors (EMFILE): loops are made and go on all the same.
#include "poller/poller.h"
#include "support/application.h"
#include "support/child.h"
#include "support/descriptorlimit.h"
#include "support/handler.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <optional>
#include <thread>

#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ExhaustedDescriptors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsAndIsWholeLater_data() { addPollerRows(); }
    void startsAndIsWholeLater();
    void wakeUpsArriveWithoutDescriptors();
    void timersAreNotEarlyWithoutDescriptors();
    void notifiersWorkWithoutDescriptors();
    void renewingKeepsNotifiers();
    void forkedChildWaitsForDescriptors_data() { addPollerRows(); }
    void forkedChildWaitsForDescriptors();
};

void tst_ExhaustedDescriptors::startsAndIsWholeLater()
{
    // Made without a descriptor to be had: everything works, a bit late, and at full speed once there are
    // some.
    const Watchdog watchdog;
    QFETCH(Poller, poller);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("cannot wait: .*ulimit -n")));
    const SocketPair sockets;
    std::optional<DescriptorLimit> limit(std::in_place);
    const Application application(poller);
    QVERIFY(application.dispatcher()->poller() == poller);
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    std::size_t received = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { received += sockets.drain(); });
    Handler handler;
    handler.startTimer(20ms, Qt::PreciseTimer); // for waits that take time
    for (std::size_t i = 1; i <= 6; ++i) {
        if (i == 4)
            limit.reset();
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        sockets.write();
        processUntil([&] { return received == i; });
    }
}

void tst_ExhaustedDescriptors::wakeUpsArriveWithoutDescriptors()
{
    const Watchdog watchdog;
    std::optional<DescriptorLimit> limit(std::in_place);
    const Application application(Poller::Poll);
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    for (int i = 1; i <= 4; ++i) {
        std::thread poster([&] {
            std::this_thread::sleep_for(5ms); // so that the loop sleeps in most of the runs
            handler.post();
        });
        processUntil([&] { return posted == i; });
        poster.join();
        if (i == 2)
            limit.reset(); // from here on with a descriptor
    }
}

void tst_ExhaustedDescriptors::timersAreNotEarlyWithoutDescriptors()
{
    const Watchdog watchdog;
    const DescriptorLimit limit;
    const Application application(Poller::Poll);
    Handler handler;
    bool fired = false;
    handler.onTimer = [&](int) { fired = true; };
    const Instant start = steadyNow();
    handler.startTimer(35ms, Qt::PreciseTimer);
    processUntil([&] { return fired; });
    QVERIFY(steadyNow() - start >= 35ms);
}

void tst_ExhaustedDescriptors::notifiersWorkWithoutDescriptors()
{
    const Watchdog watchdog;
    const SocketPair sockets;
    const DescriptorLimit limit;
    const Application application(Poller::Poll);
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    sockets.write();
    processUntil([&] { return activations > 0; });
}

void tst_ExhaustedDescriptors::renewingKeepsNotifiers()
{
    // A closed descriptor that lives on as a duplicate makes the loop renew its set, which takes descriptors.
    const Watchdog watchdog;
    QTest::failOnWarning(QRegularExpression(QStringLiteral("Invalid socket")));
    const Application application(availablePollers().front());
    SocketPair closed;
    const SocketPair kept;
    const UniqueFd duplicate(::dup(closed.first()));
    std::optional<QSocketNotifier> stale(std::in_place, closed.first(), QSocketNotifier::Read);
    QSocketNotifier notifier(kept.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this,
            [&] { activations += static_cast<int>(kept.drain()); });
    QCoreApplication::processEvents();
    closed.closeFirst();
    const DescriptorLimit limit;
    stale.reset();
    closed.write(); // the duplicate is readable
    for (int i = 1; i <= 3; ++i) {
        kept.write();
        processUntil([&] { return activations == i; });
    }
    QVERIFY(notifier.isEnabled());
}

void tst_ExhaustedDescriptors::forkedChildWaitsForDescriptors()
{
    QFETCH(Poller, poller);
    const Application application(poller);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    Handler handler;
    int activations = 0;
    int fired = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    handler.onTimer = [&](int) { ++fired; };
    QCoreApplication::processEvents();

    const bool childWorked = succeedsInChild([&] {
        std::optional<DescriptorLimit> limit(std::in_place);
        handler.startTimer(1ms, Qt::PreciseTimer);
        processUntil([&] { return fired >= 20; });
        if (!notifier.isEnabled())
            return false;
        limit.reset();
        sockets.write();
        processUntil([&] { return activations > 0; });
        return true;
    });
    QVERIFY(childWorked);
}

QTEST_APPLESS_MAIN(tst_ExhaustedDescriptors)
#include "tst_exhausteddescriptors.moc"
