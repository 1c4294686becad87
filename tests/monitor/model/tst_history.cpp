// SPDX-License-Identifier: MIT
#include "model/history.h"

#include "monitor/support/frames.h"

#include <QtTest/qtest.h>

#include <cmath>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

/// One frame each 100 ms from \a first to \a last, 10 ms busy each.
void fill(LoopHistory &history, Time first, Time last)
{
    for (Time at = first; at <= last; at += 100ms)
        history.append(busyLoop(at, 10ms, 10), {});
}

double utilisation(const Sample &sample)
{
    return sample.utilisation();
}

std::size_t gapsIn(const std::vector<Point> &points)
{
    return static_cast<std::size_t>(
        std::count_if(points.begin(), points.end(), [](const Point &point) { return point.isGap(); }));
}

std::size_t samplesIn(const LoopHistory &history, TimeSpan span)
{
    std::size_t count = 0;
    history.forEach(span, [&](const Sample &) { ++count; });
    return count;
}

} // namespace

class tst_History : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyHistory();
    void wholeLifeIsNoSample();
    void figuresOfASpan();
    void spanTakesSamplesItTouches();
    void lostConnectionIsAGap();
    void gapAtTheEdgeOfASpan();
    void suspendIsMarked();
    void quietTimesBreakACurve();
    void formerFramesAreIgnored();
    void impossibleTimesAreIgnored();
    void oldSamplesAreKeptBySeconds();
    void longAgoIsForgotten();
    void secondsDoNotReachAcrossGaps();
    void sampleOfAMoment();
    void recentUtilisation();
    void heatMapOfASpan();
    void percentilesAreWithinTheMaximum();
    void ratesAreSmoothedOverASecond();
    void aProgramThatStoodStillLeavesAGap();
    void aFirstFrameAfterAStopIsNoSample();
    void framesThatAreAllLongAreSamples();
    void stallsOfBeforeAreCounted();
    void aStallThatGoesOnCounts();
};

void tst_History::emptyHistory()
{
    const LoopHistory history;
    QVERIFY(history.isEmpty());
    QVERIFY(!history.latest());
    QVERIFY(!history.at(5s));
    QVERIFY(history.span().isEmpty());
    QVERIFY(history.curve({0s, 10s}, utilisation).empty());
    QCOMPARE(history.figures({0s, 10s}).utilisation(), 0.0);
    QVERIFY(std::isnan(history.recentUtilisation(3).at(2)));
}

void tst_History::wholeLifeIsNoSample()
{
    LoopHistory history;
    Telemetry::LoopFrame life = busyLoop(3600s, 10ms);
    life.interval = 3600s;
    life.wholeLife = true;
    history.append(life, {});
    QVERIFY(history.isEmpty());

    Telemetry::LoopFrame newborn = busyLoop(3601s, 10ms);
    newborn.wholeLife = true;
    history.append(newborn, {});
    QVERIFY(!history.isEmpty());
}

void tst_History::figuresOfASpan()
{
    LoopHistory history;
    fill(history, 10s + 100ms, 20s);
    history.append(busyLoop(20'100ms, 90ms, 1), {});
    const SpanFigures calm = history.figures({10s, 20s});
    QCOMPARE(calm.measured, 10s);
    QCOMPARE(calm.events, 1000u);
    QVERIFY(std::abs(calm.utilisation() - 0.1) < 1e-4);
    QVERIFY(std::abs(calm.perSecond(calm.events) - 100) < 1e-6);
    QVERIFY(std::chrono::abs(calm.of(SeriesKind::Handler).p99 - 1ms) < 30us);
    QCOMPARE(calm.of(SeriesKind::Handler).count, 1000u);
    QCOMPARE(calm.of(SeriesKind::TaskWait).count, 0u);

    const SpanFigures all = history.figures(history.span());
    QCOMPARE(all.events, 1001u);
    QVERIFY(std::chrono::abs(all.of(SeriesKind::Handler).max - 90ms) < 1ms);
}

void tst_History::spanTakesSamplesItTouches()
{
    LoopHistory history;
    fill(history, 10'100ms, 20s);
    QCOMPARE(samplesIn(history, {12s, 13s}), 10u);
    QCOMPARE(samplesIn(history, {12'050ms, 12'060ms}), 1u);
    QCOMPARE(samplesIn(history, {12'050ms, 12'150ms}), 2u);
    QCOMPARE(samplesIn(history, {30s, 40s}), 0u);
}

void tst_History::lostConnectionIsAGap()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    fill(history, 15'100ms, 16s);
    const auto gaps = history.gaps({0s, 100s});
    QCOMPARE(gaps.size(), 1u);
    QCOMPARE(gaps[0].span, (TimeSpan{12s, 15s}));
    QVERIFY(gaps[0].cause == Gap::Cause::ConnectionLost);
    QCOMPARE(gapsIn(history.curve({0s, 100s}, utilisation)), 1u);
    QVERIFY(!history.at(13s));
    QCOMPARE(history.figures({0s, 100s}).measured, 3s);
}

void tst_History::gapAtTheEdgeOfASpan()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    fill(history, 75'100ms, 76s);
    QCOMPARE(history.gaps({20s, 60s}).size(), 1u);
    QCOMPARE(history.gaps({20s, 60s}).at(0).span, (TimeSpan{12s, 75s}));
    QVERIFY(history.gaps({10s, 12s}).empty());
    QVERIFY(history.gaps({75s, 76s}).empty());
}

void tst_History::suspendIsMarked()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    Telemetry::LoopFrame after = busyLoop(12'100ms, 10ms);
    after.suspendedTime = 600s;
    history.append(after, {});
    const auto gaps = history.gaps({10s, 20s});
    QCOMPARE(gaps.size(), 1u);
    QVERIFY(gaps[0].cause == Gap::Cause::Suspended);
    QCOMPARE(gaps[0].span.begin, 12s);
    QVERIFY(std::chrono::abs(gaps[0].duration - 600s) < 1ms);
}

void tst_History::quietTimesBreakACurve()
{
    const auto p99 = [](const Sample &sample) {
        const SeriesSample &handler = sample.of(SeriesKind::Handler);
        return handler.count ? static_cast<double>(handler.p99.count()) : std::nan("");
    };
    const auto curveWithIdle = [&](Time idle) {
        LoopHistory history;
        fill(history, 10'100ms, 11s);
        for (Time at = 11'100ms; at <= 11s + idle; at += 100ms)
            history.append(idleLoop(at), {});
        fill(history, 11'100ms + idle, 12s + idle);
        return history.curve({0s, 100s}, p99);
    };
    QCOMPARE(gapsIn(curveWithIdle(1s)), 0u);
    QCOMPARE(gapsIn(curveWithIdle(5s)), 1u);
}

void tst_History::formerFramesAreIgnored()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    history.append(busyLoop(11s, 50ms), {});
    history.append(busyLoop(12s, 50ms), {});
    QCOMPARE(samplesIn(history, {0s, 100s}), 20u);
    // One that overlaps takes over where the former one ended.
    history.append(busyLoop(12'050ms, 50ms), {});
    QCOMPARE(history.latest()->span, (TimeSpan{12s, 12'050ms}));
}

void tst_History::impossibleTimesAreIgnored()
{
    LoopHistory history;
    Telemetry::LoopFrame loop = busyLoop(1s, 10ms);
    loop.interval = std::chrono::nanoseconds::max();
    history.append(loop, {});
    loop.interval = std::chrono::nanoseconds::min();
    history.append(loop, {});
    loop.takenAt = std::chrono::nanoseconds::min();
    loop.interval = 100ms;
    history.append(loop, {});
    QVERIFY(history.isEmpty());
}

void tst_History::oldSamplesAreKeptBySeconds()
{
    LoopHistory history;
    fill(history, 100ms, 1200s); // 20 minutes
    QCOMPARE(history.span().end, 1200s);
    QVERIFY(history.span().begin <= 100ms);
    QCOMPARE(samplesIn(history, {600s, 1200s}), 6000u);
    QVERIFY(samplesIn(history, {100s, 500s}) <= 401);
    const SpanFigures figures = history.figures(history.span());
    QCOMPARE(figures.events, 120'000u);
    QCOMPARE(figures.measured, 1200s);
    QVERIFY(history.gaps(history.span()).empty());
    QCOMPARE(gapsIn(history.curve(history.span(), utilisation)), 0u);
}

void tst_History::longAgoIsForgotten()
{
    LoopHistory history;
    const Time last = 10s * LoopHistory::FineCapacity / 100 * 15 + 2 * LoopHistory::CoarseCapacity * 1s;
    for (Time at = 1s; at <= last; at += 1s) {
        Telemetry::LoopFrame loop = busyLoop(at, 10ms);
        loop.interval = 1s;
        history.append(loop, {});
    }
    QCOMPARE(history.span().end, last);
    QVERIFY(samplesIn(history, history.span()) <=
            LoopHistory::FineCapacity + LoopHistory::CoarseCapacity + 1);
    QVERIFY(history.span().begin > 0s);
}

void tst_History::secondsDoNotReachAcrossGaps()
{
    LoopHistory history;
    for (int i = 0; i < 1000; ++i)
        fill(history, i * 5s + 100ms, i * 5s + 1500ms);
    QCOMPARE(history.gaps(history.span()).size(), 999u);
    QVERIFY(!history.at(3s));
    QVERIFY(history.at(1s));
}

void tst_History::sampleOfAMoment()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    QCOMPARE(history.at(11'050ms)->span, (TimeSpan{11s, 11'100ms}));
    QCOMPARE(history.at(11s)->span.begin, 11s);
    QVERIFY(!history.at(12s));
    QVERIFY(!history.at(9s));
}

void tst_History::recentUtilisation()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    for (Time at = 12'100ms; at <= 13s; at += 100ms)
        history.append(busyLoop(at, 50ms), {});
    const auto values = history.recentUtilisation(5);
    QVERIFY(std::isnan(values[0]) && std::isnan(values[1]));
    QVERIFY(std::abs(values[2] - 0.1) < 1e-6);
    QVERIFY(std::abs(values[3] - 0.1) < 1e-6);
    QVERIFY(std::abs(values[4] - 0.5) < 1e-6);
}

void tst_History::heatMapOfASpan()
{
    LoopHistory history;
    for (Time at = 10'100ms; at <= 20s; at += 100ms)
        history.append(busyLoop(at, 50ms, 10), {});
    const HeatMap map = history.heatMap(SeriesKind::Handler, {10s, 20s}, 10);
    for (const auto &column : map.columns)
        QCOMPARE(column[HeatMap::rowOf(5ms)], 100u);
    QCOMPARE(map.maximum, 100u);
}

void tst_History::percentilesAreWithinTheMaximum()
{
    LoopHistory history;
    // In the lower half of a coarse bucket, whose middle is above them.
    for (Time at = 10'100ms; at <= 700s; at += 100ms)
        history.append(busyLoop(at, 10'050us, 10), {});
    const SpanFigures figures = history.figures(history.span());
    const SeriesFigures &handlers = figures.of(SeriesKind::Handler);
    QVERIFY(handlers.count > 0);
    QVERIFY2(handlers.p99 <= handlers.max && handlers.p50 <= handlers.p99,
             qPrintable(QStringLiteral("%1 %2").arg(handlers.p99.count()).arg(handlers.max.count())));
    history.forEach(history.span(), [](const Sample &sample) {
        QVERIFY(sample.of(SeriesKind::Handler).p99 <= sample.of(SeriesKind::Handler).max);
    });
}

/// One handler each two seconds is 0.5 a second, never 10.
void tst_History::ratesAreSmoothedOverASecond()
{
    LoopHistory history;
    for (Time at = 10'100ms; at <= 30s; at += 100ms)
        history.append(at % 2s == 0ns ? busyLoop(at, 1ms, 1) : idleLoop(at), {});
    const auto points =
        history.rateCurve({10s, 30s}, [](const Sample &sample) { return double(sample.events()); });
    QVERIFY(!points.empty());
    double highest = 0;
    double sum = 0;
    for (const Point &point : points) {
        highest = std::max(highest, point.value);
        sum += point.value;
    }
    QVERIFY2(highest <= 1.01, qPrintable(QString::number(highest)));
    QVERIFY(std::abs(sum / static_cast<double>(points.size()) - 0.5) < 0.1);
}

void tst_History::aProgramThatStoodStillLeavesAGap()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    Telemetry::LoopFrame late = busyLoop(24s, 10ms); // SIGSTOP for 12 s
    late.interval = 12s;
    late.blocked = 12s - 10ms;
    history.append(late, {});
    fill(history, 24'100ms, 25s);
    QCOMPARE(gapsIn(history.curve({10s, 25s}, utilisation)), 1u);
    QVERIFY(!history.at(18s));
    const auto gaps = history.gaps({10s, 25s});
    QCOMPARE(gaps.size(), 1u);
    QCOMPARE(gaps[0].span, (TimeSpan{12s, 23'900ms}));
    QCOMPARE(history.figures({10s, 25s}).events, 310u);
}

void tst_History::aFirstFrameAfterAStopIsNoSample()
{
    LoopHistory history;
    Telemetry::LoopFrame first = busyLoop(24s, 10ms); // a recording that begins after SIGSTOP for 12 s
    first.interval = 12s;
    first.blocked = 12s - 10ms;
    history.append(first, {});
    fill(history, 24'100ms, 26s);
    const SpanFigures figures = history.figures({14s, 26s});
    QCOMPARE(figures.measured, 2s);
    QCOMPARE(figures.perSecond(figures.events), 100.0);
    QVERIFY(std::abs(figures.utilisation() - 0.1) < 1e-3);
}

void tst_History::framesThatAreAllLongAreSamples()
{
    LoopHistory history;
    for (Time at = 20s; at <= 60s; at += 10s)
        history.append(idleLoop(at, 10s), {});
    QCOMPARE(history.span(), (TimeSpan{20s, 60s}));
    QCOMPARE(samplesIn(history, {0s, 60s}), 4u);
}

void tst_History::aStallThatGoesOnCounts()
{
    LoopHistory history;
    fill(history, 10'100ms, 12s);
    history.noteOpenStall(stall(1, 12s, 5'700ms));
    const SpanFigures figures = history.figures({10s, 18s});
    QCOMPARE(figures.stalls, 1u);
    QCOMPARE(figures.of(SeriesKind::Handler).max, 5'700ms);
    QVERIFY(figures.of(SeriesKind::Handler).p99 < 10ms); // of those that ended
    QCOMPARE(history.figures({10s, 12s}).stalls, 0u);
    history.noteOpenStall({});
    QCOMPARE(history.figures({10s, 18s}).stalls, 0u);
}

void tst_History::stallsOfBeforeAreCounted()
{
    LoopHistory history;
    for (int i = 0; i < 11; ++i)
        history.noteStall(stall(static_cast<std::uint64_t>(i) + 1, 1s + i * 100ms, 60ms));
    fill(history, 3'100ms, 4s);
    QCOMPARE(history.figures({0s, 4s}).stalls, 11u);
    QCOMPARE(history.figures({2s, 4s}).stalls, 1u); // began at exactly 2 s
    QCOMPARE(history.figures({3s, 4s}).stalls, 0u);
}

QTEST_APPLESS_MAIN(tst_History)
#include "tst_history.moc"
