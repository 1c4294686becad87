// SPDX-License-Identifier: MIT
#include "model/heatmap.h"

#include "monitor/support/frames.h"

#include <QtTest/qtest.h>

#include <numeric>

using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

std::uint64_t total(const HeatMap &map, std::size_t column)
{
    return std::accumulate(map.columns[column].begin(), map.columns[column].end(), std::uint64_t(0));
}

} // namespace

class tst_HeatMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsAreEightADecade();
    void countsStandInTheirCell();
    void longSamplesFillTheirColumns();
    void gapsAreUnknown();
    void samplesOutsideAreLeftOut();
};

void tst_HeatMap::rowsAreEightADecade()
{
    QCOMPARE(HeatMap::rowOf(0ns), 0u);
    QCOMPARE(HeatMap::rowOf(1us), 0u);
    QCOMPARE(HeatMap::rowOf(10'100ns), 8u);
    QCOMPARE(HeatMap::rowOf(1'010us), 24u);
    QCOMPARE(HeatMap::rowOf(9s), HeatMap::Rows - 1);
    QCOMPARE(HeatMap::rowOf(1h), HeatMap::Rows - 1);
    QCOMPARE(HeatMap::lowerBound(0), 1us);
    QCOMPARE(HeatMap::lowerBound(24), 1ms);
    QCOMPARE(HeatMap::lowerBound(HeatMap::Rows), 10s);
}

void tst_HeatMap::countsStandInTheirCell()
{
    HeatMap map({0s, 1s}, 10);
    map.add(sampleOf(busyLoop(400ms, 50ms, 10), {}), SeriesKind::Handler); // 10 of 5 ms each
    QCOMPARE(map.columns[3][HeatMap::rowOf(5ms)], 10u);
    QCOMPARE(total(map, 3), 10u);
    QCOMPARE(total(map, 2), 0u);
    QCOMPARE(total(map, 4), 0u);
    QCOMPARE(map.maximum, 10u);
}

void tst_HeatMap::longSamplesFillTheirColumns()
{
    HeatMap map({0s, 1s}, 20);
    map.add(sampleOf(busyLoop(400ms, 50ms, 10), {}), SeriesKind::Handler);
    QCOMPARE(total(map, 5), 0u);
    QCOMPARE(total(map, 6), 10u);
    QCOMPARE(total(map, 7), 10u);
    QCOMPARE(total(map, 8), 0u);
}

void tst_HeatMap::gapsAreUnknown()
{
    HeatMap map({0s, 1s}, 10);
    map.add(sampleOf(idleLoop(400ms), {}), SeriesKind::Handler);
    QCOMPARE(map.known,
             (std::vector<bool>{false, false, false, true, false, false, false, false, false, false}));
    QCOMPARE(map.maximum, 0u);
}

void tst_HeatMap::samplesOutsideAreLeftOut()
{
    HeatMap map({1s, 2s}, 10);
    map.add(sampleOf(busyLoop(900ms, 50ms, 10), {}), SeriesKind::Handler);
    map.add(sampleOf(busyLoop(2300ms, 50ms, 10), {}), SeriesKind::Handler);
    QCOMPARE(map.maximum, 0u);
}

QTEST_APPLESS_MAIN(tst_HeatMap)
#include "tst_heatmap.moc"
