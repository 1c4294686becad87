// SPDX-License-Identifier: MIT
// Regular files and /dev/null can't be polled (epoll_ctl(2): EPERM). poll(2) reports them as always readable
// and writable, never as exceptional, and so does every loop.
#include "support/application.h"
#include "support/handler.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <utility>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_UnpollableFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void readableAndWritableInEachPass_data() { addFileRows(); }
    void readableAndWritableInEachPass();
    void neverExceptional_data() { addFileRows(); }
    void neverExceptional();
    void silentOnceDisabled_data() { addFileRows(); }
    void silentOnceDisabled();
    void restOfLoopGoesOn_data() { addFileRows(); }
    void restOfLoopGoesOn();
    void closedBehindTheLoopsBack_data() { addFileRows(); }
    void closedBehindTheLoopsBack();
    void replacedBySocket_data() { addFileRows(); }
    void replacedBySocket();

private:
    static void addFileRows()
    {
        QTest::addColumn<bool>("regular");
        QTest::newRow("regular file") << true;
        QTest::newRow("/dev/null") << false;
    }
    static UniqueFd open()
    {
        QFETCH(bool, regular);
        if (!regular)
            return UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));
        char name[] = "/tmp/flywheel-test-XXXXXX";
        UniqueFd file(::mkstemp(name));
        ::unlink(name);
        return file;
    }
    void count(QSocketNotifier &notifier, int &activations)
    {
        connect(&notifier, &QSocketNotifier::activated, this, [&activations] { ++activations; });
    }
};

void tst_UnpollableFiles::readableAndWritableInEachPass()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const UniqueFd file = open();
    QSocketNotifier read(file.get(), QSocketNotifier::Read);
    QSocketNotifier write(file.get(), QSocketNotifier::Write);
    int reads = 0;
    int writes = 0;
    count(read, reads);
    count(write, writes);
    for (int passes = 1; passes <= 5; ++passes) {
        QVERIFY(QCoreApplication::eventDispatcher()->processEvents(QEventLoop::WaitForMoreEvents));
        QCOMPARE(reads, passes);
        QCOMPARE(writes, passes);
    }
}

void tst_UnpollableFiles::neverExceptional()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const UniqueFd file = open();
    QSocketNotifier notifier(file.get(), QSocketNotifier::Exception);
    Handler handler;
    int activations = 0;
    int fired = 0;
    count(notifier, activations);
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(20ms, Qt::PreciseTimer);
    processUntil([&] { return fired == 2; });
    QCOMPARE(activations, 0);
}

void tst_UnpollableFiles::silentOnceDisabled()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const UniqueFd file = open();
    QSocketNotifier notifier(file.get(), QSocketNotifier::Read);
    int activations = 0;
    count(notifier, activations);
    QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
    notifier.setEnabled(false);
    QVERIFY(!QCoreApplication::eventDispatcher()->processEvents(QEventLoop::AllEvents));
    QCOMPARE(activations, 1);
    notifier.setEnabled(true);
    QCoreApplication::processEvents();
    QCOMPARE(activations, 2);
}

void tst_UnpollableFiles::restOfLoopGoesOn()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const UniqueFd file = open();
    const SocketPair sockets;
    QSocketNotifier notifier(file.get(), QSocketNotifier::Read);
    QSocketNotifier other(sockets.first(), QSocketNotifier::Read);
    Handler handler;
    int activations = 0;
    int fired = 0;
    int posted = 0;
    count(other, activations);
    handler.onTimer = [&](int) { ++fired; };
    handler.onPosted = [&] { ++posted; };
    handler.startTimer(2ms);
    handler.post();
    sockets.write();
    processUntil([&] { return fired >= 2 && activations >= 2 && posted == 1; });
}

void tst_UnpollableFiles::closedBehindTheLoopsBack()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    UniqueFd file = open();
    QSocketNotifier notifier(file.get(), QSocketNotifier::Read);
    QCoreApplication::processEvents();
    const QByteArray warning =
        "QSocketNotifier: Invalid socket " + QByteArray::number(file.get()) + " with type Read, disabling...";
    QTest::ignoreMessage(QtWarningMsg, warning.constData());
    file.reset();
    processUntil([&] { return !notifier.isEnabled(); });
}

void tst_UnpollableFiles::replacedBySocket()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const UniqueFd file = open();
    const SocketPair sockets;
    QSocketNotifier notifier(file.get(), QSocketNotifier::Read);
    int activations = 0;
    count(notifier, activations);
    QCoreApplication::processEvents();
    ::dup2(sockets.first(), file.get());
    Handler beat;
    int atLastBeat = -1;
    bool silent = false;
    beat.onTimer = [&](int) { silent = std::exchange(atLastBeat, activations) == activations; };
    beat.startTimer(20ms);
    processUntil([&] { return silent; });
    sockets.write();
    const int before = activations;
    processUntil([&] { return activations > before; });
}

QTEST_APPLESS_MAIN(tst_UnpollableFiles)
#include "tst_unpollablefiles.moc"
