// SPDX-License-Identifier: MIT
#include "model/timelinerows.h"

#include "monitor/support/handlers.h"

#include <QtTest/qtest.h>

#include <numeric>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;
using namespace std::chrono_literals;

class tst_TimelineRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wideHandlersAreBars();
    void narrowHandlersTintTheirColumn();
    void noneDisappears();
    void nestedLoopsHaveRowsBelow();
    void batchesDoNotCountTwice();
    void batchesComeBeforeTheirEvents();
    void handlerAtAMoment();
    void nearHandlerIsFound();
};

void tst_TimelineRows::wideHandlersAreBars()
{
    HandlerLog log;
    log.add(batch(20s, {handler(2s, 3s), handler(9s, 4s)}));
    const auto rows = timelineRows(log, {0s, 10s}, 100, 1);
    QCOMPARE(rows[0].bars.size(), 2u);
    QCOMPARE(rows[0].bars[0].left, 20.0);
    QCOMPARE(rows[0].bars[0].right, 50.0);
    QCOMPARE(rows[0].bars[1].right, 130.0); // reaches out of the picture
    QCOMPARE(rows[0].columns[30].count, 0u);
}

void tst_TimelineRows::narrowHandlersTintTheirColumn()
{
    HandlerLog log;
    // A column is 100 ms.
    log.add(
        batch(20s, {handler(2010ms, 20ms), handler(2040ms, 30ms, HandlerKind::Task), handler(3090ms, 20ms)}));
    const auto rows = timelineRows(log, {0s, 10s}, 100, 1);
    QVERIFY(rows[0].bars.empty());
    QCOMPARE(rows[0].columns[20].count, 2u);
    QVERIFY(qFuzzyCompare(rows[0].columns[20].busy(), 0.5) ||
            std::abs(rows[0].columns[20].busy() - 0.5) < 1e-6);
    QCOMPARE(rows[0].columns[20].kind(), HandlerKind::Task);
    QVERIFY(std::abs(rows[0].columns[30].busy() - 0.1) < 1e-6); // half of it is in the next one
    QVERIFY(std::abs(rows[0].columns[31].busy() - 0.1) < 1e-6);
}

void tst_TimelineRows::noneDisappears()
{
    HandlerLog log;
    HandlerBatch many = batch(100s, {});
    for (int i = 0; i < 10'000; ++i)
        many.handlers.push_back(handler(10ms * i, i % 3 == 0 ? Duration(0) : Duration(1us)));
    log.add(many);
    for (const int columns : {1, 7, 640, 3840}) {
        const auto rows = timelineRows(log, {0s, 100s}, columns, 1);
        const std::size_t drawn =
            std::accumulate(rows[0].columns.begin(), rows[0].columns.end(), rows[0].bars.size(),
                            [](std::size_t sum, const TimelineColumn &column) { return sum + column.count; });
        QVERIFY(drawn >= 10'000);
    }
}

void tst_TimelineRows::nestedLoopsHaveRowsBelow()
{
    HandlerLog log;
    log.add(batch(20s, {handler(3s, 1s, HandlerKind::Timer, 2), handler(3s, 1s, HandlerKind::Timer, 30),
                        handler(2s, 5s, HandlerKind::Timer, 1), handler(8s, 1s, HandlerKind::Timer, 0)}));
    const auto rows = timelineRows(log, {0s, 10s}, 100, 3);
    QCOMPARE(rows.size(), 3u);
    QCOMPARE(rows[0].bars.size(), 2u); // of an unknown depth: the outermost
    QCOMPARE(rows[1].bars.size(), 1u);
    QCOMPARE(rows[2].bars.size(), 1u);
}

void tst_TimelineRows::batchesDoNotCountTwice()
{
    HandlerLog log;
    log.add(batch(20s, {handler(2020ms, 30ms, HandlerKind::PostedEvent),
                        handler(2010ms, 50ms, HandlerKind::PostedBatch)}));
    const auto rows = timelineRows(log, {0s, 10s}, 100, 1);
    QVERIFY(std::abs(rows[0].columns[20].busy() - 0.5) < 1e-6);
}

void tst_TimelineRows::batchesComeBeforeTheirEvents()
{
    HandlerLog log;
    log.add(
        batch(20s, {handler(2s, 1s, HandlerKind::PostedEvent), handler(2s, 3s, HandlerKind::PostedBatch)}));
    const auto rows = timelineRows(log, {0s, 10s}, 100, 1);
    QCOMPARE(rows[0].bars[0].handler.kind, HandlerKind::PostedBatch);
    QCOMPARE(rows[0].bars[1].handler.kind, HandlerKind::PostedEvent);
}

void tst_TimelineRows::handlerAtAMoment()
{
    HandlerLog log;
    log.add(batch(20s, {handler(2s, 1s, HandlerKind::PostedEvent), handler(3s, 1s, HandlerKind::Task, 2),
                        handler(2s, 5s, HandlerKind::PostedBatch)}));
    QCOMPARE(handlerAt(log, 2500ms, 1us, 0, 2)->handler.kind, HandlerKind::PostedEvent);
    QCOMPARE(handlerAt(log, 5s, 1us, 0, 2)->handler.kind, HandlerKind::PostedBatch);
    QCOMPARE(handlerAt(log, 3500ms, 1us, 1, 2)->handler.kind, HandlerKind::Task);
    QCOMPARE(handlerAt(log, 3500ms, 1us, 1, 2)->receiver.objectName, QStringLiteral("front"));
    QVERIFY(!handlerAt(log, 8s, 1us, 0, 2));
}

void tst_TimelineRows::nearHandlerIsFound()
{
    HandlerLog log;
    log.add(batch(20s, {handler(5s, 1us), handler(5010ms, 9us, HandlerKind::Task)}));
    QVERIFY(!handlerAt(log, 5005ms, 1ms, 0, 1));
    QCOMPARE(handlerAt(log, 5005ms, 50ms, 0, 1)->handler.kind, HandlerKind::Task); // the longest
}

QTEST_APPLESS_MAIN(tst_TimelineRows)
#include "tst_timelinerows.moc"
