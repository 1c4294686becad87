// SPDX-License-Identifier: MIT
// Numbers of descriptors are reused at once: readiness of a closed file must not reach the notifier of the
// next one, and the next one must be watched.
#include "support/application.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <memory>
#include <optional>
#include <vector>

#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_ReusedDescriptor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void notifierDeletedThenFileReplaced();
    void fileReplacedThenNotifierToggled();
    void fileReplacedThenNotifierMadeAnew();
    void fileReplacedUnderEnabledNotifier();
    void fileReplacedAmongManyInIdleLoop();
    void duplicateOfOldFileStaysSilent();
    void duplicateOfOldFileDoesNotSpin();
    void replacedManyTimes();

private:
    /// Closes the number and makes it mean another file.
    static void replace(int number, int file) { ::dup2(file, number); }
};

void tst_ReusedDescriptor::notifierDeletedThenFileReplaced()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair before;
    const SocketPair now;
    std::optional<QSocketNotifier> notifier(std::in_place, before.first(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    notifier.reset();
    replace(before.first(), now.first());
    notifier.emplace(before.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&*notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    now.write();
    QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
}

void tst_ReusedDescriptor::fileReplacedThenNotifierToggled()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair before;
    const SocketPair now;
    QSocketNotifier notifier(before.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    QCoreApplication::processEvents();
    replace(before.first(), now.first());
    notifier.setEnabled(false);
    notifier.setEnabled(true);
    now.write();
    QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
}

void tst_ReusedDescriptor::fileReplacedThenNotifierMadeAnew()
{
    // The order that code gets wrong: the new notifier is made before the old one is gone.
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair before;
    const SocketPair now;
    auto old = std::make_unique<QSocketNotifier>(before.first(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    replace(before.first(), now.first());
    const QByteArray warning = "QSocketNotifier: Multiple socket notifiers for same socket " +
                               QByteArray::number(before.first()) + " and type Read";
    QTest::ignoreMessage(QtWarningMsg, warning.constData());
    QSocketNotifier notifier(before.first(), QSocketNotifier::Read);
    QTest::ignoreMessage(QtWarningMsg, warning.constData());
    old.reset();
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    now.write();
    QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
}

void tst_ReusedDescriptor::fileReplacedUnderEnabledNotifier()
{
    // As with poll(2), the notifier belongs to the number.
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair before;
    const SocketPair now;
    QSocketNotifier notifier(before.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    QCoreApplication::processEvents();
    replace(before.first(), now.first());
    now.write();
    processUntil([&] { return activations > 0; });
}

void tst_ReusedDescriptor::fileReplacedAmongManyInIdleLoop()
{
    // Nothing else happens that would wake the loop.
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    constexpr std::size_t Count = 200;
    const std::vector<SocketPair> sockets(Count);
    std::vector<std::unique_ptr<QSocketNotifier>> notifiers;
    std::size_t activated = Count;
    for (std::size_t i = 0; i < Count; ++i) {
        notifiers.push_back(std::make_unique<QSocketNotifier>(sockets[i].first(), QSocketNotifier::Read));
        connect(notifiers.back().get(), &QSocketNotifier::activated, this, [&, i] {
            activated = i;
            notifiers[i]->setEnabled(false);
        });
    }
    QCoreApplication::processEvents();
    for (const std::size_t place : {std::size_t(1), Count - 1, Count / 2}) {
        const SocketPair now;
        now.write();
        QTimer::singleShot(0, this, [&] { replace(sockets[place].first(), now.first()); });
        processUntil([&] { return activated == place; });
    }
}

void tst_ReusedDescriptor::duplicateOfOldFileStaysSilent()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair before;
    const SocketPair now;
    const UniqueFd duplicate(::dup(before.first()));
    std::optional<QSocketNotifier> notifier(std::in_place, before.first(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    notifier.reset();
    replace(before.first(), now.first());
    notifier.emplace(before.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&*notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    before.write(); // the duplicate becomes readable
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
    QCOMPARE(activations, 0);
    now.write();
    QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
}

void tst_ReusedDescriptor::duplicateOfOldFileDoesNotSpin()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    SocketPair before;
    const UniqueFd duplicate(::dup(before.first()));
    std::optional<QSocketNotifier> notifier(std::in_place, before.first(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    before.closeFirst();
    notifier.reset();
    before.write();
    QTimer timer;
    timer.start(100);
    int passes = 0;
    bool fired = false;
    connect(&timer, &QTimer::timeout, this, [&] { fired = true; });
    for (; !fired; ++passes)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QVERIFY2(passes <= 5, QByteArray::number(passes).constData());
}

void tst_ReusedDescriptor::replacedManyTimes()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    int activations = 0;
    for (int i = 1; i <= 200; ++i) {
        const SocketPair sockets; // the same numbers each time
        QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
        connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
        sockets.write();
        QCoreApplication::processEvents();
        QCOMPARE(activations, i);
    }
}

QTEST_APPLESS_MAIN(tst_ReusedDescriptor)
#include "tst_reuseddescriptor.moc"
