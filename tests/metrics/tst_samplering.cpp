// SPDX-License-Identifier: MIT
#include "metrics/samplering.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <set>
#include <thread>

using namespace std::chrono_literals;
using Flywheel::SampleRing;
using Flywheel::Series;
using Flywheel::statisticsOf;

class tst_SampleRing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyRing();
    void percentilesAreExact();
    void keepsTheLastThousand();
    void percentileOfFewSamples();
    void readWhileWritten();
};

void tst_SampleRing::emptyRing()
{
    const Series::Recent recent = SampleRing().statistics();
    QCOMPARE(recent.samples, 0u);
    QCOMPARE(recent.p99, 0ns);
}

void tst_SampleRing::percentilesAreExact()
{
    SampleRing ring;
    // 1 to 1000 us in an order that is not sorted.
    for (int i = 0; i < 1000; ++i)
        ring.record(std::chrono::microseconds((i * 377) % 1000 + 1));
    const Series::Recent recent = ring.statistics();
    QCOMPARE(recent.samples, 1000u);
    QCOMPARE(recent.p50, 500us);
    QCOMPARE(recent.p90, 900us);
    QCOMPARE(recent.p95, 950us);
    QCOMPARE(recent.p99, 990us);
    QCOMPARE(recent.max, 1000us);
    QCOMPARE(recent.mean, 500'500ns);
}

void tst_SampleRing::keepsTheLastThousand()
{
    SampleRing ring;
    for (int i = 0; i < 500; ++i)
        ring.record(1h);
    for (int i = 0; i < 1000; ++i)
        ring.record(std::chrono::nanoseconds(i));
    QCOMPARE(ring.statistics().max, 999ns);
    QCOMPARE(ring.samples().size(), std::size_t(1000));
}

void tst_SampleRing::percentileOfFewSamples()
{
    QCOMPARE(statisticsOf({7ns}).p50, 7ns);
    QCOMPARE(statisticsOf({7ns}).p99, 7ns);
    QCOMPARE(statisticsOf({9ns, 7ns}).p50, 7ns);
    QCOMPARE(statisticsOf({9ns, 7ns}).p90, 9ns);
    QCOMPARE(statisticsOf({1ns, 2ns, 3ns, 4ns}).p50, 2ns);
}

void tst_SampleRing::readWhileWritten()
{
    constexpr int Count = 1'000'000;
    SampleRing ring;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 1; i <= Count; ++i)
            ring.record(std::chrono::nanoseconds(i));
        done = true;
    });
    while (!done) {
        // Each was recorded once, and none is missing between the first and the last.
        const auto samples = ring.samples();
        const std::set<std::chrono::nanoseconds> distinct(samples.begin(), samples.end());
        QCOMPARE(distinct.size(), samples.size());
        if (!samples.empty())
            QCOMPARE((*distinct.rbegin() - *distinct.begin()).count() + 1, std::int64_t(samples.size()));
    }
    writer.join();
    QCOMPARE(ring.statistics().max, std::chrono::nanoseconds(Count));
}

QTEST_GUILESS_MAIN(tst_SampleRing)
#include "tst_samplering.moc"
