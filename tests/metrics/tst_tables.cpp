// SPDX-License-Identifier: MIT
#include "metrics/receivertable.h"
#include "metrics/timertable.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <memory>
#include <numeric>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

void record(ReceiverTable &table, const std::string &className, Nanoseconds duration,
            HandlerKind kind = HandlerKind::Timer)
{
    const ReceiverTable::Index index = table.pin(className.c_str(), kind);
    table.record(index, duration);
    table.unpin(index);
}

TimerTable::Firing firingOf(const void *identity, Nanoseconds interval, std::u16string_view name = {})
{
    TimerTable::Firing firing;
    firing.subject.className = "Foo";
    firing.subject.objectName = name;
    firing.subject.id = 7;
    firing.subject.identity = identity;
    firing.interval = interval;
    return firing;
}

} // namespace

class tst_Tables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void receiversByNameAndKind();
    void sameNameElsewhereIsTheSameClass();
    void otherNameAtTheSameAddressIsAnotherClass();
    void fullTableLosesNoFigures();
    void pinnedReceiverStays();
    void timersByObjectAndInterval();
    void latenessOfTimers();
    void fullTimerTableKeepsTheBusyOnes();
    void timerThatWasReplacedMeanwhile();
    void figuresOfManyTimersAddUp();
    void costliestOfManyTimersAreRight();
    void latenessPercentileIsWithinTheMaximum();
    void longNamesAreCut();
};

void tst_Tables::receiversByNameAndKind()
{
    auto table = std::make_unique<ReceiverTable>();
    record(*table, "Foo", 3ms);
    record(*table, "Foo", 5ms);
    record(*table, "Foo", 9ms, HandlerKind::Notifier);
    record(*table, "Bar", 1ms);
    const std::vector<ReceiverStats> stats = table->snapshot();
    QCOMPARE(stats.size(), std::size_t(3));
    QCOMPARE(stats[0].kind, HandlerKind::Notifier);
    QCOMPARE(stats[1].className, std::string("Foo"));
    QCOMPARE(stats[1].count, std::uint64_t(2));
    QCOMPARE(stats[1].total, Nanoseconds(8ms));
    QCOMPARE(stats[1].max, Nanoseconds(5ms));
    QCOMPARE(stats[2].className, std::string("Bar"));
}

void tst_Tables::sameNameElsewhereIsTheSameClass()
{
    auto table = std::make_unique<ReceiverTable>();
    const std::string one = "SomeClass";
    const std::string two = "SomeClass";
    QVERIFY(one.data() != two.data());
    record(*table, one, 1ms);
    record(*table, two, 1ms);
    QCOMPARE(table->snapshot().size(), std::size_t(1));
}

void tst_Tables::otherNameAtTheSameAddressIsAnotherClass()
{
    auto table = std::make_unique<ReceiverTable>();
    std::string name = "First";
    record(*table, name, 1ms);
    name.assign("Other"); // a meta-object that went, and another one in its place
    record(*table, name, 1ms);
    QCOMPARE(table->snapshot().size(), std::size_t(2));
}

void tst_Tables::fullTableLosesNoFigures()
{
    auto table = std::make_unique<ReceiverTable>();
    for (int i = 0; i < 2000; ++i)
        record(*table, "Class" + std::to_string(i), 1ms);
    const std::vector<ReceiverStats> stats = table->snapshot();
    QVERIFY(stats.size() <= 257);
    const std::uint64_t count =
        std::accumulate(stats.begin(), stats.end(), std::uint64_t(0),
                        [](std::uint64_t sum, const ReceiverStats &s) { return sum + s.count; });
    QCOMPARE(count, std::uint64_t(2000));
    QCOMPARE(stats.front().className, std::string("(others)"));
}

void tst_Tables::pinnedReceiverStays()
{
    auto table = std::make_unique<ReceiverTable>();
    const ReceiverTable::Index index = table->pin("Pinned", HandlerKind::Timer);
    for (int i = 0; i < 5000; ++i)
        record(*table, "Class" + std::to_string(i), 1ms);
    QCOMPARE(std::string(table->className(index).text.data()), std::string("Pinned"));
    table->record(index, 1s);
    table->unpin(index);
    QVERIFY(std::ranges::any_of(
        table->snapshot(), [](const ReceiverStats &s) { return s.className == "Pinned" && s.max == 1s; }));
}

void tst_Tables::timersByObjectAndInterval()
{
    auto table = std::make_unique<TimerTable>();
    const int objects[2] = {};
    table->record(table->fire(firingOf(&objects[0], 10ms, u"one"), 0ns), 3ms);
    table->record(table->fire(firingOf(&objects[0], 10ms, u"renamed"), 0ns), 1ms);
    table->record(table->fire(firingOf(&objects[0], 20ms), 0ns), 2ms);
    table->record(table->fire(firingOf(&objects[1], 10ms), 0ns), 1ms);
    const std::vector<TimerStats> stats = table->snapshot();
    QCOMPARE(stats.size(), std::size_t(3));
    QCOMPARE(stats.front().fired, std::uint64_t(2));
    QCOMPARE(stats.front().total, Nanoseconds(4ms));
    QCOMPARE(stats.front().max, Nanoseconds(3ms));
    QCOMPARE(stats.front().objectName, std::string("renamed"));
    QCOMPARE(stats.front().interval, Nanoseconds(10ms));
}

void tst_Tables::latenessOfTimers()
{
    auto table = std::make_unique<TimerTable>();
    const int object = 0;
    for (int i = 1; i <= 1000; ++i)
        table->record(table->fire(firingOf(&object, 10ms), std::chrono::microseconds(i)), 0ns);
    const TimerStats stats = table->snapshot().front();
    QCOMPARE(stats.latenessMax, Nanoseconds(1ms));
    QCOMPARE(stats.latenessMean, Nanoseconds(500'500));
    QVERIFY(stats.latenessP99 > 990us * 0.87);
    QVERIFY(stats.latenessP99 < 990us * 1.13);
}

void tst_Tables::fullTimerTableKeepsTheBusyOnes()
{
    auto table = std::make_unique<TimerTable>();
    const std::vector<int> objects(1000);
    for (int i = 0; i < 1000; ++i) {
        table->record(table->fire(firingOf(&objects[std::size_t(i)], 1ms), 0ns), 1us);
        table->record(table->fire(firingOf(&objects[0], 1ms, u"busy"), 0ns), 1ms);
    }
    const std::vector<TimerStats> stats = table->snapshot();
    QVERIFY(stats.size() <= 129);
    QCOMPARE(stats.front().objectName, std::string("busy"));
    QCOMPARE(stats.front().fired, std::uint64_t(1001));
}

void tst_Tables::timerThatWasReplacedMeanwhile()
{
    auto table = std::make_unique<TimerTable>();
    const std::vector<int> objects(1000);
    const TimerTable::Handle first = table->fire(firingOf(&objects[0], 1ms), 0ns);
    for (std::size_t i = 1; i < 1000; ++i) // a nested loop
        table->record(table->fire(firingOf(&objects[i], 1ms), 0ns), 1us);
    QVERIFY(!table->holds(first));
    table->record(first, 1h);
    for (const TimerStats &stats : table->snapshot())
        QVERIFY(stats.max < 1h);
}

void tst_Tables::figuresOfManyTimersAddUp()
{
    auto table = std::make_unique<TimerTable>();
    const std::vector<int> objects(2000);
    for (int round = 0; round < 10; ++round) {
        for (const int &object : objects)
            table->record(table->fire(firingOf(&object, 1ms), 0ns), 2us);
    }
    std::uint64_t fired = 0;
    Nanoseconds total{};
    const std::vector<TimerStats> stats = table->snapshot();
    QVERIFY(stats.size() <= 129);
    for (const TimerStats &row : stats) {
        fired += row.fired;
        total += row.total;
    }
    QCOMPARE(fired, std::uint64_t(20'000));
    QCOMPARE(total, Nanoseconds(40ms));
    QCOMPARE(stats.front().className, std::string("(others)"));
}

/// All of them fire in turn, so that the table has no rest.
void tst_Tables::costliestOfManyTimersAreRight()
{
    auto table = std::make_unique<TimerTable>();
    const std::vector<int> objects(2000);
    constexpr std::size_t Stride = 250; // every 250th one is costly
    for (int round = 0; round < 50; ++round) {
        for (std::size_t i = 0; i < objects.size(); ++i)
            table->record(table->fire(firingOf(&objects[i], 1ms), 0ns), i % Stride == 0 ? 1ms : 1us);
    }
    std::vector<TimerStats> stats = table->snapshot();
    std::erase_if(stats, [](const TimerStats &row) { return row.className == "(others)"; });
    for (std::size_t i = 0; i < objects.size() / Stride; ++i) {
        QVERIFY(stats.at(i).total >= Nanoseconds(40ms)); // of 50 ms
        QVERIFY(stats.at(i).total <= Nanoseconds(50ms));
        QCOMPARE(stats.at(i).total, Nanoseconds(1ms) * static_cast<std::int64_t>(stats.at(i).fired));
    }
}

void tst_Tables::latenessPercentileIsWithinTheMaximum()
{
    auto table = std::make_unique<TimerTable>();
    const int object = 0;
    for (int i = 0; i < 100; ++i)
        table->fire(firingOf(&object, 10ms), 1'030us); // less than the middle of its bucket
    QVERIFY(table->snapshot().front().latenessP99 <= Nanoseconds(1'030us));
    table->resetMaxima();
    table->fire(firingOf(&object, 10ms), 5us);
    QVERIFY(table->snapshot().front().latenessP99 <= table->snapshot().front().latenessMax);
}

void tst_Tables::longNamesAreCut()
{
    auto table = std::make_unique<ReceiverTable>();
    const std::string name(500, 'x');
    record(*table, name, 1ms);
    record(*table, name, 1ms);
    QCOMPARE(table->snapshot().size(), std::size_t(1));
    QCOMPARE(table->snapshot().front().className, std::string(63, 'x'));
    ObjectName objectName;
    objectName.assign(std::u16string(100, u'\u00e4'));
    QCOMPARE(objectName.toString().size(), std::size_t(64)); // 32 of two bytes each
    QVERIFY(objectName.matches(std::u16string(100, u'\u00e4')));
}

QTEST_GUILESS_MAIN(tst_Tables)
#include "tst_tables.moc"
