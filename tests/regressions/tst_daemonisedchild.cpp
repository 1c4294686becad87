// SPDX-License-Identifier: MIT
// A daemon forks and closes every descriptor: its loop loses all of its own, too.
#include "support/application.h"
#include "support/child.h"
#include "support/handler.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <memory>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_DaemonisedChild : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void newLoopWorks();
    void oldLoopGoesOn();
    void oldLoopGoesOnWithoutFork();
    void parentKeepsItsLoop();

private:
    static bool loopWorks();
};

bool tst_DaemonisedChild::loopWorks()
{
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    Handler handler;
    std::size_t received = 0;
    int fired = 0;
    int posted = 0;
    connect(&notifier, &QSocketNotifier::activated, &notifier, [&] { received += sockets.drain(); });
    handler.onTimer = [&](int) { ++fired; };
    handler.onPosted = [&] { ++posted; };
    const int id = handler.startTimer(1ms);
    processUntil([&] { return fired >= 3; });
    handler.killTimer(id);
    sockets.write();
    processUntil([&] { return received == 1; });
    std::thread poster([&] {
        std::this_thread::sleep_for(5ms); // so that the loop sleeps
        handler.post();
    });
    processUntil([&] { return posted == 1; });
    poster.join();
    return true;
}

void tst_DaemonisedChild::newLoopWorks()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    auto application = std::make_unique<Application>(poller);
    QVERIFY(loopWorks());
    QVERIFY(succeedsInChild([&, poller] {
        closeAllDescriptors();
        application.reset();
        application = std::make_unique<Application>(poller);
        return loopWorks();
    }));
}

void tst_DaemonisedChild::oldLoopGoesOn()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    QVERIFY(loopWorks());
    QVERIFY(succeedsInChild([&] {
        closeAllDescriptors();
        processUntil([&] { return !notifier.isEnabled(); }); // its descriptor is gone, and that is noticed
        return loopWorks();
    }));
}

void tst_DaemonisedChild::oldLoopGoesOnWithoutFork()
{
    // In a child only so that the test itself keeps its descriptors; the loop is the child's own.
    QFETCH_GLOBAL(Poller, poller);
    QVERIFY(succeedsInChild([poller] {
        const Application application(poller);
        const SocketPair sockets;
        QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
        if (!loopWorks())
            return false;
        closeAllDescriptors();
        processUntil([&] { return !notifier.isEnabled(); });
        return loopWorks();
    }));
}

void tst_DaemonisedChild::parentKeepsItsLoop()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    QVERIFY(loopWorks());
    QVERIFY(succeedsInChild([] {
        closeAllDescriptors();
        return loopWorks();
    }));
    QVERIFY(loopWorks());
}

QTEST_APPLESS_MAIN(tst_DaemonisedChild)
#include "tst_daemonisedchild.moc"
