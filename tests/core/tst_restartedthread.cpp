// SPDX-License-Identifier: MIT
// A QThread that ends and starts again: what was registered in it goes on. (With Qt's dispatchers it stays
// dead, although isActive() and isEnabled() say otherwise.)
#include "support/application.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <memory>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

void run(QThread &thread)
{
    QVERIFY(install(thread));
    thread.start();
}

void end(QThread &thread)
{
    thread.quit();
    QVERIFY(thread.wait(20'000));
}

/// Calls \a function in \a context's thread and waits for it.
template <typename Function>
void inThread(QObject *context, Function function)
{
    QMetaObject::invokeMethod(context, function, Qt::BlockingQueuedConnection);
}

std::size_t timersOf(QThread &thread, QObject *object)
{
    std::size_t count = 0;
#if FLYWHEEL_HAS_NANOSECOND_TIMERS
    inThread(object,
             [&] { count = std::size_t(EventDispatcher::of(&thread)->timersForObject(object).size()); });
#else
    inThread(object,
             [&] { count = std::size_t(EventDispatcher::of(&thread)->registeredTimers(object).size()); });
#endif
    return count;
}

class Worker final : public QObject
{
public:
    std::atomic<int> ticks{0};

protected:
    void timerEvent(QTimerEvent *) override { ++ticks; }
};

} // namespace

class tst_RestartedThread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timersGoOn();
    void notifiersGoOn();
    void deletedObjectsStayDeleted();
    void stoppedTimersStayStopped();
    void everyRunBeginsWhereTheLastOneEnded();
    void otherThreadGetsNothing();
};

void tst_RestartedThread::timersGoOn()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    run(thread);
    Worker worker;
    worker.moveToThread(&thread);
    inThread(&worker, [&] { worker.startTimer(1ms, Qt::PreciseTimer); });
    QTRY_VERIFY(worker.ticks > 0);
    end(thread);
    worker.ticks = 0;
    run(thread);
    QTRY_VERIFY(worker.ticks > 2);
    QCOMPARE(timersOf(thread, &worker), std::size_t(1));
    end(thread);
}

void tst_RestartedThread::notifiersGoOn()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    run(thread);
    const SocketPair sockets;
    QObject context;
    context.moveToThread(&thread);
    std::unique_ptr<QSocketNotifier> notifier;
    std::atomic<int> activations{0};
    inThread(&context, [&] {
        notifier = std::make_unique<QSocketNotifier>(sockets.first(), QSocketNotifier::Read);
        connect(notifier.get(), &QSocketNotifier::activated, &context, [&] {
            sockets.drain();
            ++activations;
        });
    });
    end(thread);
    sockets.write();
    run(thread);
    QTRY_COMPARE(activations.load(), 1);
    inThread(&context, [&] { notifier.reset(); });
    end(thread);
}

void tst_RestartedThread::deletedObjectsStayDeleted()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    run(thread);
    QObject context;
    context.moveToThread(&thread);
    const SocketPair sockets;
    auto beforeTheEnd = std::make_unique<Worker>();
    auto afterTheEnd = std::make_unique<Worker>();
    std::unique_ptr<QSocketNotifier> notifier;
    for (Worker *worker : {beforeTheEnd.get(), afterTheEnd.get()}) {
        worker->moveToThread(&thread);
        inThread(&context, [worker] { worker->startTimer(1h); });
    }
    inThread(&context,
             [&] { notifier = std::make_unique<QSocketNotifier>(sockets.first(), QSocketNotifier::Read); });
    // By another thread than theirs: a mistake that Qt warns of, and that tells the loop nothing.
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Timers cannot be stopped")));
    beforeTheEnd.reset();
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("cannot be enabled or disabled from another")));
    notifier.reset();
    end(thread);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Timers cannot be stopped")));
    afterTheEnd.reset();
    run(thread);
    QCOMPARE(timersOf(thread, &context), std::size_t(0));
    end(thread);
}

void tst_RestartedThread::stoppedTimersStayStopped()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    run(thread);
    QTimer timer;
    timer.moveToThread(&thread);
    inThread(&timer, [&] { timer.start(1h); });
    end(thread);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Timers cannot be stopped")));
    timer.stop();
    run(thread);
    QCOMPARE(timersOf(thread, &timer), std::size_t(0));
    end(thread);
}

void tst_RestartedThread::everyRunBeginsWhereTheLastOneEnded()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    Worker worker;
    worker.moveToThread(&thread);
    run(thread);
    inThread(&worker, [&] { worker.startTimer(1h); });
    for (int i = 0; i < 3; ++i) {
        end(thread);
        run(thread);
        QCOMPARE(timersOf(thread, &worker), std::size_t(1));
    }
    inThread(&worker, [&] {
        worker.startTimer(2h);
        worker.moveToThread(worker.thread()); // nothing
    });
    end(thread);
    run(thread);
    QCOMPARE(timersOf(thread, &worker), std::size_t(2));
    end(thread);
}

void tst_RestartedThread::otherThreadGetsNothing()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    Worker worker;
    {
        QThread thread;
        run(thread);
        worker.moveToThread(&thread);
        inThread(&worker, [&] {
            worker.startTimer(1h);
            worker.moveToThread(QCoreApplication::instance()->thread());
        });
        end(thread);
        run(thread);
        QObject context;
        context.moveToThread(&thread);
        QCOMPARE(timersOf(thread, &context), std::size_t(0));
        end(thread);
    }
    QVERIFY(worker.thread() == QThread::currentThread());
}

QTEST_APPLESS_MAIN(tst_RestartedThread)
#include "tst_restartedthread.moc"
