// SPDX-License-Identifier: MIT
#include "ticks.h"

#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

class TicksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void durationsArePowersOfTen();
    void fewLabelsWhereRoomIsScarce_data();
    void fewLabelsWhereRoomIsScarce();
    void countsAreRound_data();
    void countsAreRound();
    void momentsAreRoundOnTheWallClock();
    void momentsStayInsideOfTheSpan();
    void momentsHaveTheDecimalsOfTheirStep();
    void shortMomentsAreExact();
    void momentsFitBesideEachOther_data();
    void momentsFitBesideEachOther();
    void nothingForNoTime();
};

static QStringList labels(const std::vector<Tick> &ticks)
{
    QStringList labels;
    for (const Tick &tick : ticks)
        if (!tick.label.isEmpty())
            labels << tick.label;
    return labels;
}

void TicksTest::durationsArePowersOfTen()
{
    const auto ticks = durationTicks(1us, 1s, 7);
    QCOMPARE(ticks.size(), 7u);
    QCOMPARE(ticks.front().position, 3.0);
    QCOMPARE(ticks.back().position, 9.0);
    QCOMPARE(ticks.front().label, QStringLiteral("1 µs"));
    QCOMPARE(ticks.back().label, QStringLiteral("1 s"));
}

void TicksTest::fewLabelsWhereRoomIsScarce_data()
{
    QTest::addColumn<int>("room");
    QTest::addColumn<QStringList>("expected");
    const auto list = [](const char *text) { return QString::fromUtf8(text).split(QLatin1Char('|')); };
    QTest::newRow("all") << 7 << list("1 µs|10 µs|100 µs|1 ms|10 ms|100 ms|1 s");
    QTest::newRow("every second") << 4 << list("1 µs|100 µs|10 ms|1 s");
    QTest::newRow("every third") << 3 << list("1 µs|1 ms|1 s");
    QTest::newRow("never fewer") << 1 << list("1 µs|1 ms|1 s");
}

void TicksTest::fewLabelsWhereRoomIsScarce()
{
    QFETCH(int, room);
    QFETCH(QStringList, expected);
    QCOMPARE(labels(durationTicks(1us, 1s, room)), expected);
}

void TicksTest::countsAreRound_data()
{
    QTest::addColumn<double>("most");
    QTest::addColumn<QString>("unit");
    QTest::addColumn<QStringList>("expected");
    const auto list = [](const char *text) { return QString::fromUtf8(text).split(QLatin1Char('|')); };
    QTest::newRow("percent") << 100.0 << QStringLiteral("%") << list("0 %|50 %|100 %");
    QTest::newRow("tens") << 37.0 << QString() << list("0|10|20|30|40");
    QTest::newRow("fractions") << 1.0 << QStringLiteral("/s") << list("0 /s|0.5 /s|1.0 /s");
    QTest::newRow("thousands") << 38'000.0 << QStringLiteral("/s")
                               << list("0 /s|10 k/s|20 k/s|30 k/s|40 k/s");
    QTest::newRow("nothing") << 0.0 << QString() << QStringList();
}

void TicksTest::countsAreRound()
{
    QFETCH(double, most);
    QFETCH(QString, unit);
    QFETCH(QStringList, expected);
    const auto ticks = countTicks(most, 4, unit);
    QCOMPARE(ticks.front().position, 0.0);
    QVERIFY(ticks.back().position >= most);
    QVERIFY(ticks.size() >= 2);
    if (!expected.isEmpty())
        QCOMPARE(labels(ticks), expected);
}

void TicksTest::momentsAreRoundOnTheWallClock()
{
    // The monotonic clock is 3 s past a full minute of the wall clock's.
    const TimeSpan span{1003s, 1063s};
    const auto ticks = timeTicks(span, 17s, 6);
    QCOMPARE(ticks.size(), 6u);
    QCOMPARE(ticks.front().at, Time(1003s)); // 1020 s on the wall clock
    QVERIFY(ticks.front().label.endsWith(QStringLiteral(":17:00")));
    QCOMPARE(ticks[1].at - ticks[0].at, Duration(10s));
}

void TicksTest::momentsStayInsideOfTheSpan()
{
    for (const Duration length :
         {Duration(10us), Duration(20ms), Duration(1s), Duration(59s), Duration(10min), Duration(5h)}) {
        const TimeSpan span{1234567ms, 1234567ms + length};
        const auto ticks = timeTicks(span, 1700000000123ms, 6);
        QVERIFY(!ticks.empty());
        QVERIFY(ticks.size() <= 7);
        QVERIFY(span.contains(ticks.front().at));
        QVERIFY(span.contains(ticks.back().at));
    }
}

void TicksTest::momentsHaveTheDecimalsOfTheirStep()
{
    QVERIFY(timeTicks({0s, 10s}, 0s, 10).front().label.endsWith(QStringLiteral(":00:00")));
    QVERIFY(timeTicks({0s, 10s}, 0s, 20).front().label.endsWith(QStringLiteral(":00:00.0")));
    QVERIFY(timeTicks({0s, 1s}, 0s, 50).front().label.endsWith(QStringLiteral(":00:00.00")));
    QVERIFY(timeTicks({0s, 100ms}, 0s, 50).front().label.endsWith(QStringLiteral(":00:00.000")));
    QVERIFY(timeTicks({0s, 10us}, 0s, 10).front().label.endsWith(QStringLiteral(":00:00.000000")));
}

void TicksTest::shortMomentsAreExact()
{
    const auto ticks = timeTicks({90'000s + 123456us, 90'000s + 123466us}, 0s, 5);
    QCOMPARE(ticks.size(), 5u);
    QVERIFY2(ticks[1].label.endsWith(QStringLiteral(":00:00.123458")), qPrintable(ticks[1].label));
    QCOMPARE(ticks[1].at - ticks[0].at, Duration(2us));
    QCOMPARE(decimalsIn({0s, 10s}), 3);
    QCOMPARE(decimalsIn({0s, 10ms}), 5);
    QCOMPARE(decimalsIn({0s, 10us}), 8);
}

void TicksTest::momentsFitBesideEachOther_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<Duration>("span");
    for (const int length : {100, 400, 850, 3300})
        for (const Duration span :
             {Duration(30us), Duration(30ms), Duration(7s), Duration(10s), Duration(1min)})
            QTest::addRow("%d pixels, %lld us", length, static_cast<long long>(span / 1us)) << length << span;
}

void TicksTest::momentsFitBesideEachOther()
{
    QFETCH(int, length);
    QFETCH(Duration, span);
    const auto textWidth = [](const QString &text) { return 8.0 * double(text.size()); };
    const auto ticks = fittingTimeTicks({100s, Time(100s) + span}, 0s, length, textWidth);
    for (std::size_t i = 1; i < ticks.size(); ++i) {
        const double apart = double((ticks[i].at - ticks[i - 1].at).count()) / double(span.count()) * length;
        QVERIFY(apart >= textWidth(ticks[i].label));
        QCOMPARE(ticks[i].label.size(), ticks[0].label.size());
    }
}

void TicksTest::nothingForNoTime()
{
    QVERIFY(timeTicks({1s, 1s}, 0s, 5).empty());
    QVERIFY(timeTicks({1s, 2s}, 0s, 0).empty());
}

QTEST_APPLESS_MAIN(TicksTest)
#include "tst_ticks.moc"
