// SPDX-License-Identifier: MIT
// A descriptor is closed while its notifier is enabled: Qt's warning, the notifier is disabled, the loop goes
// on.
#include "support/application.h"
#include "support/handler.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ClosedDescriptor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void beforeFirstPass_data() { addTypeRows(); }
    void beforeFirstPass();
    void inIdleLoop_data() { addTypeRows(); }
    void inIdleLoop();
    void inBusyLoop();
    void withDuplicateAlive();
    void whenInterestChanges();
    void inHandlerOfItsNotifier();
    void othersGoOn();

private:
    void addTypeRows()
    {
        QTest::addColumn<QSocketNotifier::Type>("type");
        QTest::newRow("Read") << QSocketNotifier::Read;
        QTest::newRow("Write") << QSocketNotifier::Write;
        QTest::newRow("Exception") << QSocketNotifier::Exception;
    }
    static void expectWarning(int fd, const char *type)
    {
        const QByteArray text = "QSocketNotifier: Invalid socket " + QByteArray::number(fd) + " with type " +
                                type + ", disabling...";
        QTest::ignoreMessage(QtWarningMsg, text.constData());
    }
};

void tst_ClosedDescriptor::beforeFirstPass()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    QFETCH(QSocketNotifier::Type, type);
    const Application application(poller);
    SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), type);
    expectWarning(sockets.first(), QTest::currentDataTag());
    sockets.closeFirst();
    processUntil([&] { return !notifier.isEnabled(); });
}

void tst_ClosedDescriptor::inIdleLoop()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    QFETCH(QSocketNotifier::Type, type);
    const Application application(poller);
    SocketPair sockets;
    sockets.fill(); // neither readable nor writable
    QSocketNotifier notifier(sockets.first(), type);
    QCoreApplication::processEvents();
    expectWarning(sockets.first(), QTest::currentDataTag());
    sockets.closeFirst();
    processUntil([&] { return !notifier.isEnabled(); });
}

void tst_ClosedDescriptor::inBusyLoop()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    Handler handler;
    handler.startTimer(0); // the loop never blocks
    SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    expectWarning(sockets.first(), "Read");
    sockets.closeFirst();
    processUntil([&] { return !notifier.isEnabled(); });
}

void tst_ClosedDescriptor::withDuplicateAlive()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    SocketPair sockets;
    const UniqueFd duplicate(::dup(sockets.first()));
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    expectWarning(sockets.first(), "Read");
    sockets.closeFirst();
    sockets.write(); // epoll goes on reporting the duplicate's readiness under the old number
    processUntil([&] { return !notifier.isEnabled(); });
}

void tst_ClosedDescriptor::whenInterestChanges()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    expectWarning(sockets.first(), "Read");
    sockets.closeFirst();
    notifier.setEnabled(false);
    notifier.setEnabled(true);
    QCoreApplication::processEvents(); // at once
    QVERIFY(!notifier.isEnabled());
}

void tst_ClosedDescriptor::inHandlerOfItsNotifier()
{
    // The usual mistake: close first, delete the notifier afterwards. No warning in between, no more
    // activations.
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    const Application application(poller);
    SocketPair sockets;
    auto *notifier = new QSocketNotifier(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(notifier, &QSocketNotifier::activated, this, [&] {
        ++activations;
        sockets.closeFirst();
        delete notifier;
    });
    sockets.write();
    processUntil([&] { return activations > 0; });
    for (int i = 0; i < 3; ++i)
        QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
}

void tst_ClosedDescriptor::othersGoOn()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    SocketPair closed;
    const SocketPair open;
    QSocketNotifier closedNotifier(closed.first(), QSocketNotifier::Read);
    QSocketNotifier openNotifier(open.first(), QSocketNotifier::Read);
    std::size_t received = 0;
    connect(&openNotifier, &QSocketNotifier::activated, this, [&] { received += open.drain(); });
    QCoreApplication::processEvents();
    expectWarning(closed.first(), "Read");
    closed.closeFirst();
    processUntil([&] { return !closedNotifier.isEnabled(); });
    open.write();
    processUntil([&] { return received == 1; });
    QVERIFY(openNotifier.isEnabled());
}

QTEST_APPLESS_MAIN(tst_ClosedDescriptor)
#include "tst_closeddescriptor.moc"
