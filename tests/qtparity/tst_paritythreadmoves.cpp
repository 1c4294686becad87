// SPDX-License-Identifier: MIT
// moveToThread(): timers and notifiers go along.
#include "parityloop.h"
#include "support/socketpair.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qsemaphore.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <optional>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_ParityThreadMoves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void runningTimer();
    void runningTimerThereAndBack();
    void timerKeepsItsIntervalAndType();
    void enabledNotifier();
    void disabledNotifier();
    void postedEventsGoAlong();
    void intoThreadThatIsNotRunning();

private:
    static void start(QThread &thread)
    {
        ParityLoop::setUp(thread);
        thread.start();
    }
    static void finish(QThread &thread)
    {
        thread.quit();
        thread.wait();
    }
    /// Brings \a object back: only its own thread may do that.
    void fetch(QObject &object)
    {
        QThread *const home = QThread::currentThread();
        QMetaObject::invokeMethod(
            &object, [&] { object.moveToThread(home); }, Qt::BlockingQueuedConnection);
    }

    std::optional<ParityLoop> m_loop;
};

void tst_ParityThreadMoves::runningTimer()
{
    QThread thread;
    start(thread);
    QTimer timer;
    QSemaphore ticks;
    std::atomic<QThread *> where{nullptr};
    connect(&timer, &QTimer::timeout, &timer, [&] {
        where = QThread::currentThread();
        ticks.release();
    });
    timer.start(1);
    const int id = timer.timerId();
    timer.moveToThread(&thread);
    QVERIFY(ticks.tryAcquire(5, 10'000));
    QCOMPARE(where.load(), &thread);
    QVERIFY(m_loop->dispatcher()->registeredTimers(&timer).isEmpty());
    fetch(timer);
    QCOMPARE(timer.timerId(), id);
    finish(thread);
}

void tst_ParityThreadMoves::runningTimerThereAndBack()
{
    QThread thread;
    start(thread);
    QTimer timer;
    int here = 0;
    QThread *const home = QThread::currentThread();
    connect(&timer, &QTimer::timeout, &timer, [&] { here += QThread::currentThread() == home; });
    timer.start(1);
    for (int i = 1; i <= 5; ++i) {
        timer.moveToThread(&thread);
        fetch(timer);
        const int before = here;
        m_loop->runUntil([&] { return here > before; });
    }
    finish(thread);
}

void tst_ParityThreadMoves::timerKeepsItsIntervalAndType()
{
    QThread thread;
    start(thread);
    QTimer timer;
    timer.setTimerType(Qt::CoarseTimer);
    timer.start(12'345);
    timer.moveToThread(&thread);
    QList<QAbstractEventDispatcher::TimerInfo> timers;
    // Queued behind the call that starts the timer there.
    QMetaObject::invokeMethod(
        &timer, [&] { timers = QAbstractEventDispatcher::instance()->registeredTimers(&timer); },
        Qt::BlockingQueuedConnection);
    QCOMPARE(timers.size(), 1);
    QCOMPARE(timers.front().interval, 12'345);
    QCOMPARE(timers.front().timerType, Qt::CoarseTimer);
    fetch(timer);
    finish(thread);
}

void tst_ParityThreadMoves::enabledNotifier()
{
    QThread thread;
    start(thread);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    QSemaphore activated;
    std::atomic<QThread *> where{nullptr};
    connect(&notifier, &QSocketNotifier::activated, &notifier, [&] {
        where = QThread::currentThread();
        sockets.drain();
        activated.release();
    });
    m_loop->pass(); // registered here
    notifier.moveToThread(&thread);
    for (int i = 0; i < 3; ++i) {
        sockets.write();
        QVERIFY(activated.tryAcquire(1, 10'000));
        QCOMPARE(where.load(), &thread);
    }
    fetch(notifier);
    finish(thread);
    sockets.write();
    m_loop->runUntil([&] { return where == QThread::currentThread(); });
}

void tst_ParityThreadMoves::disabledNotifier()
{
    QThread thread;
    start(thread);
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    notifier.setEnabled(false);
    std::atomic<int> activations{0};
    connect(&notifier, &QSocketNotifier::activated, &notifier, [&] { ++activations; });
    sockets.write();
    notifier.moveToThread(&thread);
    for (int i = 0; i < 10; ++i)
        QMetaObject::invokeMethod(
            &notifier, [] {}, Qt::BlockingQueuedConnection);
    QCOMPARE(activations.load(), 0);
    fetch(notifier);
    finish(thread);
}

void tst_ParityThreadMoves::postedEventsGoAlong()
{
    QThread thread;
    start(thread);
    QObject object;
    QSemaphore done;
    std::atomic<QThread *> where{nullptr};
    QMetaObject::invokeMethod(
        &object,
        [&] {
            where = QThread::currentThread();
            done.release();
        },
        Qt::QueuedConnection);
    object.moveToThread(&thread);
    QVERIFY(done.tryAcquire(1, 10'000));
    QCOMPARE(where.load(), &thread);
    fetch(object);
    finish(thread);
}

void tst_ParityThreadMoves::intoThreadThatIsNotRunning()
{
    QThread thread;
    QTimer timer;
    QSemaphore ticks;
    connect(&timer, &QTimer::timeout, &timer, [&] { ticks.release(); });
    timer.start(1);
    timer.moveToThread(&thread);
    start(thread);
    QVERIFY(ticks.tryAcquire(3, 10'000));
    fetch(timer);
    finish(thread);
}

QTEST_APPLESS_MAIN(tst_ParityThreadMoves)
#include "tst_paritythreadmoves.moc"
