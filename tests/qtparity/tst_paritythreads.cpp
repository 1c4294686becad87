// SPDX-License-Identifier: MIT
// Threads whose loops run on the row's dispatcher; what they share with the test are atomics and Qt's own
// queues.
#include "parityloop.h"
#include "support/handler.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qpointer.h>
#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>

using namespace Flywheel;
using namespace Flywheel::Test;

/// A thread that runs an event loop, with an object that lives in it.
class LoopThread
{
public:
    LoopThread()
    {
        ParityLoop::setUp(m_thread);
        m_object.moveToThread(&m_thread);
        m_thread.start();
    }
    ~LoopThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    QThread &thread() { return m_thread; }
    QObject *object() { return &m_object; }
    /// Runs \a function there and waits for it.
    template <typename Function>
    void call(Function function)
    {
        QMetaObject::invokeMethod(&m_object, function, Qt::BlockingQueuedConnection);
    }

private:
    QThread m_thread;
    QObject m_object;
};

class tst_ParityThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void usesTheDispatcherItWasGiven();
    void quitFromOutside();
    void quitBeforeLoopRuns();
    void exitCode();
    void startedAndFinished();
    void manyShortThreads();
    void blockingQueuedCall();
    void queuedSignalsKeepOrder();
    void pingPong();
    void timersOfThread();
    void deletedLaterWhenThreadEnds();
    void postedBeforeStart();
    void severalThreadsPostToOne();
    void wakeUpEndsWaitOfThread();

private:
    std::optional<ParityLoop> m_loop;
};

void tst_ParityThreads::usesTheDispatcherItWasGiven()
{
    LoopThread thread;
    const QMetaObject *inThread = nullptr;
    thread.call([&] { inThread = m_loop->dispatcher()->metaObject(); });
    QCOMPARE(inThread->className(), m_loop->dispatcher()->metaObject()->className());
}

void tst_ParityThreads::quitFromOutside()
{
    LoopThread thread;
    thread.call([] {}); // its loop runs
    thread.thread().quit();
    QVERIFY(thread.thread().wait(10'000));
}

void tst_ParityThreads::quitBeforeLoopRuns()
{
    for (int i = 0; i < 50; ++i) {
        LoopThread thread;
        thread.thread().quit(); // may come before exec(), which then returns at once
        QVERIFY(thread.thread().wait(10'000));
    }
}

void tst_ParityThreads::exitCode()
{
    class Thread : public QThread
    {
    public:
        int code = 0;

    protected:
        void run() override
        {
            QTimer::singleShot(1, [] { QThread::currentThread()->exit(12); });
            code = exec();
        }
    };
    Thread thread;
    ParityLoop::setUp(thread);
    thread.start();
    QVERIFY(thread.wait(10'000));
    QCOMPARE(thread.code, 12);
}

void tst_ParityThreads::startedAndFinished()
{
    QThread thread;
    ParityLoop::setUp(thread);
    bool finished = false;
    connect(&thread, &QThread::started, &thread, &QThread::quit);
    connect(&thread, &QThread::finished, this, [&] { finished = true; });
    thread.start();
    m_loop->runUntil([&] { return finished; });
    QVERIFY(thread.wait(10'000));
}

void tst_ParityThreads::manyShortThreads()
{
    for (int i = 0; i < 100; ++i) {
        LoopThread thread;
        int answer = 0;
        thread.call([&] { answer = 42; });
        QCOMPARE(answer, 42);
    }
}

void tst_ParityThreads::blockingQueuedCall()
{
    LoopThread thread;
    QThread *ran = nullptr;
    for (int i = 0; i < 500; ++i)
        thread.call([&] { ran = QThread::currentThread(); });
    QCOMPARE(ran, &thread.thread());
}

void tst_ParityThreads::queuedSignalsKeepOrder()
{
    constexpr int Count = 10'000;
    LoopThread thread;
    QList<int> received;
    QMetaObject::invokeMethod(
        thread.object(),
        [&] {
            for (int i = 0; i < Count; ++i)
                QMetaObject::invokeMethod(
                    this, [&received, i] { received << i; }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
    m_loop->runUntil([&] { return received.size() == Count; });
    QVERIFY(std::is_sorted(received.cbegin(), received.cend()));
}

void tst_ParityThreads::pingPong()
{
    LoopThread thread;
    int hops = 0;
    std::function<void()> ping = [&] {
        if (++hops == 2000)
            return;
        QMetaObject::invokeMethod(
            thread.object(), [&] { QMetaObject::invokeMethod(this, ping, Qt::QueuedConnection); },
            Qt::QueuedConnection);
    };
    ping();
    m_loop->runUntil([&] { return hops == 2000; });
}

void tst_ParityThreads::timersOfThread()
{
    LoopThread thread;
    QSemaphore ticks;
    thread.call([&] {
        auto *timer = new QTimer(thread.object());
        connect(timer, &QTimer::timeout, timer, [&] { ticks.release(); });
        timer->start(1);
    });
    QVERIFY(ticks.tryAcquire(10, 10'000));
    thread.call([&] { qDeleteAll(thread.object()->children()); });
}

void tst_ParityThreads::deletedLaterWhenThreadEnds()
{
    std::atomic<bool> deleted{false};
    QThread thread;
    ParityLoop::setUp(thread);
    auto *object = new QObject;
    object->moveToThread(&thread);
    connect(
        object, &QObject::destroyed, object, [&] { deleted = true; }, Qt::DirectConnection);
    connect(&thread, &QThread::finished, object, &QObject::deleteLater);
    thread.start();
    thread.quit();
    QVERIFY(thread.wait(10'000));
    QVERIFY(deleted);
}

void tst_ParityThreads::postedBeforeStart()
{
    QThread thread;
    ParityLoop::setUp(thread);
    QObject object;
    object.moveToThread(&thread);
    QSemaphore done;
    QMetaObject::invokeMethod(
        &object, [&] { done.release(); }, Qt::QueuedConnection);
    thread.start();
    QVERIFY(done.tryAcquire(1, 10'000));
    thread.quit();
    QVERIFY(thread.wait(10'000));
}

void tst_ParityThreads::severalThreadsPostToOne()
{
    constexpr int Each = 2000;
    LoopThread threads[4];
    int received = 0;
    for (LoopThread &thread : threads) {
        QMetaObject::invokeMethod(
            thread.object(),
            [&] {
                for (int i = 0; i < Each; ++i)
                    QMetaObject::invokeMethod(
                        this, [&] { ++received; }, Qt::QueuedConnection);
            },
            Qt::QueuedConnection);
    }
    m_loop->runUntil([&] { return received == 4 * Each; });
}

void tst_ParityThreads::wakeUpEndsWaitOfThread()
{
    LoopThread thread;
    QSemaphore awake;
    QAbstractEventDispatcher *dispatcher = nullptr;
    thread.call([&] {
        dispatcher = m_loop->dispatcher();
        connect(dispatcher, &QAbstractEventDispatcher::awake, thread.object(), [&] { awake.release(); });
    });
    for (int i = 0; i < 20; ++i) {
        dispatcher->wakeUp();
        QVERIFY(awake.tryAcquire(1, 10'000));
    }
}

QTEST_APPLESS_MAIN(tst_ParityThreads)
#include "tst_paritythreads.moc"
