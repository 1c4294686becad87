// SPDX-License-Identifier: MIT
// What any program may ask of the event dispatcher of a GUI application.
#include "guisession.h"
#include "socketpair.h"
#include "support/tcppair.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtemporaryfile.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <thread>

#include <fcntl.h>
#include <sys/resource.h>

class tst_Loop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void postFromThreadWakesLoop();
    void sleepsWhenIdle();
    void timerIsNeverEarly();
    void timersFireInOrderOfDeadline();
    void timerOfLateStartGetsAhead();
    void stoppedTimerWakesNobody();
    void writeNotifierIsActivatedAtOnce();
    void notifierMadeInHandlerIsServed();
    void regularFileIsAlwaysReady();
    void deviceIsAlwaysReady();
    void outOfBandDataIsExceptional();
    void signalsAreEmittedAroundSleep();
    void interruptEndsWait();

private:
    static void expectAlwaysReady(GuiSession &session, int fd);
};

void tst_Loop::postFromThreadWakesLoop()
{
    GuiSession session;
    int received = 0;
    std::jthread poster([&] {
        for (int i = 0; i < 1000; ++i)
            QMetaObject::invokeMethod(
                qApp,
                [&] {
                    if (++received == 1000)
                        session.finished();
                },
                Qt::QueuedConnection);
    });
    session.run();
    QCOMPARE(received, 1000);
}

long voluntarySwitches()
{
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
}

/// A thread that sleeps is switched from once, and once more for each time that it wakes and sleeps again.
void tst_Loop::sleepsWhenIdle()
{
    GuiSession session;
    SocketPair pair;
    QSocketNotifier idle(pair.near.get(), QSocketNotifier::Read);
    // The first second is for what the application's start left over.
    QTimer::singleShot(1500, qApp, [&] { session.finished(); });
    session.run();
    const long before = voluntarySwitches();
    QTimer::singleShot(2000, qApp, [&] { session.finished(); });
    session.run();
    const long sleeps = voluntarySwitches() - before;
    QVERIFY2(sleeps >= 1 && sleeps <= 4, qPrintable(QString::number(sleeps)));
}

void tst_Loop::timerIsNeverEarly()
{
    GuiSession session;
    for (int interval = 1; interval <= 20; ++interval) {
        QElapsedTimer elapsed;
        elapsed.start();
        QTimer::singleShot(interval, Qt::PreciseTimer, qApp, [&] { session.finished(); });
        session.run();
        QVERIFY2(elapsed.nsecsElapsed() > (interval - 1) * 1'000'000, qPrintable(QString::number(interval)));
    }
}

void tst_Loop::timersFireInOrderOfDeadline()
{
    GuiSession session;
    QList<int> order;
    for (const int interval : {30, 10, 40, 20})
        QTimer::singleShot(interval, qApp, [&order, interval] { order.append(interval); });
    QTimer::singleShot(60, qApp, [&] { session.finished(); });
    session.run();
    QCOMPARE(order, QList<int>({10, 20, 30, 40}));
}

void tst_Loop::timerOfLateStartGetsAhead()
{
    GuiSession session;
    QTimer far;
    far.start(600'000);
    QTimer::singleShot(20, qApp, [&] { QTimer::singleShot(10, qApp, [&] { session.finished(); }); });
    session.run();
    QVERIFY(far.isActive());
}

void tst_Loop::stoppedTimerWakesNobody()
{
    GuiSession session;
    bool fired = false;
    QTimer stopped;
    QObject::connect(&stopped, &QTimer::timeout, qApp, [&] { fired = true; });
    stopped.start(20);
    QTimer::singleShot(5, qApp, [&] { stopped.stop(); });
    QTimer::singleShot(60, qApp, [&] { session.finished(); });
    session.run();
    QVERIFY(!fired);
}

void tst_Loop::writeNotifierIsActivatedAtOnce()
{
    GuiSession session;
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Write);
    notifier.setEnabled(false);
    int activations = 0;
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        notifier.setEnabled(false);
        if (++activations == 5)
            session.finished();
        else
            QTimer::singleShot(activations, &notifier, [&] { notifier.setEnabled(true); });
    });
    notifier.setEnabled(true);
    session.run();
    QCOMPARE(activations, 5);
}

void tst_Loop::notifierMadeInHandlerIsServed()
{
    GuiSession session;
    SocketPair first;
    SocketPair second;
    std::unique_ptr<QSocketNotifier> inner;
    QSocketNotifier outer(first.near.get(), QSocketNotifier::Read);
    QObject::connect(&outer, &QSocketNotifier::activated, qApp, [&] {
        first.take();
        inner = std::make_unique<QSocketNotifier>(second.near.get(), QSocketNotifier::Read);
        QObject::connect(inner.get(), &QSocketNotifier::activated, qApp, [&] {
            second.take();
            session.finished();
        });
        QTimer::singleShot(5, qApp, [&] { second.makeReady(); });
    });
    first.makeReady();
    session.run();
}

void tst_Loop::expectAlwaysReady(GuiSession &session, int fd)
{
    QSocketNotifier notifier(fd, QSocketNotifier::Read);
    int activations = 0;
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        if (++activations == 3)
            session.finished();
    });
    session.run();
    QCOMPARE(activations, 3);
}

void tst_Loop::regularFileIsAlwaysReady()
{
    GuiSession session;
    QTemporaryFile file;
    QVERIFY(file.open());
    expectAlwaysReady(session, file.handle());
}

/// /dev/null: nothing that an epoll set or a kqueue would watch.
void tst_Loop::deviceIsAlwaysReady()
{
    GuiSession session;
    const Flywheel::UniqueFd device(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    expectAlwaysReady(session, device.get());
}

void tst_Loop::outOfBandDataIsExceptional()
{
    GuiSession session;
    const Flywheel::Test::TcpPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Exception);
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        notifier.setEnabled(false);
        session.finished();
    });
    QTimer::singleShot(5, qApp, [&] { QCOMPARE(::send(sockets.second(), "!", 1, MSG_OOB), ssize_t(1)); });
    session.run();
}

void tst_Loop::signalsAreEmittedAroundSleep()
{
    GuiSession session;
    int blocked = 0;
    int awoke = 0;
    auto *dispatcher = QCoreApplication::eventDispatcher();
    QObject::connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, qApp, [&] { ++blocked; });
    QObject::connect(dispatcher, &QAbstractEventDispatcher::awake, qApp, [&] { ++awoke; });
    QTimer::singleShot(20, qApp, [&] { session.finished(); });
    session.run();
    QVERIFY(blocked > 0);
    QVERIFY(awoke > 0);
    dispatcher->disconnect();
    const int before = blocked;
    QTimer::singleShot(20, qApp, [&] { session.finished(); });
    session.run();
    QCOMPARE(blocked, before);
}

void tst_Loop::interruptEndsWait()
{
    GuiSession session;
    auto *dispatcher = QCoreApplication::eventDispatcher();
    QCoreApplication::processEvents();
    std::jthread interrupter([dispatcher] {
        std::this_thread::sleep_for(
            std::chrono::milliseconds(20)); // most likely it sleeps by then; right either way
        dispatcher->interrupt();
    });
    dispatcher->processEvents(QEventLoop::WaitForMoreEvents);
}

QTEST_APPLESS_MAIN(tst_Loop)
#include "tst_loop.moc"
