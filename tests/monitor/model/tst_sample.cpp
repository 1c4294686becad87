// SPDX-License-Identifier: MIT
#include "model/sample.h"

#include "monitor/support/frames.h"

#include <QtTest/qtest.h>

#include <limits>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

bool isWithin(double value, double wanted, double share)
{
    return std::abs(value - wanted) <= wanted * share;
}

bool isWithin(std::chrono::nanoseconds value, std::chrono::nanoseconds wanted, double share)
{
    return isWithin(static_cast<double>(value.count()), static_cast<double>(wanted.count()), share);
}

} // namespace

class tst_Sample : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void percentilesComeFromTheInterval();
    void handlersOfAllKindsAreOneSeries();
    void postedEventsCountOnceWithTheirBatch();
    void postedEventsWithoutBatchesCount();
    void utilisationIsTheBusyShare();
    void ratesAreASecond();
    void noDurationsNoPercentiles();
    void impossibleFiguresAreBounded();
    void mergingKeepsPercentilesAndPeaks();
    void compactHistogramsKeepQuantiles_data();
    void compactHistogramsKeepQuantiles();
};

void tst_Sample::percentilesComeFromTheInterval()
{
    Telemetry::LoopFrame loop = idleLoop(1s);
    add(loop.passTime, series(90, 1ms));
    add(loop.passTime, series(9, 10ms));
    add(loop.passTime, series(1, 100ms));
    loop.passTime.maxEver = 5s; // of the loop's life, which is no concern of the interval
    const SeriesSample pass = sampleOf(loop, {}).of(SeriesKind::Pass);
    QCOMPARE(pass.count, 100u);
    QVERIFY(isWithin(pass.p50.count(), 1e6, 0.01));
    QVERIFY(isWithin(pass.p90.count(), 1e6, 0.01));
    QVERIFY(isWithin(pass.p99.count(), 10e6, 0.01));
    QVERIFY(isWithin(pass.max.count(), 100e6, 0.01));
}

void tst_Sample::handlersOfAllKindsAreOneSeries()
{
    Telemetry::LoopFrame loop = idleLoop(1s);
    loop.handlerTime[0] = series(1, 1ms);
    loop.handlerTime[1] = series(2, 2ms);
    loop.handlerTime[5] = series(1, 8ms);
    const SeriesSample handler = sampleOf(loop, {}).of(SeriesKind::Handler);
    QCOMPARE(handler.count, 4u);
    QVERIFY(isWithin(handler.p50.count(), 2e6, 0.01));
    QVERIFY(isWithin(handler.max.count(), 8e6, 0.01));
}

/// The single ones, where they are known: three batches of a hundred events are a hundred.
void tst_Sample::postedEventsCountOnceWithTheirBatch()
{
    Telemetry::LoopFrame loop = idleLoop(1s);
    loop.handlerRuns = {1, 2, 3, 4, 100, 5};
    loop.handlerTime[2] = series(3, 40ms);
    loop.handlerTime[4] = series(100, 1ms);
    const Sample sample = sampleOf(loop, {});
    QCOMPARE(sample.events(), 112u);
    QCOMPARE(sample.of(SeriesKind::Handler).count, 100u);
    QCOMPARE(sample.handled(HandlerKind::PostedBatch), 100u);
    QCOMPARE(sample.runs[4], 100u);
}

/// As a hosted loop records them, or a batch that does not end for more and more are posted.
void tst_Sample::postedEventsWithoutBatchesCount()
{
    Telemetry::LoopFrame loop = busyLoop(1s, 90ms, 100, HandlerKind::PostedEvent);
    const Sample sample = sampleOf(loop, {});
    QCOMPARE(sample.events(), 100u);
    QCOMPARE(sample.handled(HandlerKind::PostedBatch), 100u);
    QCOMPARE(sample.handled(HandlerKind::PostedEvent), 0u);
    QCOMPARE(sample.of(SeriesKind::Handler).count, 100u);
}

void tst_Sample::utilisationIsTheBusyShare()
{
    QVERIFY(isWithin(sampleOf(busyLoop(1s, 63ms), {}).utilisation(), 0.63, 1e-6));
    QCOMPARE(sampleOf(idleLoop(1s), {}).utilisation(), 0.0);
    QCOMPARE(Sample().utilisation(), 0.0);
}

void tst_Sample::ratesAreASecond()
{
    const Sample sample = sampleOf(busyLoop(1s, 10ms, 30), {});
    QVERIFY(isWithin(sample.perSecond(sample.events()), 300.0, 1e-6));
    QCOMPARE(Sample().perSecond(5), 0.0);
}

void tst_Sample::noDurationsNoPercentiles()
{
    const SeriesSample handler = sampleOf(idleLoop(1s), {}).of(SeriesKind::Handler);
    QCOMPARE(handler.count, 0u);
    QCOMPARE(handler.max.count(), 0.f);
    QVERIFY(handler.histogram.isEmpty());
}

void tst_Sample::impossibleFiguresAreBounded()
{
    Telemetry::LoopFrame loop = idleLoop(1s);
    loop.busy = std::chrono::nanoseconds::max();
    loop.blocked = std::chrono::nanoseconds::min();
    loop.passes = std::numeric_limits<std::uint64_t>::max();
    const Sample sample = sampleOf(loop, {});
    QCOMPARE(sample.utilisation(), 1.0);
    QCOMPARE(sample.passes, std::numeric_limits<std::uint32_t>::max());
}

void tst_Sample::mergingKeepsPercentilesAndPeaks()
{
    std::vector<Sample> samples;
    for (int i = 1; i <= 10; ++i) {
        Telemetry::LoopFrame loop = busyLoop(i * 100ms, i == 7 ? 90ms : 10ms, 1);
        loop.taskDepth.current = i == 3 ? 400 : 1;
        samples.push_back(sampleOf(loop, {}));
    }
    const Sample sum = merged(samples.data(), samples.size());
    QCOMPARE(sum.span, (TimeSpan{0s, 1s}));
    QCOMPARE(sum.of(SeriesKind::Handler).count, 10u);
    QVERIFY(isWithin(sum.of(SeriesKind::Handler).p50.count(), 10e6, 0.03));
    QVERIFY(isWithin(sum.of(SeriesKind::Handler).max.count(), 90e6, 0.01));
    QVERIFY(isWithin(sum.utilisation(), 0.18, 1e-5));
    QCOMPARE(sum.taskDepth, 400u);
    QCOMPARE(sum.events(), 10u);
}

void tst_Sample::compactHistogramsKeepQuantiles_data()
{
    QTest::addColumn<std::chrono::nanoseconds>("shortest");
    QTest::newRow("nanoseconds") << std::chrono::nanoseconds(200);
    QTest::newRow("microseconds") << std::chrono::nanoseconds(3us);
    QTest::newRow("milliseconds") << std::chrono::nanoseconds(5ms);
    QTest::newRow("seconds") << std::chrono::nanoseconds(2s);
}

void tst_Sample::compactHistogramsKeepQuantiles()
{
    QFETCH(const std::chrono::nanoseconds, shortest);
    Histogram exact;
    for (int i = 0; i < 1000; ++i)
        exact.merge(series(1, shortest + shortest * i / 50).histogram);
    HistogramSum sum;
    sum.add(CompactHistogram(exact));
    QCOMPARE(sum.count(), 1000u);
    for (const double q : {0.0, 0.5, 0.9, 0.99, 1.0})
        QVERIFY(isWithin(sum.quantile(q), exact.quantile(q), 0.03));

    HistogramSum again;
    again.add(sum.compact());
    QCOMPARE(again.count(), 1000u);
    QCOMPARE(again.quantile(0.9), sum.quantile(0.9));
}

QTEST_APPLESS_MAIN(tst_Sample)
#include "tst_sample.moc"
