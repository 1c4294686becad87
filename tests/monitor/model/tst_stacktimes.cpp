// SPDX-License-Identifier: MIT
#include "model/stacktimes.h"

#include "monitor/support/stacks.h"
#include "monitor/support/watched.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// How much of a stall each of its stacks stands for.
class tst_StackTimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_watched.reset(); }

    void onlyStackStandsForAll();
    void stacksShareTheTimeBetweenThem();
    void repeatedStackLastsUntilItWasSeenLast();
    void onlyTheSpanCounts();
    void stallsWithoutStacksAreCounted();
    void goingOnCounts();
    void impossibleTimesStayWithinTheStall_data();
    void impossibleTimesStayWithinTheStall();

private:
    StackTimes timesOf(const std::vector<Stall> &stalls, const std::optional<TimeSpan> &span = {});
    std::vector<Duration> each(const StackTimes &times) const;

    std::unique_ptr<Watched> m_watched;
};

void tst_StackTimes::init()
{
    m_watched = std::make_unique<Watched>();
    QVERIFY(m_watched->isAttached());
}

StackTimes tst_StackTimes::timesOf(const std::vector<Stall> &stalls, const std::optional<TimeSpan> &span)
{
    Telemetry::LoopFrame loop = idleLoop(100s);
    loop.stalls = stalls;
    if (!m_watched->show(100s, {loop}))
        qFatal("the frame did not arrive");
    return stackTimesOf({m_watched->loop()}, span);
}

std::vector<Duration> tst_StackTimes::each(const StackTimes &times) const
{
    std::vector<Duration> result;
    for (const TimedStack &stack : times.stacks)
        result.push_back(stack.time);
    return result;
}

void tst_StackTimes::onlyStackStandsForAll()
{
    const StackTimes times = timesOf({stallWith(1, 10s, 80ms, {stackAt(10050ms, {1})})});
    QCOMPARE(each(times), std::vector<Duration>{80ms});
    QCOMPARE(times.stalls, 1u);
    QCOMPARE(times.stalled, 80ms);
    QCOMPARE(times.unseen, 0u);
}

void tst_StackTimes::stacksShareTheTimeBetweenThem()
{
    const StackTimes times = timesOf({stallWith(
        1, 10s, 500ms,
        {stackAt(10050ms, {1}), stackAt(10100ms, {2}), stackAt(10200ms, {3}), stackAt(10400ms, {4})})});
    QCOMPARE(each(times), (std::vector<Duration>{75ms, 75ms, 150ms, 200ms}));
}

/// At 50, 100 and 200 ms; another one at 400 ms.
void tst_StackTimes::repeatedStackLastsUntilItWasSeenLast()
{
    StackSample repeated = stackAt(10050ms, {1});
    repeated.count = 3;
    const StackTimes times = timesOf({stallWith(1, 10s, 500ms, {repeated, stackAt(10400ms, {2})})});
    QCOMPARE(each(times), (std::vector<Duration>{300ms, 200ms}));
}

void tst_StackTimes::onlyTheSpanCounts()
{
    const Stall stall = stallWith(1, 10s, 500ms, {stackAt(10100ms, {1}), stackAt(10300ms, {2})});
    StackTimes times = timesOf({stall}, TimeSpan{10150ms, 10250ms});
    QCOMPARE(each(times), (std::vector<Duration>{50ms, 50ms}));
    QCOMPARE(times.stalled, 100ms);
    times = timesOf({}, TimeSpan{10400ms, 20s});
    QCOMPARE(each(times), std::vector<Duration>{100ms});
    QCOMPARE(timesOf({}, TimeSpan{20s, 30s}).stalls, 0u);
}

void tst_StackTimes::stallsWithoutStacksAreCounted()
{
    Stall blind = stall(2, 20s, 60ms);
    blind.stackProblem = "the thread blocks signals";
    const StackTimes times = timesOf({stallWith(1, 10s, 80ms, {stackAt(10050ms, {1})}), blind});
    QCOMPARE(times.stalls, 2u);
    QCOMPARE(times.stalled, 140ms);
    QCOMPARE(times.unseen, 1u);
    QCOMPARE(times.unseenTime, 60ms);
    QCOMPARE(times.problem, QStringLiteral("the thread blocks signals"));
}

void tst_StackTimes::goingOnCounts()
{
    Telemetry::LoopFrame loop = idleLoop(100s);
    loop.ongoingStall = stallWith(1, 99s, 1s, {stackAt(99050ms, {1})});
    QVERIFY(m_watched->show(100s, {loop}));
    QCOMPARE(each(stackTimesOf({m_watched->loop()}, {})), std::vector<Duration>{1s});
}

void tst_StackTimes::impossibleTimesStayWithinTheStall_data()
{
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("second");
    QTest::addColumn<quint32>("count");
    QTest::newRow("before") << qint64(0) << qint64(1) << 1u;
    QTest::newRow("after") << qint64(20'000'000'000) << qint64(30'000'000'000) << 1u;
    QTest::newRow("backwards") << qint64(10'300'000'000) << qint64(10'100'000'000) << 1u;
    QTest::newRow("many") << qint64(10'050'000'000) << qint64(10'100'000'000) << 4'000'000'000u;
    QTest::newRow("at once") << qint64(10'000'000'000) << qint64(10'000'000'000) << 4'000'000'000u;
}

void tst_StackTimes::impossibleTimesStayWithinTheStall()
{
    QFETCH(qint64, first);
    QFETCH(qint64, second);
    QFETCH(quint32, count);
    StackSample repeated = stackAt(Duration(first), {1});
    repeated.count = count;
    const StackTimes times = timesOf({stallWith(1, 10s, 500ms, {repeated, stackAt(Duration(second), {2})})});
    Duration sum{};
    for (const TimedStack &stack : times.stacks) {
        QVERIFY(stack.time > Duration());
        sum += stack.time;
    }
    QCOMPARE(sum, 500ms);
}

QTEST_GUILESS_MAIN(tst_StackTimes)
#include "tst_stacktimes.moc"
