// SPDX-License-Identifier: MIT
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include "core/eventdispatcher_p.h"

#include <flywheel/tasks.h>

#include <QtTest/qtest.h>

#include <stdexcept>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

/// Runs passes that may wait, until \a until.
void runUntil(FakeLoop &loop, Instant until)
{
    bool over = false;
    const TimeoutHandle end = setTimeout(until - FakeClock::now(), [&] { over = true; });
    Q_UNUSED(end);
    while (!over)
        loop.pass(QEventLoop::WaitForMoreEvents);
}

} // namespace

class tst_Timeouts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firesOnceAndNotEarly();
    void ordersByDeadlineThenStart();
    void sharesTheOrderWithTimersOfObjects();
    void intervalFiresUntilCleared();
    void intervalSkipsWhatItMissed();
    void negativeDelayIsZero();
    void clearBeforeItFires();
    void clearOfAnOldHandle();
    void clearInItsOwnHandler();
    void clearOfAnotherInAHandler();
    void handlersThatStartTimeouts();
    void nestedLoopDoesNotRecurse();
    void exceptionKeepsTheInterval();
    void withoutLoop();
    void chainIsClampedFromTheSeventhOn();
    void intervalIsClampedFromTheSeventhOn();
    void longDelaysAreNotClamped();
    void levelIsThatOfTheHandler();
    void timersOfObjectsAreNotClamped();
    void timersOfObjectsAreClampedOnRequest();
};

void tst_Timeouts::firesOnceAndNotEarly()
{
    FakeLoop loop;
    const Instant start = FakeClock::now();
    std::vector<Instant> fired;
    QVERIFY(setTimeout(1500us, [&] { fired.push_back(FakeClock::now()); }));
    QVERIFY(!loop.pass());
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(fired, (std::vector{start + 1500us}));
    FakeClock::advance(1s);
    loop.pass();
    QCOMPARE(fired.size(), std::size_t(1));
}

void tst_Timeouts::ordersByDeadlineThenStart()
{
    FakeLoop loop;
    std::vector<int> order;
    setTimeout(2ms, [&] { order.push_back(3); });
    setTimeout(1ms, [&] { order.push_back(1); });
    setTimeout(1ms, [&] { order.push_back(2); });
    FakeClock::advance(5ms);
    loop.pass();
    QCOMPARE(order, (std::vector{1, 2, 3}));
}

void tst_Timeouts::sharesTheOrderWithTimersOfObjects()
{
    FakeLoop loop;
    std::vector<int> order;
    Handler handler;
    handler.onTimer = [&](int) { order.push_back(2); };
    setTimeout(1ms, [&] { order.push_back(1); });
    handler.startTimer(1, Qt::PreciseTimer);
    setTimeout(1ms, [&] { order.push_back(3); });
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(order, (std::vector{1, 2, 3}));
}

void tst_Timeouts::intervalFiresUntilCleared()
{
    FakeLoop loop;
    const Instant start = FakeClock::now();
    std::vector<Instant> fired;
    const TimeoutHandle handle = setInterval(10ms, [&] { fired.push_back(FakeClock::now()); });
    runUntil(loop, start + 35ms);
    QCOMPARE(fired, (std::vector{start + 10ms, start + 20ms, start + 30ms}));
    QVERIFY(clearTimeout(handle));
    QVERIFY(!clearTimeout(handle));
    runUntil(loop, start + 100ms);
    QCOMPARE(fired.size(), std::size_t(3));
}

void tst_Timeouts::intervalSkipsWhatItMissed()
{
    FakeLoop loop;
    int calls = 0;
    setInterval(10ms, [&] { ++calls; });
    FakeClock::advance(55ms);
    loop.pass();
    loop.pass();
    QCOMPARE(calls, 1);
}

void tst_Timeouts::negativeDelayIsZero()
{
    FakeLoop loop;
    bool ran = false;
    setTimeout(-5s, [&] { ran = true; });
    QVERIFY(loop.pass());
    QVERIFY(ran);
}

void tst_Timeouts::clearBeforeItFires()
{
    FakeLoop loop;
    const auto shared = std::make_shared<int>(0);
    const TimeoutHandle handle = setTimeout(1ms, [shared] { ++*shared; });
    QVERIFY(clearTimeout(handle));
    QCOMPARE(shared.use_count(), 1L);
    FakeClock::advance(1s);
    loop.pass();
    QCOMPARE(*shared, 0);
}

void tst_Timeouts::clearOfAnOldHandle()
{
    FakeLoop loop;
    const TimeoutHandle old = setTimeout(0ms, [] {});
    loop.pass();
    QVERIFY(!clearTimeout(old));
    bool ran = false;
    const TimeoutHandle next = setTimeout(0ms, [&] { ran = true; }); // in the same place
    QCOMPARE(next.index, old.index);
    QVERIFY(!(next == old));
    QVERIFY(!clearTimeout(old));
    QVERIFY(!clearTimeout({}));
    QVERIFY(!clearTimeout({next.loop + 1, next.index, next.generation}));
    QVERIFY(!clearTimeout({next.loop, 1'000'000, 0}));
    loop.pass();
    QVERIFY(ran);
}

void tst_Timeouts::clearInItsOwnHandler()
{
    FakeLoop loop;
    int calls = 0;
    const auto shared = std::make_shared<int>(0);
    TimeoutHandle interval;
    interval = setInterval(1ms, [&, shared] {
        QVERIFY(clearTimeout(interval));
        QVERIFY(!clearTimeout(interval));
        ++*shared; // the callable lives until it returns
        ++calls;
    });
    TimeoutHandle timeout;
    bool wasAlive = true;
    timeout = setTimeout(1ms, [&] { wasAlive = clearTimeout(timeout); });
    runUntil(loop, FakeClock::now() + 50ms);
    QCOMPARE(calls, 1);
    QCOMPARE(shared.use_count(), 1L);
    QVERIFY(!wasAlive);
}

void tst_Timeouts::clearOfAnotherInAHandler()
{
    FakeLoop loop;
    bool ran = false;
    TimeoutHandle second;
    setTimeout(1ms, [&] { QVERIFY(clearTimeout(second)); });
    second = setTimeout(1ms, [&] { ran = true; });
    FakeClock::advance(1ms);
    loop.pass();
    loop.pass();
    QVERIFY(!ran);
}

void tst_Timeouts::handlersThatStartTimeouts()
{
    FakeLoop loop;
    int calls = 0;
    setTimeout(0ms, [&] {
        for (int i = 0; i < 1000; ++i) // more than a block: slots must not move under the callable
            setTimeout(0ms, [&] { ++calls; });
    });
    loop.pass();
    QCOMPARE(calls, 0);
    loop.pass();
    QCOMPARE(calls, 1000);
}

void tst_Timeouts::nestedLoopDoesNotRecurse()
{
    FakeLoop loop;
    int depth = 0;
    int deepest = 0;
    int others = 0;
    setInterval(1ms, [&] {
        deepest = std::max(deepest, ++depth);
        FakeClock::advance(5ms);
        loop.pass();
        --depth;
    });
    setInterval(1ms, [&] { ++others; });
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(deepest, 1);
    QVERIFY(others > 0);
}

void tst_Timeouts::exceptionKeepsTheInterval()
{
    FakeLoop loop;
    int calls = 0;
    setInterval(1ms, [&] {
        if (++calls == 1)
            throw std::runtime_error("expected");
    });
    FakeClock::advance(1ms);
    QVERIFY_EXCEPTION_THROWN(loop.pass(), std::runtime_error);
    FakeClock::advance(1ms);
    loop.pass();
    QCOMPARE(calls, 2);
}

void tst_Timeouts::withoutLoop()
{
    QTest::ignoreMessage(QtWarningMsg, "Flywheel::setTimeout: this thread does not run on Flywheel; call "
                                       "Flywheel::install() before it starts");
    QVERIFY(!setTimeout(0ms, [] {}));
    QVERIFY(!clearTimeout({1, 0, 0}));
}

void tst_Timeouts::chainIsClampedFromTheSeventhOn()
{
    FakeLoop loop;
    std::vector<Nanoseconds> delays;
    Instant last = FakeClock::now();
    std::function<void()> next = [&] {
        delays.push_back(FakeClock::now() - last);
        last = FakeClock::now();
        if (delays.size() < 9)
            setTimeout(1ms, next);
    };
    setTimeout(1ms, next);
    while (delays.size() < 9)
        loop.pass(QEventLoop::WaitForMoreEvents);
    // Started at levels 0, 1, … 5: as asked for. At level 6 and deeper: 4 ms.
    QCOMPARE(delays, (std::vector<Nanoseconds>{1ms, 1ms, 1ms, 1ms, 1ms, 1ms, 4ms, 4ms, 4ms}));
}

void tst_Timeouts::intervalIsClampedFromTheSeventhOn()
{
    FakeLoop loop;
    std::vector<Nanoseconds> delays;
    Instant last = FakeClock::now();
    setInterval(0ms, [&] {
        delays.push_back(FakeClock::now() - last);
        last = FakeClock::now();
    });
    while (delays.size() < 8)
        loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(delays, (std::vector<Nanoseconds>{0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 4ms, 4ms}));
}

void tst_Timeouts::longDelaysAreNotClamped()
{
    FakeLoop loop;
    std::vector<Nanoseconds> delays;
    Instant last = FakeClock::now();
    setInterval(4500us, [&] {
        delays.push_back(FakeClock::now() - last);
        last = FakeClock::now();
    });
    while (delays.size() < 9)
        loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(delays, std::vector<Nanoseconds>(9, 4500us));
}

void tst_Timeouts::levelIsThatOfTheHandler()
{
    // A task, a posted event and a nested loop between two timeouts begin anew at level 0.
    FakeLoop loop;
    std::vector<Nanoseconds> delays;
    int deep = 0;
    const auto measure = [&] {
        setTimeout(1ms, [&, from = FakeClock::now()] { delays.push_back(FakeClock::now() - from); });
    };
    Handler handler;
    handler.onPosted = measure;
    setInterval(5ms, [&] {
        if (++deep != 8)
            return;
        post(Loop::current(), measure);
        handler.post();
        loop.pass();
        measure(); // in the interval's own handler, after the nested loop
    });
    while (delays.size() < 3)
        loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(delays, (std::vector<Nanoseconds>{1ms, 1ms, 4ms}));
}

void tst_Timeouts::timersOfObjectsAreNotClamped()
{
    FakeLoop loop;
    Handler handler;
    int calls = 0;
    handler.onTimer = [&](int) { ++calls; };
    handler.startTimer(0);
    const Instant start = FakeClock::now();
    for (int i = 0; i < 100; ++i)
        loop.pass();
    QCOMPARE(calls, 100);
    QCOMPARE(FakeClock::now(), start);
    // Nor is a timeout in one's handler deeper than that of a task.
    Nanoseconds delay{};
    handler.onTimer = [&](int id) {
        handler.killTimer(id);
        setTimeout(1ms, [&] { delay = FakeClock::now() - start; });
    };
    while (delay == 0ns)
        loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(delay, Nanoseconds(1ms));
}

void tst_Timeouts::timersOfObjectsAreClampedOnRequest()
{
    FakeLoop loop;
    Options options;
    options.clampNestedTimers = true;
    EventDispatcherPrivate::current()->configure(options);
    Handler handler;
    std::vector<Nanoseconds> delays;
    Instant last = FakeClock::now();
    handler.onTimer = [&](int id) {
        delays.push_back(FakeClock::now() - last);
        last = FakeClock::now();
        handler.killTimer(id); // as QTimer's single shots do: a chain
        handler.startTimer(0);
    };
    handler.startTimer(0);
    while (delays.size() < 8)
        loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(delays, (std::vector<Nanoseconds>{0ms, 0ms, 0ms, 0ms, 0ms, 0ms, 4ms, 4ms}));
}

QTEST_APPLESS_MAIN(tst_Timeouts)
#include "tst_timeouts.moc"
