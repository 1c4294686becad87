// SPDX-License-Identifier: MIT
// Timers as the dispatcher sees them: QObject::startTimer() and what can be asked about it.
#include "parityloop.h"
#include "support/handler.h"

#include "base/clock.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <optional>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ParityTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void isNotEarly_data();
    void isNotEarly();
    void repeats();
    void orderOfDeadlines();
    void orderOfStartForEqualIntervals();
    void zeroTimerFiresInEachPass();
    void oneTickForManyMissed();
    void stoppedTimerIsSilent();
    void killingOneLeavesOthers();
    void remainingTime();
    void remainingTimeOfOverdueTimer();
    void remainingTimeOfUnknownTimer();
    void remainingTimeInHandler();
    void registeredTimers_data();
    void registeredTimers();
    void unregisterTimersOfObject();
    void unregisterUnknown();
    void activeTimerIsNotRecursed();
    void othersRunInNestedLoop();

private:
    std::optional<ParityLoop> m_loop;
};

void tst_ParityTimers::isNotEarly_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<int>("interval");
    QTest::addColumn<Nanoseconds>("least");
    // QTimer's documentation: coarse timers keep within 5 %, very coarse ones to the second.
    QTest::newRow("precise 1 ms") << Qt::PreciseTimer << 1 << Nanoseconds(1ms);
    QTest::newRow("precise 55 ms") << Qt::PreciseTimer << 55 << Nanoseconds(55ms);
    QTest::newRow("coarse 20 ms") << Qt::CoarseTimer << 20 << Nanoseconds(20ms);
    QTest::newRow("coarse 55 ms") << Qt::CoarseTimer << 55 << Nanoseconds(55ms * 95 / 100 - 1ms);
    QTest::newRow("coarse 200 ms") << Qt::CoarseTimer << 200 << Nanoseconds(190ms - 1ms);
    QTest::newRow("very coarse 1 s") << Qt::VeryCoarseTimer << 1000 << Nanoseconds(500ms - 1ms);
}

void tst_ParityTimers::isNotEarly()
{
    QFETCH(Qt::TimerType, type);
    QFETCH(int, interval);
    QFETCH(Nanoseconds, least);
    Handler handler;
    bool fired = false;
    handler.onTimer = [&](int) { fired = true; };
    const Instant start = steadyNow();
    handler.startTimer(interval, type);
    m_loop->runUntil([&] { return fired; });
    QVERIFY(steadyNow() - start >= least - m_loop->mayBeEarly());
    QVERIFY(steadyNow() - start < 5s);
}

void tst_ParityTimers::repeats()
{
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    const Instant start = steadyNow();
    handler.startTimer(3ms, Qt::PreciseTimer);
    m_loop->runUntil([&] { return fired == 10; });
    QVERIFY(steadyNow() - start >= 30ms - m_loop->mayBeEarly());
}

void tst_ParityTimers::orderOfDeadlines()
{
    Handler handler;
    QList<int> fired;
    handler.onTimer = [&](int id) {
        fired << id;
        handler.killTimer(id);
    };
    const int last = handler.startTimer(30ms, Qt::PreciseTimer);
    const int first = handler.startTimer(10ms, Qt::PreciseTimer);
    const int second = handler.startTimer(20ms, Qt::PreciseTimer);
    m_loop->runUntil([&] { return fired.size() == 3; });
    const QList<int> expected{first, second, last};
    QCOMPARE(fired, expected);
}

void tst_ParityTimers::orderOfStartForEqualIntervals()
{
    Handler handler;
    QList<int> fired;
    handler.onTimer = [&](int id) {
        fired << id;
        handler.killTimer(id);
    };
    QList<int> started;
    for (int i = 0; i < 10; ++i)
        started << handler.startTimer(5ms, Qt::PreciseTimer);
    m_loop->runUntil([&] { return fired.size() == 10; });
    QCOMPARE(fired, started);
}

void tst_ParityTimers::zeroTimerFiresInEachPass()
{
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(0);
    for (int passes = 1; passes <= 5; ++passes) {
        m_loop->dispatcher()->processEvents(QEventLoop::WaitForMoreEvents);
        QCOMPARE(fired, passes);
    }
}

void tst_ParityTimers::oneTickForManyMissed()
{
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    const Instant start = steadyNow();
    handler.startTimer(50ms, Qt::PreciseTimer);
    QThread::msleep(175); // a handler that takes long
    m_loop->pass();
    QCOMPARE(fired, 1);
    m_loop->pass();
    const bool nextIsDue = steadyNow() - start >= 225ms;
    QVERIFY(fired == 1 || nextIsDue);
}

void tst_ParityTimers::stoppedTimerIsSilent()
{
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    const int id = handler.startTimer(1ms);
    QThread::msleep(2); // due, but not delivered
    handler.killTimer(id);
    m_loop->pass();
    QCOMPARE(fired, 0);
}

void tst_ParityTimers::killingOneLeavesOthers()
{
    Handler handler;
    QList<int> fired;
    handler.onTimer = [&](int id) { fired << id; };
    const int killed = handler.startTimer(0);
    const int kept = handler.startTimer(0);
    handler.killTimer(killed);
    m_loop->pass();
    QCOMPARE(fired, QList<int>{kept});
}

void tst_ParityTimers::remainingTime()
{
    Handler handler;
    const int id = handler.startTimer(10'000, Qt::PreciseTimer);
    const int remaining = m_loop->dispatcher()->remainingTime(id);
    QVERIFY(remaining > 5'000);
    QVERIFY(remaining <= 10'000);
}

void tst_ParityTimers::remainingTimeOfOverdueTimer()
{
    Handler handler;
    const int id = handler.startTimer(1, Qt::PreciseTimer);
    QThread::msleep(3);
    QCOMPARE(m_loop->dispatcher()->remainingTime(id), 0);
}

void tst_ParityTimers::remainingTimeOfUnknownTimer()
{
    QCOMPARE(m_loop->dispatcher()->remainingTime(123'456), -1); // with a warning; of Qt only in debug builds
}

void tst_ParityTimers::remainingTimeInHandler()
{
    Handler handler;
    int remaining = -1;
    handler.onTimer = [&](int id) { remaining = m_loop->dispatcher()->remainingTime(id); };
    handler.startTimer(200ms, Qt::PreciseTimer);
    m_loop->runUntil([&] { return remaining >= 0; });
    QVERIFY(remaining > 0);
    QVERIFY(remaining <= 200);
}

void tst_ParityTimers::registeredTimers_data()
{
    QTest::addColumn<int>("interval");
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<int>("effectiveInterval");
    QTest::addColumn<Qt::TimerType>("effectiveType");
    QTest::newRow("zero") << 0 << Qt::CoarseTimer << 0 << Qt::PreciseTimer;
    QTest::newRow("precise") << 1234 << Qt::PreciseTimer << 1234 << Qt::PreciseTimer;
    QTest::newRow("coarse, short") << 20 << Qt::CoarseTimer << 20 << Qt::PreciseTimer;
    QTest::newRow("coarse") << 1234 << Qt::CoarseTimer << 1234 << Qt::CoarseTimer;
    QTest::newRow("coarse, long") << 20'400 << Qt::CoarseTimer << 20'000 << Qt::VeryCoarseTimer;
    QTest::newRow("very coarse") << 2'600 << Qt::VeryCoarseTimer << 3'000 << Qt::VeryCoarseTimer;
}

void tst_ParityTimers::registeredTimers()
{
    QFETCH(int, interval);
    QFETCH(Qt::TimerType, type);
    Handler handler;
    const int id = handler.startTimer(interval, type);
    const auto timers = m_loop->dispatcher()->registeredTimers(&handler);
    QCOMPARE(timers.size(), 1);
    QCOMPARE(timers.front().timerId, id);
    QTEST(timers.front().interval, "effectiveInterval");
    QTEST(timers.front().timerType, "effectiveType");
}

void tst_ParityTimers::unregisterTimersOfObject()
{
    Handler handler;
    Handler other;
    int fired = 0;
    int otherFired = 0;
    handler.onTimer = [&](int) { ++fired; };
    other.onTimer = [&](int) { ++otherFired; };
    handler.startTimer(0);
    handler.startTimer(0);
    other.startTimer(0);
    QVERIFY(m_loop->dispatcher()->unregisterTimers(&handler));
    m_loop->pass();
    QCOMPARE(fired, 0);
    QCOMPARE(otherFired, 1);
}

void tst_ParityTimers::unregisterUnknown()
{
    Handler handler;
    QVERIFY(!m_loop->dispatcher()->unregisterTimer(123'456));
    QVERIFY(!m_loop->dispatcher()->unregisterTimers(&handler)); // no timers at all
}

void tst_ParityTimers::activeTimerIsNotRecursed()
{
    Handler handler;
    int depth = 0;
    int deepest = 0;
    int fired = 0;
    handler.onTimer = [&](int) {
        deepest = std::max(deepest, ++depth);
        ++fired;
        QThread::msleep(2);
        m_loop->pass();
        --depth;
    };
    handler.startTimer(1ms);
    m_loop->runUntil([&] { return fired >= 3; });
    QCOMPARE(deepest, 1);
}

void tst_ParityTimers::othersRunInNestedLoop()
{
    Handler outer;
    Handler other;
    int ticks = 0;
    bool done = false;
    other.onTimer = [&](int) { ++ticks; };
    outer.onTimer = [&](int id) {
        outer.killTimer(id);
        const int before = ticks;
        m_loop->runUntil([&] { return ticks >= before + 5; });
        done = true;
    };
    other.startTimer(1ms);
    outer.startTimer(3ms);
    m_loop->runUntil([&] { return done; });
}

QTEST_APPLESS_MAIN(tst_ParityTimers)
#include "tst_paritytimers.moc"
