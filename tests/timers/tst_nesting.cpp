// SPDX-License-Identifier: MIT
#include "timers/nesting.h"
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

#include <vector>

using namespace std::chrono_literals;
using Flywheel::clampNested;
using Flywheel::Instant;
using Flywheel::Nanoseconds;
using Flywheel::NestingLevel;
using Flywheel::TimerQueue;

/// The rules of the HTML Living Standard, timer initialization steps.
class tst_Nesting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void upToLevelFiveNothingChanges();
    void deeperIntervalsAreAtLeastFourMilliseconds();
    void unclampedTimersNeverChange();
    void levelGrowsByOneAndStopsInTheEnd();
    void repeatsCountAsNested();
    void scopesRestoreTheLevel();
};

void tst_Nesting::upToLevelFiveNothingChanges()
{
    for (int level = 0; level <= 5; ++level) {
        QCOMPARE(clampNested(0ns, NestingLevel(level)), 0ns);
        QCOMPARE(clampNested(1ms, NestingLevel(level)), Nanoseconds(1ms));
    }
}

void tst_Nesting::deeperIntervalsAreAtLeastFourMilliseconds()
{
    for (const int level : {6, 7, 100, 250}) {
        QCOMPARE(clampNested(0ns, NestingLevel(level)), Nanoseconds(4ms));
        QCOMPARE(clampNested(3999999ns, NestingLevel(level)), Nanoseconds(4ms));
        QCOMPARE(clampNested(4ms, NestingLevel(level)), Nanoseconds(4ms));
        QCOMPARE(clampNested(5ms, NestingLevel(level)), Nanoseconds(5ms));
    }
}

void tst_Nesting::unclampedTimersNeverChange()
{
    QCOMPARE(clampNested(0ns, NestingLevel::Unclamped), 0ns);
    QCOMPARE(deeper(NestingLevel::Unclamped), NestingLevel::Unclamped);
    QCOMPARE(shallower(NestingLevel::Unclamped), NestingLevel::Unclamped);
}

void tst_Nesting::levelGrowsByOneAndStopsInTheEnd()
{
    QCOMPARE(deeper(NestingLevel::Outside), NestingLevel(1));
    QCOMPARE(shallower(NestingLevel(1)), NestingLevel::Outside);
    NestingLevel level = NestingLevel::Outside;
    for (int i = 0; i < 1000; ++i)
        level = deeper(level);
    QCOMPARE(level, NestingLevel::Deepest);
}

void tst_Nesting::repeatsCountAsNested()
{
    // An interval of 1 ms: started outside (level 0), its repeats are started at levels 1, 2, 3 …: the sixth
    // repeat is the first that is started deeper than level 5.
    TimerQueue timers;
    Instant now{1000s};
    timers.insert(-1, 1ms, Qt::PreciseTimer, nullptr, now, NestingLevel::Outside);
    std::vector<Nanoseconds> intervals;
    std::vector<NestingLevel> levels;
    for (int i = 0; i < 9; ++i) {
        intervals.push_back(timers.nextDeadline() - now);
        now = timers.nextDeadline();
        const auto due = timers.takeDue(timers.beginBatch(now));
        QVERIFY(due);
        QCOMPARE(due->interval, intervals.back());
        levels.push_back(due->level);
        timers.finish(*due);
    }
    const std::vector<Nanoseconds> expected{1ms, 1ms, 1ms, 1ms, 1ms, 1ms, 4ms, 4ms, 4ms};
    QCOMPARE(intervals, expected);
    QCOMPARE(levels.front(), NestingLevel(1));
    QCOMPARE(levels.back(), NestingLevel(9));
}

void tst_Nesting::scopesRestoreTheLevel()
{
    NestingLevel current = NestingLevel::Outside;
    {
        const Flywheel::NestingScope outer(current, NestingLevel(3));
        QCOMPARE(current, NestingLevel(3));
        {
            const Flywheel::NestingScope inner(current, NestingLevel::Outside);
            QCOMPARE(current, NestingLevel::Outside);
        }
        QCOMPARE(current, NestingLevel(3));
    }
    QCOMPARE(current, NestingLevel::Outside);
}

QTEST_GUILESS_MAIN(tst_Nesting)
#include "tst_nesting.moc"
