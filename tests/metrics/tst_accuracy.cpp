// SPDX-License-Identifier: MIT
// What a loop reports against what was done to it, on a clock that the test moves: every figure is exact.
#include "core/eventdispatcher_p.h"
#include "support/fakeclock.h"
#include "support/handler.h"
#include "support/meteredloop.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

bool isWithin(std::chrono::nanoseconds found, std::chrono::nanoseconds exact, double share)
{
    return std::abs(double(found.count() - exact.count())) <= share * double(exact.count());
}

} // namespace

class tst_Accuracy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void taskLatencyAgainstKnownDistribution();
    void handlerTimeByKind();
    void coordinatedOmission();
    void ratesSteadyBurstyAndIdle();
    void ratesAcrossAClockJump();
    void queueDepthUnderAFastProducer();
    void utilisationOfAnIdleLoop();
    void utilisationOfAHalfBusyLoop();
    void utilisationOfABusyLoop();
    void wakeUpLatency();
    void postsAndPasses();
};

void tst_Accuracy::taskLatencyAgainstKnownDistribution()
{
    MeteredLoop loop;
    std::mt19937 random(7);
    std::lognormal_distribution<double> distribution(11, 1.5);
    std::vector<Nanoseconds> exact;
    for (int i = 0; i < 5000; ++i) {
        exact.emplace_back(std::llround(distribution(random)));
        post(Loop::current(), [] {});
        FakeClock::advance(exact.back());
        loop.pass();
    }
    const LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.taskLatency.count, std::uint64_t(5000));

    std::vector<Nanoseconds> last(exact.end() - 1000, exact.end());
    std::sort(last.begin(), last.end());
    QCOMPARE(snapshot.taskLatency.recent.samples, 1000u);
    QCOMPARE(snapshot.taskLatency.recent.p50, last[499]);
    QCOMPARE(snapshot.taskLatency.recent.p90, last[899]);
    QCOMPARE(snapshot.taskLatency.recent.p95, last[949]);
    QCOMPARE(snapshot.taskLatency.recent.p99, last[989]);
    QCOMPARE(snapshot.taskLatency.recent.max, last[999]);

    std::sort(exact.begin(), exact.end());
    for (const double q : {0.5, 0.9, 0.99, 0.999})
        QVERIFY(isWithin(snapshot.taskLatency.histogram.quantile(q),
                         exact[std::size_t(std::ceil(q * 5000)) - 1], 0.01));
    QCOMPARE(snapshot.taskLatency.max, exact.back());
}

void tst_Accuracy::handlerTimeByKind()
{
    MeteredLoop loop;
    Handler handler;
    handler.onTimer = [&](int) { FakeClock::advance(1ms); };
    handler.onPosted = [] { FakeClock::advance(2ms); };
    QSocketNotifier notifier(7, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &notifier, [] { FakeClock::advance(3ms); });
    loop.poller.ready[7] = Interest::Read;
    handler.startTimer(0);
    handler.post();
    post(Loop::current(), [] { FakeClock::advance(4ms); });
    const LoopSnapshot before = loop.snapshot();
    loop.pass();
    notifier.setEnabled(false);
    const LoopSnapshot snapshot = loop.snapshot();
    const auto spent = [&](HandlerKind kind) {
        return snapshot.handlerTimeOf(kind).sum - before.handlerTimeOf(kind).sum;
    };
    QCOMPARE(spent(HandlerKind::Timer), Nanoseconds(1ms));
    QCOMPARE(spent(HandlerKind::PostedBatch), Nanoseconds(2ms));
    QCOMPARE(spent(HandlerKind::Notifier), Nanoseconds(3ms));
    QCOMPARE(spent(HandlerKind::Task), Nanoseconds(4ms));
    QCOMPARE(snapshot.passTime.recent.max, Nanoseconds(10ms));
    QCOMPARE(snapshot.readyPerPoll.current, std::uint64_t(1));
    QCOMPARE(snapshot.notifiers.current, std::uint64_t(1));
}

void tst_Accuracy::coordinatedOmission()
{
    // 1 ms ticks for 9 s, with one handler of 1 s in between. Whoever waits for the ticks finds every tenth
    // late, by up to a second, though only one firing was.
    MeteredLoop loop;
    const Instant start = FakeClock::now();
    Handler handler;
    bool stalled = false;
    handler.onTimer = [&](int) {
        if (!stalled && FakeClock::now() >= start + 4s) {
            stalled = true;
            FakeClock::advance(1s);
        }
    };
    handler.startTimer(1, Qt::PreciseTimer);
    loop.runUntil(start + 10s - 1us);
    const LoopSnapshot snapshot = loop.snapshot();
    const Series &lateness = snapshot.timerLateness;
    // Due at 4.001 s to 5.000 s, late by 999 ms to 0: one firing and 999 ticks that were skipped.
    QCOMPARE(snapshot.missedTicks, std::uint64_t(999));
    QCOMPARE(lateness.max, Nanoseconds(999ms));
    QCOMPARE(lateness.count, std::uint64_t(10'000)); // 9,999 ticks and the end of the run
    QVERIFY(isWithin(lateness.histogram.quantile(0.9999), 999ms, 0.011));
    QVERIFY(isWithin(lateness.histogram.quantile(0.99), 899ms, 0.011));
    QVERIFY(isWithin(lateness.histogram.quantile(0.95), 499ms, 0.011));
    QCOMPARE(lateness.histogram.quantile(0.89), 0ns);
}

void tst_Accuracy::ratesSteadyBurstyAndIdle()
{
    MeteredLoop loop;
    const Instant start = FakeClock::now();
    const TimeoutHandle steady = setInterval(10ms, [] {});
    loop.runUntil(start + 20s);
    const auto timers = [&] { return loop.snapshot().handlersOf(HandlerKind::Timer); };
    // Both ends of the window have a tick, and the end of the run is another.
    QVERIFY(std::abs(timers().perSecond - 100.0) < 0.3);
    QVERIFY(std::abs(timers().lastSecond - 100.0) < 2.3);

    clearTimeout(steady);
    FakeClock::advance(30s);
    QCOMPARE(timers().perSecond, 0.0);
    QCOMPARE(timers().lastSecond, 0.0);

    for (int i = 0; i < 700; ++i) // a burst
        post(Loop::current(), [] {});
    loop.pass();
    FakeClock::advance(50ms);
    const Rate tasks = loop.snapshot().handlersOf(HandlerKind::Task);
    QCOMPARE(tasks.total, std::uint64_t(700));
    QVERIFY(std::abs(tasks.lastSecond - 700 / 0.95) < 0.001);
    QVERIFY(std::abs(tasks.perSecond - 700 / 9.95) < 0.001);

    const Instant busy = FakeClock::now();
    setInterval(5ms, [] {});
    loop.runUntil(busy + 2s);
    QVERIFY(std::abs(timers().lastSecond - 200.0) < 2.2);
}

void tst_Accuracy::ratesAcrossAClockJump()
{
    MeteredLoop loop;
    setInterval(10ms, [] {});
    loop.runUntil(FakeClock::now() + 20s);
    FakeClock::advance(1h); // as after a suspend, where the clock counts it
    loop.runUntil(FakeClock::now() + 1500ms);
    const Rate timers = loop.snapshot().handlersOf(HandlerKind::Timer);
    QVERIFY(std::abs(timers.lastSecond - 100.0) < 3.2);
    QVERIFY(timers.perSecond < 17);
}

void tst_Accuracy::queueDepthUnderAFastProducer()
{
    // Each task posts two: a producer twice as fast as the loop.
    MeteredLoop loop;
    std::function<void()> task = [&] {
        FakeClock::advance(1ms);
        post(Loop::current(), task);
        post(Loop::current(), task);
    };
    post(Loop::current(), task);
    for (std::uint64_t depth = 1; depth <= 256; depth *= 2) {
        QCOMPARE(loop.snapshot().taskDepth.current, depth);
        const Nanoseconds age = depth == 1 ? 0ms : std::chrono::milliseconds(depth / 2 - 1);
        QVERIFY(loop.snapshot().oldestTaskAge >= age);
        QVERIFY(loop.snapshot().oldestTaskAge <= age + 8ms); // the age is that of up to seven tasks before
        loop.pass();
        QCOMPARE(loop.snapshot().taskDepth.max, depth); // as the pass found it
    }
    QCOMPARE(loop.snapshot().handlersOf(HandlerKind::Task).total, std::uint64_t(511));
    double average = loop.snapshot().taskDepth.average;
    QVERIFY(average > 25 && average < 256);
}

void tst_Accuracy::utilisationOfAnIdleLoop()
{
    MeteredLoop loop;
    loop.runUntil(FakeClock::now() + 20s);
    const Utilisation utilisation = loop.snapshot().utilisation;
    QCOMPARE(utilisation.tenSeconds, 0.0);
    QCOMPARE(utilisation.lastSecond, 0.0);
    QCOMPARE(utilisation.busy, Nanoseconds(0));
    QCOMPARE(utilisation.blocked, Nanoseconds(20s));
}

void tst_Accuracy::utilisationOfAHalfBusyLoop()
{
    MeteredLoop loop;
    const Instant start = FakeClock::now();
    setInterval(10ms, [] { FakeClock::advance(5ms); });
    loop.runUntil(start + 20s);
    const Utilisation utilisation = loop.snapshot().utilisation;
    QVERIFY(std::abs(utilisation.tenSeconds - 0.5) < 0.005);
    QVERIFY(std::abs(utilisation.lastSecond - 0.5) < 0.005);
    QCOMPARE(utilisation.busy + utilisation.blocked, FakeClock::now() - start);
}

void tst_Accuracy::utilisationOfABusyLoop()
{
    MeteredLoop loop;
    const Instant start = FakeClock::now();
    Handler handler;
    handler.onTimer = [](int) { FakeClock::advance(1ms); };
    handler.startTimer(0);
    loop.runUntil(start + 20s);
    const Utilisation utilisation = loop.snapshot().utilisation;
    QCOMPARE(utilisation.tenSeconds, 1.0);
    QCOMPARE(utilisation.lastSecond, 1.0);
    QCOMPARE(utilisation.blocked, Nanoseconds(0));
    // A handler that goes on counts up to now.
    handler.onTimer = [&](int) {
        const Nanoseconds busy = loop.snapshot().utilisation.busy;
        FakeClock::advance(3s);
        QCOMPARE(loop.snapshot().utilisation.busy, busy + 3s);
    };
    loop.pass(QEventLoop::EventLoopExec);
}

void tst_Accuracy::wakeUpLatency()
{
    MeteredLoop loop;
    loop.poller.whileBlocked = [&] {
        loop.dispatcher.wakeUp();
        FakeClock::advance(30us);
    };
    loop.pass(QEventLoop::WaitForMoreEvents | QEventLoop::EventLoopExec);
    loop.pass(QEventLoop::EventLoopExec);
    const LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.wakeUpLatency.count, std::uint64_t(1));
    QCOMPARE(snapshot.wakeUpLatency.max, Nanoseconds(30us));
    QCOMPARE(snapshot.kernelWakeUps, std::uint64_t(1));
}

void tst_Accuracy::postsAndPasses()
{
    MeteredLoop loop;
    Handler handler;
    const LoopSnapshot before = loop.snapshot();
    for (int i = 0; i < 5; ++i)
        handler.post();
    loop.pass();
    LoopSnapshot snapshot = loop.snapshot();
    QCOMPARE(snapshot.posts.total - before.posts.total, std::uint64_t(5));
    QCOMPARE(snapshot.postsPerPass.current, std::uint64_t(5));
    QCOMPARE(snapshot.passes.total - before.passes.total, std::uint64_t(1));
    QCOMPARE(snapshot.idlePasses, before.idlePasses);
    loop.pass();
    QCOMPARE(loop.snapshot().idlePasses - before.idlePasses, std::uint64_t(1));
    // One that posts the next: Qt wakes the loop twice for it, but it is one arrival.
    handler.onPosted = [&] { handler.post(); };
    handler.post();
    loop.pass();
    for (int i = 0; i < 10; ++i)
        loop.pass();
    QCOMPARE(loop.snapshot().posts.total - snapshot.posts.total, std::uint64_t(11));
}

QTEST_APPLESS_MAIN(tst_Accuracy)
#include "tst_accuracy.moc"
