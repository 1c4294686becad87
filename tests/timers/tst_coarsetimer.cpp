// SPDX-License-Identifier: MIT
#include "timers/coarsetimer.h"
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <random>
#include <set>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

constexpr Instant Start{1000s};
constexpr Instant LastFullSecond = std::chrono::floor<std::chrono::seconds>(Never);

bool isAt(Instant instant, Nanoseconds grid)
{
    return instant.time_since_epoch() % grid == 0ns;
}

Nanoseconds distance(Instant a, Instant b)
{
    return a < b ? b - a : a - b;
}

} // namespace

/// The rules are those of Qt's documentation: Qt::TimerType, and "Accuracy and Timer Resolution" of QTimer.
class tst_CoarseTimer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void preciseKeepsNanoseconds();
    void effectiveTypeAndInterval_data();
    void effectiveTypeAndInterval();
    void zeroIsDueAtOnce_data();
    void zeroIsDueAtOnce();
    void coarseStaysWithinFivePercent();
    void coarseMeetsAtSharedInstants();
    void coarseTimersShareTheirWakeUps();
    void lateCoarseTimerIsNeverDueInThePast();
    void veryCoarseIsDueAtFullSecondsWithinHalfASecond();
    void veryCoarseStaysAtFullSeconds();
    void repeatedPreciseDoesNotDrift();
    void repeatedCoarseKeepsItsRate_data();
    void repeatedCoarseKeepsItsRate();
    void missedDeadlinesAreSkipped();
    void deadlineAtThisInstantIsNotMissed();
    void hugeIntervalsDoNotOverflow_data();
    void hugeIntervalsDoNotOverflow();
};

void tst_CoarseTimer::preciseKeepsNanoseconds()
{
    for (const Nanoseconds interval : {1ns, 999'999ns, 20'000'001ns, Nanoseconds(100ms), Nanoseconds(1h)}) {
        const TimerPlan plan = planTimer(Qt::PreciseTimer, interval, Start + 7ns);
        QCOMPARE(plan.type, Qt::PreciseTimer);
        QCOMPARE(plan.interval.count(), interval.count());
        QCOMPARE((plan.deadline - Start).count(), (interval + 7ns).count());
    }
}

void tst_CoarseTimer::effectiveTypeAndInterval_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::addColumn<qint64>("intervalNs");
    QTest::addColumn<Qt::TimerType>("effectiveType");
    QTest::addColumn<qint64>("effectiveNs");
    const auto row = [](const char *name, Qt::TimerType type, Nanoseconds interval,
                        Qt::TimerType effectiveType, Nanoseconds effective) {
        QTest::newRow(name) << type << qint64(interval.count()) << effectiveType << qint64(effective.count());
    };
    row("coarse, 1 ns", Qt::CoarseTimer, 1ns, Qt::PreciseTimer, 1ns);
    row("coarse, 20 ms", Qt::CoarseTimer, 20ms, Qt::PreciseTimer, 20ms);
    row("coarse, just over 20 ms", Qt::CoarseTimer, 20ms + 1ns, Qt::CoarseTimer, 21ms);
    row("coarse, 21 ms", Qt::CoarseTimer, 21ms, Qt::CoarseTimer, 21ms);
    row("coarse, just under 20 s", Qt::CoarseTimer, 20s - 1ns, Qt::CoarseTimer, 20s);
    row("coarse, 20 s", Qt::CoarseTimer, 20s, Qt::VeryCoarseTimer, 20s);
    row("coarse, 20.6 s", Qt::CoarseTimer, 20'600ms, Qt::VeryCoarseTimer, 21s);
    // The examples of the documentation of Qt::TimerType.
    row("very coarse, 23.5 s", Qt::VeryCoarseTimer, 23'500ms, Qt::VeryCoarseTimer, 24s);
    row("very coarse, 20.3 s", Qt::VeryCoarseTimer, 20'300ms, Qt::VeryCoarseTimer, 20s);
    row("very coarse, 1.499 s", Qt::VeryCoarseTimer, 1'499ms, Qt::VeryCoarseTimer, 1s);
    row("very coarse, halfway", Qt::VeryCoarseTimer, 24'500ms, Qt::VeryCoarseTimer, 25s); // up, as Qt does
    // Nearest to 0 s, but a timer without an interval would be one that never rests.
    row("very coarse, 1 ms", Qt::VeryCoarseTimer, 1ms, Qt::VeryCoarseTimer, 1s);
}

void tst_CoarseTimer::effectiveTypeAndInterval()
{
    QFETCH(Qt::TimerType, type);
    QFETCH(qint64, intervalNs);
    QFETCH(Qt::TimerType, effectiveType);
    QFETCH(qint64, effectiveNs);
    const TimerPlan plan = planTimer(type, Nanoseconds(intervalNs), Start);
    QCOMPARE(plan.type, effectiveType);
    QCOMPARE(qint64(plan.interval.count()), effectiveNs);
}

void tst_CoarseTimer::zeroIsDueAtOnce_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::newRow("precise") << Qt::PreciseTimer;
    QTest::newRow("coarse") << Qt::CoarseTimer;
    QTest::newRow("very coarse") << Qt::VeryCoarseTimer;
}

void tst_CoarseTimer::zeroIsDueAtOnce()
{
    QFETCH(Qt::TimerType, type);
    const Instant now = Start + 123'456'789ns;
    const TimerPlan plan = planTimer(type, 0ns, now);
    QCOMPARE(plan.interval.count(), 0);
    QVERIFY(plan.deadline == now);
    QVERIFY(nextDeadline(plan.type, plan.interval, plan.deadline, now + 5ns) == now + 5ns);
}

void tst_CoarseTimer::coarseStaysWithinFivePercent()
{
    std::mt19937_64 random(1);
    std::uniform_int_distribution<int> intervals(21, 19'999);
    std::uniform_int_distribution<qint64> phases(0, Nanoseconds(10s).count());
    for (int i = 0; i < 300'000; ++i) {
        const Nanoseconds interval = std::chrono::milliseconds(intervals(random));
        const Instant now = Start + Nanoseconds(phases(random));
        const TimerPlan plan = planTimer(Qt::CoarseTimer, interval, now);
        QCOMPARE(plan.type, Qt::CoarseTimer);
        QVERIFY(plan.deadline >= now);
        QVERIFY(distance(plan.deadline, now + interval) * 20 <= interval);

        const Instant next = nextDeadline(plan.type, plan.interval, plan.deadline, plan.deadline);
        QVERIFY(distance(next, plan.deadline + interval) * 20 <= interval);
    }
}

void tst_CoarseTimer::coarseMeetsAtSharedInstants()
{
    // The tolerance decides which instants are in reach: half a grid's step of them is always enough.
    struct Row
    {
        Nanoseconds interval, grid;
    };
    for (const auto [interval, grid] :
         {Row{21ms, 2ms}, Row{40ms, 4ms}, Row{250ms, 25ms}, Row{500ms, 50ms}, Row{1s, 50ms}, Row{2s, 200ms},
          Row{5s, 500ms}, Row{10s, 1s}, Row{19s, 1s}}) {
        for (Nanoseconds phase = 0ns; phase < 2s; phase += 333'333ns) {
            const Instant deadline = planTimer(Qt::CoarseTimer, interval, Start + phase).deadline;
            // What goes before but is no multiple: 25 ms before 4 ms, 250 ms before 200 ms.
            QVERIFY(isAt(deadline, grid) || isAt(deadline, grid < 25ms ? 25ms : 250ms));
        }
    }
    QVERIFY(planTimer(Qt::CoarseTimer, 1s, Start + 30ms).deadline == Start + 1s);
    QVERIFY(planTimer(Qt::CoarseTimer, 1s, Start + 480ms).deadline == Start + 1500ms);
    QVERIFY(planTimer(Qt::CoarseTimer, 1s, Start + 270ms).deadline == Start + 1250ms);
}

void tst_CoarseTimer::coarseTimersShareTheirWakeUps()
{
    std::mt19937_64 random(2);
    std::uniform_int_distribution<int> intervals(900, 1100);
    std::uniform_int_distribution<int> phases(0, 999'999);
    std::set<Instant> wakeUps;
    for (int i = 0; i < 10'000; ++i) {
        const Instant now = Start + std::chrono::microseconds(phases(random));
        wakeUps.insert(
            planTimer(Qt::CoarseTimer, std::chrono::milliseconds(intervals(random)), now).deadline);
    }
    // Due over 1.2 s, a wake-up at the multiples of 50 ms and the quarters only.
    QVERIFY(wakeUps.size() <= 27);
}

void tst_CoarseTimer::lateCoarseTimerIsNeverDueInThePast()
{
    std::mt19937_64 random(3);
    std::uniform_int_distribution<int> intervals(21, 2'000);
    std::uniform_int_distribution<qint64> phases(0, Nanoseconds(4s).count());
    for (int i = 0; i < 100'000; ++i) {
        const Nanoseconds interval = std::chrono::milliseconds(intervals(random));
        const Instant now = Start + Nanoseconds(phases(random));
        const Instant next = nextDeadline(Qt::CoarseTimer, interval, Start, now);
        const Instant exact = Start + interval >= now ? Start + interval : now + interval;
        QVERIFY(next >= now);
        QVERIFY(distance(next, exact) * 20 <= interval);
    }
}

void tst_CoarseTimer::veryCoarseIsDueAtFullSecondsWithinHalfASecond()
{
    for (const Nanoseconds interval :
         {Nanoseconds(1s), Nanoseconds(3s), Nanoseconds(25s), Nanoseconds(24h)}) {
        for (Nanoseconds phase = 0ns; phase < 2s; phase += 1'234'567ns) {
            const Instant now = Start + phase;
            const Instant deadline = planTimer(Qt::VeryCoarseTimer, interval, now).deadline;
            QVERIFY(isAt(deadline, 1s));
            QVERIFY(distance(deadline, now + interval) <= 500ms);
        }
    }
}

void tst_CoarseTimer::veryCoarseStaysAtFullSeconds()
{
    QVERIFY(nextDeadline(Qt::VeryCoarseTimer, 30s, Start, Start + 700ms) == Start + 30s);
    const Instant late = Start + 60s + 300ms;
    QVERIFY(nextDeadline(Qt::VeryCoarseTimer, 30s, Start, late) == Start + 91s);
}

void tst_CoarseTimer::repeatedPreciseDoesNotDrift()
{
    Instant deadline = planTimer(Qt::PreciseTimer, 1ms, Start).deadline;
    for (int i = 1; i < 1000; ++i)
        deadline = nextDeadline(Qt::PreciseTimer, 1ms, deadline, deadline + 60us);
    QVERIFY(deadline == Start + 1s);
}

void tst_CoarseTimer::repeatedCoarseKeepsItsRate_data()
{
    QTest::addColumn<int>("intervalMs");
    for (const int interval : {21, 23, 33, 77, 130, 333, 420, 950, 1050, 2100, 7777, 19'999})
        QTest::addRow("%d ms", interval) << interval;
}

/// As TimerQueue does it: a rounding is never the start of the next one.
void tst_CoarseTimer::repeatedCoarseKeepsItsRate()
{
    QFETCH(const int, intervalMs);
    TimerQueue timers;
    const Instant start = Start + 123'456'789ns;
    timers.insert(1, std::chrono::milliseconds(intervalMs), Qt::CoarseTimer, nullptr, start);
    constexpr int Count = 1000;
    for (int tick = 1; tick <= Count; ++tick) {
        const Instant exact = start + std::chrono::milliseconds(intervalMs) * tick;
        const Instant due = timers.nextDeadline();
        QVERIFY(distance(due, exact) * 20 <= std::chrono::milliseconds(intervalMs));
        const auto delivered = timers.takeDue(timers.beginBatch(due + 60us)); // a loop is a little late
        QVERIFY(delivered);
        timers.finish(*delivered);
    }
}

void tst_CoarseTimer::missedDeadlinesAreSkipped()
{
    QVERIFY(nextDeadline(Qt::PreciseTimer, 10ms, Start, Start + 35ms) == Start + 45ms);
    QVERIFY(nextDeadline(Qt::PreciseTimer, 10ms, Start, Start + 10ms + 1ns) == Start + 20ms + 1ns);
}

void tst_CoarseTimer::deadlineAtThisInstantIsNotMissed()
{
    QVERIFY(nextDeadline(Qt::PreciseTimer, 10ms, Start, Start + 10ms) == Start + 10ms);
}

void tst_CoarseTimer::hugeIntervalsDoNotOverflow_data()
{
    zeroIsDueAtOnce_data();
}

void tst_CoarseTimer::hugeIntervalsDoNotOverflow()
{
    QFETCH(Qt::TimerType, type);
    for (const Nanoseconds interval :
         {Nanoseconds::max(), Nanoseconds::max() - 1ns, Nanoseconds(Never - Start),
          Nanoseconds(LastFullSecond.time_since_epoch()), Nanoseconds::max() / 2}) {
        for (const Instant now : {Start, Start + 600ms, Start + 24h * 365}) {
            const TimerPlan plan = planTimer(type, interval, now);
            QVERIFY(plan.deadline - now > Nanoseconds::max() / 4);
            QVERIFY(plan.interval > Nanoseconds::max() / 4);
            const Instant next = nextDeadline(plan.type, plan.interval, plan.deadline, plan.deadline);
            QVERIFY(next >= plan.deadline);
        }
    }
}

QTEST_APPLESS_MAIN(tst_CoarseTimer)
#include "tst_coarsetimer.moc"
