// SPDX-License-Identifier: MIT
// fork(2) without exec: parent and child share their descriptors, an epoll set among them, but not their
// loops.
#include "support/application.h"
#include "support/child.h"
#include "support/handler.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ForkedChild : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void loopOfChildWorks();
    void disablingInChildDoesNotSilenceParent();
    void enablingInChildDoesNotReachParent();
    void wakeUpsOfChildDoNotEndPassOfParent();
    void childDoesNotStealWakeUpsOfParent();
    void forkInsideHandler();
    void grandchild();

private:
    /// Posts from another thread and takes, many times.
    static bool hop(int count)
    {
        Handler handler;
        int posted = 0;
        handler.onPosted = [&] { ++posted; };
        std::atomic<int> taken{0};
        std::thread poster([&] {
            for (int i = 0; i < count; ++i) {
                while (taken.load() < i)
                    std::this_thread::yield();
                handler.post();
            }
        });
        processUntil([&] {
            taken.store(posted);
            return posted == count;
        });
        poster.join();
        QCoreApplication::processEvents(); // takes the last wake-up, which may come after its post was taken
        return posted == count;
    }
};

void tst_ForkedChild::loopOfChildWorks()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    Handler handler;
    std::size_t received = 0;
    int fired = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { received += sockets.drain(); });
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(1ms);
    processUntil([&] { return fired > 0; });

    QVERIFY(succeedsInChild([&] {
        fired = 0;
        processUntil([&] { return fired >= 3; }); // a timer of before the fork
        sockets.write();
        processUntil([&] { return received == 1; }); // a notifier of before the fork
        return hop(20);
    }));
    fired = 0;
    sockets.write();
    processUntil([&] { return fired >= 3 && received == 1; });
    QVERIFY(hop(20));
}

void tst_ForkedChild::disablingInChildDoesNotSilenceParent()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    QCoreApplication::processEvents();
    QVERIFY(succeedsInChild([&] {
        notifier.setEnabled(false);
        QCoreApplication::processEvents();
        sockets.write();
        QCoreApplication::processEvents();
        return activations == 0;
    }));
    QCoreApplication::processEvents();
    QCOMPARE(activations, 1);
}

void tst_ForkedChild::enablingInChildDoesNotReachParent()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    notifier.setEnabled(false);
    int activations = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    QCoreApplication::processEvents();
    sockets.write();
    QVERIFY(succeedsInChild([&] {
        notifier.setEnabled(true);
        QCoreApplication::processEvents();
        return activations == 1;
    }));
    QVERIFY(!QCoreApplication::eventDispatcher()->processEvents(QEventLoop::AllEvents));
    QCOMPARE(activations, 0);
}

void tst_ForkedChild::wakeUpsOfChildDoNotEndPassOfParent()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    QVERIFY(hop(2)); // the descriptor for wake-ups exists by now
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(20);
        ::_exit(hop(500) ? 0 : 1);
    }
    Handler handler;
    bool fired = false;
    handler.onTimer = [&](int) { fired = true; };
    handler.startTimer(200ms, Qt::PreciseTimer);
    QVERIFY(QCoreApplication::eventDispatcher()->processEvents(QEventLoop::WaitForMoreEvents));
    QVERIFY(fired);
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
}

void tst_ForkedChild::childDoesNotStealWakeUpsOfParent()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    QVERIFY(hop(2));
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(20);
        ::_exit(hop(1000) ? 0 : 1);
    }
    QVERIFY(hop(1000));
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
}

void tst_ForkedChild::forkInsideHandler()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    const SocketPair sockets;
    const SocketPair others;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    QSocketNotifier other(others.first(), QSocketNotifier::Read);
    std::size_t received = 0;
    bool childWorked = false;
    connect(&notifier, &QSocketNotifier::activated, this, [&] {
        sockets.drain();
        childWorked = succeedsInChild([&] {
            QCoreApplication::processEvents(); // nested
            others.write();
            processUntil([&] { return received == 1; });
            return hop(20);
        });
    });
    connect(&other, &QSocketNotifier::activated, this, [&] { received += others.drain(); });
    sockets.write();
    QCoreApplication::processEvents();
    QVERIFY(childWorked);
    others.write();
    processUntil([&] { return received == 1; });
}

void tst_ForkedChild::grandchild()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    QVERIFY(hop(2));
    QVERIFY(succeedsInChild([&] { return hop(2) && succeedsInChild([] { return hop(20); }) && hop(20); }));
    QVERIFY(hop(20));
}

QTEST_APPLESS_MAIN(tst_ForkedChild)
#include "tst_forkedchild.moc"
