// SPDX-License-Identifier: MIT
// The accuracy of the metrics on the real clock. Lower bounds hold on any machine; upper ones are only
// generous.
#include "support/application.h"
#include "support/handler.h"
#include "support/watchdog.h"

#include <flywheel/install.h>
#include <flywheel/metrics.h>
#include <flywheel/tasks.h>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

/// Keeps the processor busy.
void spin(std::chrono::nanoseconds duration)
{
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {}
}

void runFor(std::chrono::milliseconds duration)
{
    QEventLoop loop;
    setTimeout(duration, [&] { loop.quit(); });
    loop.exec();
}

/// From watchdog threads.
class Reports
{
public:
    void add(const Stall &stall)
    {
        const std::lock_guard lock(m_mutex);
        m_stalls.push_back(stall);
        m_changed.notify_all();
    }
    /// Waits for one; nothing if none comes.
    std::optional<Stall> waitForOne()
    {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait_for(lock, 10s, [this] { return !m_stalls.empty(); }))
            return std::nullopt;
        return m_stalls.front();
    }
    std::size_t count()
    {
        const std::lock_guard lock(m_mutex);
        return m_stalls.size();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Stall> m_stalls;
};

} // namespace

class tst_AccuracyReal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_application = std::make_unique<Application>(Poller::Auto); }
    void cleanup() { m_application.reset(); }
    void handlerTime();
    void coordinatedOmission();
    void rates();
    void queueDepth();
    void utilisation();
    void stallIsReportedWhileItGoesOn();
    void wakeUpLatencyAcrossThreads();
    void allLoopsFromAnyThread();

private:
    const Watchdog m_watchdog{60s};
    std::unique_ptr<Application> m_application;
};

void tst_AccuracyReal::handlerTime()
{
    for (int i = 1; i <= 20; ++i)
        post(Loop::current(), [i] { spin(std::chrono::microseconds(100 * i)); });
    QCoreApplication::processEvents();
    const Series tasks = m_application->dispatcher()->snapshot().handlerTimeOf(HandlerKind::Task);
    QCOMPARE(tasks.count, std::uint64_t(20));
    QVERIFY(tasks.recent.p50 >= 1ms);
    QVERIFY(tasks.recent.max >= 2ms);
    QVERIFY(tasks.sum >= 21ms);
    QVERIFY(tasks.sum < 5s);
}

void tst_AccuracyReal::coordinatedOmission()
{
    setInterval(10ms, [] {});
    setTimeout(500ms, [] { spin(500ms); });
    runFor(1200ms);
    const LoopSnapshot snapshot = m_application->dispatcher()->snapshot();
    // Of the ticks of 1.2 s nearly half were late, though about one firing in seventy was.
    QVERIFY(snapshot.missedTicks >= 45);
    QVERIFY(snapshot.timerLateness.max >= 480ms);
    QVERIFY(snapshot.timerLateness.histogram.quantile(0.75) >= 100ms);
}

void tst_AccuracyReal::rates()
{
    int ticks = 0;
    setInterval(5ms, [&] { ++ticks; });
    QElapsedTimer elapsed;
    elapsed.start();
    runFor(1500ms);
    const Rate timers = m_application->dispatcher()->snapshot().handlersOf(HandlerKind::Timer);
    QCOMPARE(timers.total, std::uint64_t(ticks + 1));
    QVERIFY(timers.perSecond <= 201 && timers.perSecond > 0);
    QVERIFY(std::abs(timers.perSecond - double(ticks) / (double(elapsed.nsecsElapsed()) / 1e9)) < 40);
}

void tst_AccuracyReal::queueDepth()
{
    const Loop loop = Loop::current();
    std::thread producer([loop] {
        for (int i = 0; i < 10'000; ++i)
            post(loop, [] {});
    });
    producer.join();
    EventDispatcher *const dispatcher = m_application->dispatcher();
    QCOMPARE(dispatcher->snapshot().taskDepth.current, std::uint64_t(10'000));
    QVERIFY(dispatcher->snapshot().oldestTaskAge > 0ns);
    QCoreApplication::processEvents();
    QCOMPARE(dispatcher->snapshot().taskDepth.current, std::uint64_t(0));
    QCOMPARE(dispatcher->snapshot().taskDepth.max, std::uint64_t(10'000));
    QCOMPARE(dispatcher->snapshot().oldestTaskAge, std::chrono::nanoseconds(0));
    const Series latency = dispatcher->snapshot().taskLatency;
    QVERIFY(latency.count > 10'000 - 8 && latency.count <= 10'000);
}

void tst_AccuracyReal::utilisation()
{
    runFor(300ms);
    const Utilisation idle = m_application->dispatcher()->snapshot().utilisation;
    QVERIFY(idle.blocked >= 250ms);
    QVERIFY(idle.tenSeconds < 0.2);
    setInterval(20ms, [] { spin(10ms); });
    runFor(1500ms);
    const Utilisation half = m_application->dispatcher()->snapshot().utilisation;
    QVERIFY(half.lastSecond > 0.4);
    Handler handler;
    handler.startTimer(0);
    runFor(1500ms);
    const Utilisation full = m_application->dispatcher()->snapshot().utilisation;
    QVERIFY(full.lastSecond > 0.99);
}

void tst_AccuracyReal::stallIsReportedWhileItGoesOn()
{
    Reports reports;
    setStallHandler([&](const LoopSnapshot &, const Stall &stall) { reports.add(stall); });
    Handler handler;
    handler.setObjectName(QStringLiteral("culprit"));
    std::optional<Stall> reported;
    handler.onTimer = [&](int id) {
        handler.killTimer(id);
        reported = reports.waitForOne(); // the stall: it ends when the watchdog has noticed it
        spin(60ms);                      // and another look of the watchdog must not report it again
    };
    const int id = handler.startTimer(1);
    processUntil([&] { return reported.has_value(); });
    setStallHandler({});
    QCoreApplication::processEvents();
    QCOMPARE(reported->objectName, std::string("culprit"));
    QCOMPARE(reported->id, std::int64_t(id));
    QCOMPARE(reported->kind, HandlerKind::Timer);
    QVERIFY(reported->duration >= 50ms);
    QCOMPARE(reports.count(), std::size_t(1));
    const std::vector<Stall> stalls = m_application->dispatcher()->snapshot().stalls;
    QCOMPARE(stalls.size(), std::size_t(1));
    QCOMPARE(stalls.front().number, reported->number);
    QVERIFY(stalls.front().duration >= 110ms);
}

void tst_AccuracyReal::wakeUpLatencyAcrossThreads()
{
    QThread thread;
    QVERIFY(install(thread));
    thread.start();
    const Loop main = Loop::current();
    const Loop worker = Loop::of(&thread);
    int rounds = 0;
    std::function<void()> ping = [&] {
        if (++rounds < 200)
            post(worker, [&] { post(main, ping); });
    };
    ping();
    processUntil([&] { return rounds == 200; });
    const LoopSnapshot snapshot = m_application->dispatcher()->snapshot();
    QVERIFY(snapshot.taskLatency.count >= 199);
    QVERIFY(snapshot.taskLatency.recent.p50 > 0ns);
    QVERIFY(snapshot.taskLatency.recent.p50 < 1s);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_AccuracyReal::allLoopsFromAnyThread()
{
    QThread thread;
    thread.setObjectName(QStringLiteral("worker"));
    QVERIFY(install(thread));
    thread.start();
    std::atomic<bool> seen{false};
    std::thread reader([&] {
        while (!seen) {
            const std::vector<LoopSnapshot> all = snapshots();
            seen = all.size() == 2 && std::ranges::count(all, "worker", &LoopSnapshot::threadName) == 1 &&
                   std::ranges::count(all, "main", &LoopSnapshot::threadName) == 1 &&
                   all[0].loopId != all[1].loopId && all[0].threadId != 0;
        }
    });
    Handler handler;
    handler.startTimer(0);
    processUntil([&] { return seen.load(); });
    reader.join();
    thread.quit();
    QVERIFY(thread.wait());
    QCOMPARE(snapshots().size(), std::size_t(1));
}

QTEST_APPLESS_MAIN(tst_AccuracyReal)
#include "tst_accuracyreal.moc"
