// SPDX-License-Identifier: MIT
#include "metrics/histogramrecorder.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

using namespace std::chrono_literals;
using Flywheel::Histogram;
using Flywheel::HistogramRecorder;

namespace {

double relativeError(std::chrono::nanoseconds found, std::chrono::nanoseconds exact)
{
    return std::abs(double(found.count()) - double(exact.count())) / std::max(double(exact.count()), 1.0);
}

Histogram histogramOf(std::initializer_list<std::chrono::nanoseconds> durations)
{
    HistogramRecorder recorder;
    for (const auto duration : durations)
        recorder.record(duration, 1);
    return recorder.snapshot();
}

} // namespace

class tst_Histogram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bucketsJoinWithoutGap();
    void everyDurationIsWithinOnePercent();
    void durationsOutOfRangeAreClamped();
    void quantilesOfKnownDistribution_data();
    void quantilesOfKnownDistribution();
    void emptyHistogram();
    void mergingEqualsRecordingTogether();
    void windowIsTheDifference();
    void readWhileWritten();
};

void tst_Histogram::bucketsJoinWithoutGap()
{
    QCOMPARE(Histogram::lowerBound(0), 0ns);
    for (std::uint32_t index = 0; index + 1 < Histogram::BucketCount; ++index) {
        QCOMPARE(Histogram::upperBound(index) + 1ns, Histogram::lowerBound(index + 1));
        QCOMPARE(Histogram::indexOf(Histogram::lowerBound(index)), index);
        QCOMPARE(Histogram::indexOf(Histogram::upperBound(index)), index);
    }
}

void tst_Histogram::everyDurationIsWithinOnePercent()
{
    // The middle of a bucket is farthest, relatively, from its lower bound.
    for (std::uint32_t index = 0; index < Histogram::BucketCount; ++index) {
        const auto middle = (Histogram::lowerBound(index) + Histogram::upperBound(index)) / 2;
        QVERIFY(relativeError(middle, Histogram::lowerBound(index)) < 0.01);
        QVERIFY(relativeError(middle, Histogram::upperBound(index)) < 0.01);
    }
}

void tst_Histogram::durationsOutOfRangeAreClamped()
{
    QCOMPARE(Histogram::indexOf(-5ns), 0u);
    QCOMPARE(Histogram::indexOf(1h), Histogram::BucketCount - 1);
    QCOMPARE(Histogram::indexOf(100h), Histogram::BucketCount - 1);
}

void tst_Histogram::quantilesOfKnownDistribution_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("uniform") << 0;
    QTest::newRow("exponential") << 1;
    QTest::newRow("log-normal") << 2;
    QTest::newRow("two peaks") << 3;
}

void tst_Histogram::quantilesOfKnownDistribution()
{
    QFETCH(int, kind);
    std::mt19937_64 random(42);
    std::uniform_real_distribution<double> uniform(100, 1e7);
    std::exponential_distribution<double> exponential(1e-5);
    std::lognormal_distribution<double> logNormal(10, 2);
    HistogramRecorder recorder;
    std::vector<std::chrono::nanoseconds> exact;
    for (int i = 0; i < 100'000; ++i) {
        const double peaks = i % 100 == 0 ? 5e7 : 2e3;
        const double value = kind == 0   ? uniform(random)
                             : kind == 1 ? exponential(random)
                             : kind == 2 ? logNormal(random)
                                         : peaks;
        exact.emplace_back(std::llround(value));
        recorder.record(exact.back(), 1);
    }
    std::sort(exact.begin(), exact.end());
    const Histogram histogram = recorder.snapshot();
    QCOMPARE(histogram.count(), std::uint64_t(100'000));
    for (const double q : {0.0, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
        const auto rank = std::size_t(std::max(std::ceil(q * 1e5), 1.0)) - 1;
        QVERIFY2(relativeError(histogram.quantile(q), exact[rank]) < 0.01,
                 qPrintable(QString::fromLatin1("q %1: %2, exactly %3")
                                .arg(q)
                                .arg(histogram.quantile(q).count())
                                .arg(exact[rank].count())));
    }
}

void tst_Histogram::emptyHistogram()
{
    QCOMPARE(Histogram().count(), std::uint64_t(0));
    QCOMPARE(Histogram().quantile(0.99), 0ns);
    QCOMPARE(HistogramRecorder().snapshot(), Histogram());
}

void tst_Histogram::mergingEqualsRecordingTogether()
{
    Histogram merged = histogramOf({1us, 1us, 5ms});
    merged.merge(histogramOf({20ns, 1us, 1h}));
    QCOMPARE(merged, histogramOf({1us, 1us, 5ms, 20ns, 1us, 1h}));
    QCOMPARE(merged.count(), std::uint64_t(6));
    QCOMPARE(merged.countAbove(1us), std::uint64_t(2));
}

void tst_Histogram::windowIsTheDifference()
{
    HistogramRecorder recorder;
    recorder.record(1us, 10);
    recorder.record(1ms, 1);
    const Histogram before = recorder.snapshot();
    recorder.record(1us, 2);
    recorder.record(9us, 1);
    QCOMPARE(recorder.snapshot().since(before), histogramOf({1us, 1us, 9us}));
    QCOMPARE(before.since(before), Histogram());
}

void tst_Histogram::readWhileWritten()
{
    HistogramRecorder recorder;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 0; i < 200'000; ++i)
            recorder.record(std::chrono::nanoseconds(i), 1);
        done = true;
    });
    std::uint64_t last = 0;
    while (!done) {
        const std::uint64_t count = recorder.snapshot().count();
        QVERIFY(count >= last);
        last = count;
    }
    writer.join();
    QCOMPARE(recorder.snapshot().count(), std::uint64_t(200'000));
}

QTEST_GUILESS_MAIN(tst_Histogram)
#include "tst_histogram.moc"
