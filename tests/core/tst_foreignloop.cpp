// SPDX-License-Identifier: MIT
// A handler that runs a message loop of its own, as MessageBox() does: Flywheel's loop goes on in it.
#include "platform/windows/windows.h"
#include "support/application.h"
#include "support/handler.h"
#include "support/socketpair.h"
#include "support/watchdog.h"

#include <flywheel/tasks.h>

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <functional>
#include <memory>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

constexpr UINT Nothing = WM_APP + 100;

/// What MessageBox() does inside, until \a isDone. It knows messages only.
void runForeignLoop(const std::function<bool()> &isDone)
{
    MSG message;
    while (!isDone() && ::GetMessageW(&message, nullptr, 0, 0) > 0) {
        ::TranslateMessage(&message);
        ::DispatchMessageW(&message);
    }
}

/// Counts its time-outs.
class Ticker : public QTimer
{
public:
    explicit Ticker(std::chrono::milliseconds interval)
    {
        callOnTimeout([this] { ++ticks; });
        start(interval);
    }

    int ticks = 0;
};

/// Until \a ticker has ticked so often again.
void runForTicks(const Ticker &ticker, int count)
{
    runForeignLoop([&, end = ticker.ticks + count] { return ticker.ticks >= end; });
}

/// Runs \a body in a handler of the loop, and the loop until that has returned.
void inHandler(const std::function<void()> &body)
{
    bool isOver = false;
    QTimer::singleShot(0, [&] {
        body();
        isOver = true;
    });
    processUntil([&] { return isOver; });
}

} // namespace

class tst_ForeignLoop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_application = std::make_unique<Application>(Poller::Iocp); }
    void cleanup() { m_application.reset(); }

    void timersGoOn();
    void zeroTimersLeaveRoom();
    void socketsGoOn();
    void postedEventsGoOn();
    void postsOfOtherThreadsGoOn();
    void tasksGoOn();
    void oneInsideAnother();
    void ownLoopInside();
    void ownLoopGoesOnAfterwards();
    void fullQueueOfMessages();
    void inQThread();
    void idleLoopSleeps();
    void waitEndsWithAnEventOnly();

private:
    const Watchdog m_watchdog{60s};
    std::unique_ptr<Application> m_application;
};

void tst_ForeignLoop::timersGoOn()
{
    Ticker timer(5ms);
    inHandler([&] { runForeignLoop([&] { return timer.ticks >= 20; }); });
    QVERIFY(timer.ticks >= 20);
}

void tst_ForeignLoop::zeroTimersLeaveRoom()
{
    // WM_TIMER comes only when nothing else is in the queue.
    bool hasCome = false;
    Ticker timer(0ms);
    inHandler([&] {
        const UINT_PTR id = ::SetTimer(nullptr, 0, 50, nullptr);
        MSG message;
        while (!(hasCome && timer.ticks >= 5) && ::GetMessageW(&message, nullptr, 0, 0) > 0) {
            hasCome |= message.message == WM_TIMER && message.hwnd == nullptr;
            ::DispatchMessageW(&message);
        }
        ::KillTimer(nullptr, id);
    });
    QVERIFY(hasCome);
}

void tst_ForeignLoop::socketsGoOn()
{
    const SocketPair sockets;
    int activations = 0;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    connect(&notifier, &QSocketNotifier::activated, this, [&] {
        sockets.drain();
        if (++activations < 10)
            sockets.write();
    });
    inHandler([&] {
        sockets.write();
        runForeignLoop([&] { return activations >= 10; });
    });
    QCOMPARE(activations, 10);
}

void tst_ForeignLoop::postedEventsGoOn()
{
    int posts = 0;
    Handler handler;
    handler.onPosted = [&] {
        if (++posts < 10)
            handler.post();
    };
    inHandler([&] {
        handler.post();
        runForeignLoop([&] { return posts >= 10; });
    });
    QCOMPARE(posts, 10);
}

void tst_ForeignLoop::postsOfOtherThreadsGoOn()
{
    std::atomic<int> posts = 0;
    Handler handler;
    handler.onPosted = [&] { ++posts; };
    inHandler([&] {
        std::thread poster([&] {
            for (int i = 0; i < 20; ++i) {
                handler.post();
                while (posts <= i)
                    std::this_thread::sleep_for(1ms);
            }
        });
        runForeignLoop([&] { return posts >= 20; });
        poster.join();
    });
    QCOMPARE(posts.load(), 20);
}

void tst_ForeignLoop::tasksGoOn()
{
    int tasks = 0;
    const Loop loop = m_application->dispatcher()->loop();
    const std::function<void()> next = [&] {
        if (++tasks < 10)
            post(loop, next);
    };
    inHandler([&] {
        post(loop, next);
        runForeignLoop([&] { return tasks >= 10; });
    });
    QCOMPARE(tasks, 10);
}

void tst_ForeignLoop::oneInsideAnother()
{
    Ticker timer(5ms);
    inHandler([&] {
        bool innerIsOver = false;
        QTimer::singleShot(20ms, this, [&] {
            runForTicks(timer, 5);
            innerIsOver = true;
        });
        runForeignLoop([&] { return innerIsOver; });
        runForTicks(timer, 5);
    });
    QVERIFY(timer.ticks >= 10);
}

void tst_ForeignLoop::ownLoopInside()
{
    Ticker timer(5ms);
    inHandler([&] {
        bool innerIsOver = false;
        QTimer::singleShot(20ms, this, [&] {
            QEventLoop own;
            QTimer::singleShot(30ms, &own, &QEventLoop::quit);
            ::PostThreadMessageW(::GetCurrentThreadId(), Nothing, 0, 0); // must not make it spin or stop
            own.exec();
            innerIsOver = true;
        });
        runForeignLoop([&] { return innerIsOver; });
        runForTicks(timer, 5);
    });
    QVERIFY(timer.ticks >= 5);
}

void tst_ForeignLoop::ownLoopGoesOnAfterwards()
{
    Ticker timer(5ms);
    inHandler([&] { runForeignLoop([&] { return timer.ticks >= 5; }); });
    processUntil([&] { return timer.ticks >= 10; });
    Handler handler;
    bool isDelivered = false;
    handler.onPosted = [&] { isDelivered = true; };
    timer.stop();
    std::thread poster([&] {
        std::this_thread::sleep_for(20ms); // so that the loop sleeps
        handler.post();
    });
    processUntil([&] { return isDelivered; });
    poster.join();
}

void tst_ForeignLoop::fullQueueOfMessages()
{
    // Windows takes 10,000 messages a queue, then PostMessage() fails (Wine takes more): nothing may get lost
    // by that.
    Ticker timer(5ms);
    inHandler([&] {
        runForeignLoop([&] { return timer.ticks >= 2; });
        for (int i = 0; i < 20'000 && ::PostThreadMessageW(::GetCurrentThreadId(), Nothing, 0, 0); ++i) {}
        runForTicks(timer, 5);
    });
    QVERIFY(timer.ticks >= 7);
}

void tst_ForeignLoop::inQThread()
{
    // Ends with the window, its thread and pending polls alive.
    for (int i = 0; i < 5; ++i) {
        QThread thread;
        thread.setEventDispatcher(new EventDispatcher);
        const SocketPair sockets;
        const auto body = [&] {
            auto *const notifier = new QSocketNotifier(sockets.first(), QSocketNotifier::Read);
            connect(&thread, &QThread::finished, notifier, &QObject::deleteLater);
            Ticker timer(2ms);
            runForeignLoop([&] { return timer.ticks >= 5; });
            thread.quit();
        };
        connect(&thread, &QThread::started, &thread, body, Qt::DirectConnection); // before the first pass
        thread.start();
        QVERIFY(thread.wait(20'000));
    }
}

void tst_ForeignLoop::idleLoopSleeps()
{
    QTimer::singleShot(0, [] {});
    QCoreApplication::processEvents(); // a handler ran: whether it ran a foreign loop is looked at once
    int passes = 0;
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, this, [&] { ++passes; });
    bool isOver = false;
    QTimer::singleShot(500ms, Qt::PreciseTimer, this, [&] { isOver = true; });
    processUntil([&] { return isOver; });
    QVERIFY2(passes <= 5, QByteArray::number(passes).constData());
}

void tst_ForeignLoop::waitEndsWithAnEventOnly()
{
    // The timer that finds foreign loops must not be mistaken for one.
    Handler handler;
    int ticks = 0;
    handler.onTimer = [&](int) { ++ticks; };
    handler.post();
    QCoreApplication::processEvents(); // a handler may have run a foreign loop
    handler.startTimer(100ms);
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    while (dispatcher->processEvents(QEventLoop::AllEvents)) {}
    QVERIFY(dispatcher->processEvents(QEventLoop::WaitForMoreEvents));
    QCOMPARE(ticks, 1);
}

QTEST_APPLESS_MAIN(tst_ForeignLoop)
#include "tst_foreignloop.moc"
