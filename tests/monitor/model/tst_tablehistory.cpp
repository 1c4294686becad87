// SPDX-License-Identifier: MIT
#include "model/tablehistory.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

namespace {

ReceiverStats receiver(const char *className, std::uint64_t count, Duration total, Duration max = 1ms)
{
    return {
        .className = className, .kind = HandlerKind::Notifier, .count = count, .total = total, .max = max};
}

TimerStats timer(std::int64_t id, std::uint64_t fired, Duration lateness = 1ms)
{
    TimerStats result;
    result.className = "Clock";
    result.objectName = "tick";
    result.id = id;
    result.interval = 20ms;
    result.fired = fired;
    result.total = 1ms * static_cast<int>(fired);
    result.max = 2ms;
    result.latenessMean = lateness;
    result.latenessP99 = 3ms;
    return result;
}

/// One table a second from \a first to \a last: 10 runs of 1 ms each a second.
void fill(TableHistory &tables, int first, int last)
{
    for (int second = first; second <= last; ++second) {
        const auto runs = static_cast<std::uint64_t>(second) * 10;
        tables.addReceivers(second * 1s, {receiver("Socket", runs, 1ms * static_cast<int>(runs))});
    }
}

} // namespace

class tst_TableHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void totalsWithRecentRates();
    void spanHasItsOwnCounts();
    void spanIsWidenedToTables();
    void unchangedTablesAreNotSent();
    void maximumOfASpan();
    void newRowsBeginAtZero();
    void rowsWithoutRunsAreLeftOut();
    void evictedRowComesBack();
    void restartedTimerIsTheSame();
    void latenessOfASpanIsAMean();
    void mostExpensiveFirst();
    void longHistoryStaysCorrect();
    void manyRowsAreBounded();
    void ratesEndWithTheLastTable();
    void aNewRowHasNoRateForTheTimeBefore();
    void aRowThatComesBackToAFullTableIsALowerBound();
    void aRowOfOneTableHasNoRate();
    void fullTableAddsUp();
};

void tst_TableHistory::totalsWithRecentRates()
{
    TableHistory tables;
    fill(tables, 100, 130);
    const auto rows = tables.receivers({});
    QCOMPARE(rows.size(), 1u);
    QCOMPARE(rows[0].className, QStringLiteral("Socket"));
    QCOMPARE(rows[0].count, 1300u);
    QCOMPARE(rows[0].total, 1300ms);
    QCOMPARE(rows[0].perSecond, 10.0);
    QCOMPARE(rows[0].share, 0.01);
    QVERIFY(!rows[0].maxIsBound);
}

void tst_TableHistory::spanHasItsOwnCounts()
{
    TableHistory tables;
    fill(tables, 100, 130);
    const auto rows = tables.receivers(TimeSpan{110s, 115s});
    QCOMPARE(rows.size(), 1u);
    QCOMPARE(rows[0].count, 50u);
    QCOMPARE(rows[0].total, 50ms);
    QCOMPARE(rows[0].perSecond, 10.0);
}

void tst_TableHistory::spanIsWidenedToTables()
{
    TableHistory tables;
    fill(tables, 100, 130);
    const auto rows = tables.receivers(TimeSpan{110'400ms, 110'500ms});
    QCOMPARE(rows.at(0).count, 10u);
    QCOMPARE(rows.at(0).perSecond, 10.0);
}

void tst_TableHistory::unchangedTablesAreNotSent()
{
    TableHistory tables;
    fill(tables, 100, 110);
    tables.addReceivers(150s, {receiver("Socket", 101 * 10 + 100, 2s)});
    tables.advance(155s);
    QVERIFY(tables.receivers(TimeSpan{120s, 140s}).empty());
    QCOMPARE(tables.receivers(TimeSpan{149'500ms, 149'600ms}).at(0).count, 10u);
    tables.advance(200s);
    QCOMPARE(tables.receivers({}).at(0).perSecond, 0.0);
}

void tst_TableHistory::maximumOfASpan()
{
    TableHistory tables;
    tables.addReceivers(1s, {receiver("Socket", 10, 10ms, 5ms)});
    tables.addReceivers(2s, {receiver("Socket", 20, 20ms, 5ms)});
    tables.addReceivers(3s, {receiver("Socket", 30, 150ms, 120ms)});
    const auto calm = tables.receivers(TimeSpan{1s, 2s}).at(0);
    QCOMPARE(calm.max, 5ms);
    QVERIFY(calm.maxIsBound);
    const auto spike = tables.receivers(TimeSpan{2s, 3s}).at(0);
    QCOMPARE(spike.max, 120ms);
    QVERIFY(!spike.maxIsBound);
}

void tst_TableHistory::newRowsBeginAtZero()
{
    TableHistory tables;
    tables.addReceivers(1s, {receiver("Old", 1000, 1s)});
    tables.addReceivers(2s, {receiver("Old", 1010, 1s), receiver("New", 7, 7ms)});
    const auto rows = tables.receivers(TimeSpan{1s, 2s});
    QCOMPARE(rows.size(), 2u);
    QCOMPARE(rows[0].className, QStringLiteral("New"));
    QCOMPARE(rows[0].count, 7u);
    QCOMPARE(rows[1].count, 10u); // what was before the first table is not of the span
}

void tst_TableHistory::rowsWithoutRunsAreLeftOut()
{
    TableHistory tables;
    tables.addReceivers(1s, {receiver("A", 10, 1ms), receiver("B", 10, 1ms)});
    tables.addReceivers(2s, {receiver("A", 20, 2ms), receiver("B", 10, 1ms)});
    const auto rows = tables.receivers(TimeSpan{1s, 2s});
    QCOMPARE(rows.size(), 1u);
    QCOMPARE(rows[0].className, QStringLiteral("A"));
}

void tst_TableHistory::evictedRowComesBack()
{
    TableHistory tables;
    tables.addReceivers(1s, {receiver("A", 100, 100ms)});
    tables.addReceivers(2s, {receiver("A", 110, 110ms)});
    tables.addReceivers(3s, {});
    tables.addReceivers(4s, {receiver("A", 5, 5ms)});
    QCOMPARE(tables.receivers(TimeSpan{1s, 4s}).at(0).count, 15u);
    QCOMPARE(tables.receivers(TimeSpan{3s, 4s}).at(0).total, 5ms);
}

void tst_TableHistory::restartedTimerIsTheSame()
{
    TableHistory tables;
    tables.addTimers(1s, {timer(7, 100)});
    tables.addTimers(2s, {timer(9, 150)}); // stopped and started again
    const auto rows = tables.timers(TimeSpan{1s, 2s});
    QCOMPARE(rows.size(), 1u);
    QCOMPARE(rows[0].id, 9);
    QCOMPARE(rows[0].fired, 50u);

    tables.addTimers(3s, {timer(9, 160), timer(12, 3)}); // another one of its kind
    QCOMPARE(tables.timers(TimeSpan{2s, 3s}).size(), 2u);
}

void tst_TableHistory::latenessOfASpanIsAMean()
{
    TableHistory tables;
    tables.addTimers(1s, {timer(7, 100, 1ms)});
    tables.addTimers(2s, {timer(7, 200, 3ms)});
    QCOMPARE(tables.timers({}).at(0).latenessMean, 3ms);
    QCOMPARE(*tables.timers({}).at(0).latenessP99, 3ms);
    QCOMPARE(tables.timers(TimeSpan{1s, 2s}).at(0).latenessMean, 5ms);
    QVERIFY(!tables.timers(TimeSpan{1s, 2s}).at(0).latenessP99);
    QCOMPARE(tables.timers(TimeSpan{1s, 2s}).at(0).mean, 1ms);
}

void tst_TableHistory::mostExpensiveFirst()
{
    TableHistory tables;
    tables.addReceivers(1s, {receiver("A", 10, 1ms), receiver("B", 10, 9ms), receiver("C", 10, 5ms)});
    const auto rows = tables.receivers({});
    QCOMPARE(rows[0].className, QStringLiteral("B"));
    QCOMPARE(rows[2].className, QStringLiteral("A"));
}

void tst_TableHistory::longHistoryStaysCorrect()
{
    TableHistory tables;
    fill(tables, 100, 7300); // two hours
    QCOMPARE(tables.receivers(TimeSpan{7200s, 7210s}).at(0).count, 100u);
    const auto all = tables.receivers(TimeSpan{100s, 7300s}).at(0);
    QVERIFY(all.count >= 71'000 && all.count <= 72'000);
}

void tst_TableHistory::manyRowsAreBounded()
{
    TableHistory tables;
    for (int i = 1; i <= 3000; ++i)
        tables.addReceivers(i * 1s, {receiver(qPrintable(QString::number(i)), 10, 1ms)});
    QVERIFY(tables.receivers(TimeSpan{0s, 3000s}).size() <= 1024);
    QCOMPARE(tables.receivers(TimeSpan{2998s, 3000s}).size(), 2u);
}

void tst_TableHistory::ratesEndWithTheLastTable()
{
    TableHistory tables;
    fill(tables, 100, 130);
    for (const Time now : {130'100ms, 130'500ms, 131'000ms}) {
        tables.advance(now);
        QCOMPARE(tables.receivers({}).at(0).perSecond, 10.0);
    }
}

void tst_TableHistory::aNewRowHasNoRateForTheTimeBefore()
{
    TableHistory tables;
    fill(tables, 100, 110);
    for (int second = 111; second <= 113; ++second) {
        const auto runs = static_cast<std::uint64_t>(second) * 10;
        tables.addReceivers(second * 1s, {receiver("Socket", runs, 1ms * static_cast<int>(runs)),
                                          receiver("New", runs - 1100, 1ms)});
    }
    const auto rows = tables.receivers({});
    QCOMPARE(rows.at(1).className, QStringLiteral("New"));
    QCOMPARE(rows.at(1).perSecond, 10.0);
    QVERIFY(!rows.at(1).known.rateIsLeast && !rows.at(1).known.totalIsLeast);
}

/// A timer that fires 10 times a second, of many, in a table that is full.
void tst_TableHistory::aRowThatComesBackToAFullTableIsALowerBound()
{
    TableHistory tables;
    TimerStats others;
    others.className = "(others)";
    const auto add = [&](Time at, std::uint64_t sum, std::optional<std::uint64_t> fired) {
        others.fired = sum;
        others.total = 1ms * static_cast<int>(sum);
        std::vector<TimerStats> rows{others};
        if (fired)
            rows.push_back(timer(7, *fired));
        tables.addTimers(at, rows);
    };
    add(100s, 1000, 50);
    add(101s, 1060, std::nullopt); // made room
    add(102s, 1070, std::nullopt);
    add(103s, 1075, 5);
    add(104s, 1075, 15);
    const auto rows = tables.timers({});
    QCOMPARE(rows.size(), 2u);
    const TimerRow &row = rows[0].id == 7 ? rows[0] : rows[1];
    QCOMPARE(row.perSecond, 7.5); // 15 in the 2 s since the last table without it
    QVERIFY(row.known.rate && row.known.rateIsLeast && row.known.totalIsLeast);

    for (int second = 105; second <= 114; ++second)
        add(second * 1s, 1075, static_cast<std::uint64_t>(15 + 10 * (second - 104)));
    const auto settled = tables.timers({});
    QCOMPARE(settled[0].id == 7 ? settled[0].perSecond : settled[1].perSecond, 10.0);
    QVERIFY(!settled[0].known.rateIsLeast && !settled[1].known.rateIsLeast);
}

void tst_TableHistory::aRowOfOneTableHasNoRate()
{
    TableHistory tables;
    tables.addReceivers(100s, {receiver("Socket", 1000, 1s)});
    QVERIFY(!tables.receivers({}).at(0).known.rate);
    tables.addReceivers(101s, {receiver("Socket", 1010, 1s)});
    QVERIFY(tables.receivers({}).at(0).known.rate);
    QCOMPARE(tables.receivers({}).at(0).perSecond, 10.0);
}

/// Two timers that fire 10 times a second each share one place.
void tst_TableHistory::fullTableAddsUp()
{
    TableHistory tables;
    std::uint64_t others = 0;
    std::uint64_t fired = 0;
    for (int second = 100; second <= 130; ++second) {
        // Each has the place for three tables, and then goes with all that it had, and what it did since.
        const bool changes = second % 3 == 0;
        if (changes)
            others += fired + 5;
        fired = changes ? 5 : fired + 10;
        others += 10; // the one without a place has fired in the places of others
        TimerStats sum;
        sum.className = "(others)";
        sum.fired = others;
        tables.addTimers(second * 1s, {sum, timer(second / 3 % 2 == 0 ? 7 : 8, fired)});
    }
    const auto rows = tables.timers(TimeSpan{120s, 130s});
    std::uint64_t count = 0;
    for (const TimerRow &row : rows)
        count += row.fired;
    QCOMPARE(count, 200u);
}

QTEST_APPLESS_MAIN(tst_TableHistory)
#include "tst_tablehistory.moc"
