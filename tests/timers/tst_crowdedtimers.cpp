// SPDX-License-Identifier: MIT
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

constexpr Instant Start{1000s};
constexpr Nanoseconds LatestDelay = 750us;

} // namespace

/// When a loop wakes up for its timers: to the nanosecond for a few, once for all of a crowd.
class tst_CrowdedTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFewTimersAreServedExactly();
    void equalDeadlinesAreNoCrowd();
    void aCrowdIsServedTogether();
    void distantTimersDontWaitForEachOther();
    void aFastTimerKeepsAllExact();
    void stoppedFastTimerIsForgotten();
    void fineTimersAreShortAndPrecise_data();
    void fineTimersAreShortAndPrecise();

private:
    void start(TimerQueue &queue, int id, Nanoseconds interval)
    {
        queue.insert(id, interval, Qt::PreciseTimer, this, Start);
    }
};

void tst_CrowdedTimers::aFewTimersAreServedExactly()
{
    TimerQueue queue;
    QVERIFY(queue.nextWakeUp() == Never);
    start(queue, 1, 10ms);
    QVERIFY(queue.nextWakeUp() == Start + 10ms);
    start(queue, 2, 10ms + 100us);
    QVERIFY(queue.nextWakeUp() == Start + 10ms);
}

void tst_CrowdedTimers::equalDeadlinesAreNoCrowd()
{
    TimerQueue queue;
    for (int id = 1; id <= 100; ++id)
        start(queue, id, 10ms);
    QVERIFY(queue.nextWakeUp() == Start + 10ms);
}

void tst_CrowdedTimers::aCrowdIsServedTogether()
{
    TimerQueue queue;
    for (int id = 1; id <= 100; ++id)
        start(queue, id, 10ms + id * 1us);
    const Instant wakeUp = queue.nextWakeUp();
    QVERIFY(wakeUp > queue.nextDeadline());
    QVERIFY(wakeUp <= queue.nextDeadline() + LatestDelay);
}

void tst_CrowdedTimers::distantTimersDontWaitForEachOther()
{
    TimerQueue queue;
    for (int id = 1; id <= 100; ++id)
        start(queue, id, id * 1ms);
    QVERIFY(queue.nextWakeUp() == Start + 1ms);
}

void tst_CrowdedTimers::aFastTimerKeepsAllExact()
{
    TimerQueue queue;
    for (int id = 1; id <= 100; ++id)
        start(queue, id, 10ms + id * 1us);
    start(queue, 101, 100us);
    QVERIFY(queue.nextWakeUp() == Start + 100us);
}

void tst_CrowdedTimers::stoppedFastTimerIsForgotten()
{
    TimerQueue queue;
    for (int id = 1; id <= 100; ++id)
        start(queue, id, 10ms + id * 1us);
    start(queue, 101, 100us);
    start(queue, 101, 100us);
    QVERIFY(queue.remove(101));
    QVERIFY(queue.nextWakeUp() > queue.nextDeadline());
}

void tst_CrowdedTimers::fineTimersAreShortAndPrecise_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<int>("interval");
    QTest::addColumn<bool>("isFine");
    QTest::newRow("a short one") << Qt::PreciseTimer << 1 << true;
    QTest::newRow("one of a display's rate") << Qt::PreciseTimer << 16 << true;
    QTest::newRow("a long one") << Qt::PreciseTimer << 20 << false;
    QTest::newRow("a zero timer") << Qt::PreciseTimer << 0 << false;
    QTest::newRow("a coarse one that counts as precise") << Qt::CoarseTimer << 5 << true;
    QTest::newRow("a coarse one") << Qt::CoarseTimer << 100 << false;
    QTest::newRow("a very coarse one") << Qt::VeryCoarseTimer << 10 << false;
}

void tst_CrowdedTimers::fineTimersAreShortAndPrecise()
{
    QFETCH(const Qt::TimerType, type);
    QFETCH(const int, interval);
    QFETCH(const bool, isFine);
    TimerQueue queue;
    queue.insert(1, std::chrono::milliseconds(interval), type, this, Start);
    QCOMPARE(queue.hasFineTimers(), isFine);
    queue.insert(1, 1s, type, this, Start);
    QVERIFY(!queue.hasFineTimers());
    queue.insert(2, 1ms, Qt::PreciseTimer, this, Start);
    QVERIFY(queue.hasFineTimers());
    queue.removeAll(this);
    QVERIFY(!queue.hasFineTimers());
}

QTEST_GUILESS_MAIN(tst_CrowdedTimers)
#include "tst_crowdedtimers.moc"
