// SPDX-License-Identifier: MIT
#include "model/findingsmodel.h"
#include "model/loopsmodel.h"
#include "model/receiversmodel.h"
#include "model/stallsmodel.h"
#include "model/timersmodel.h"

#include "monitor/support/watched.h"

#include <QtCore/qsortfilterproxymodel.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cmath>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

QString text(const QAbstractItemModel &model, int row, int column, const QModelIndex &parent = {})
{
    return model.index(row, column, parent).data().toString();
}

ReceiverStats receiver(const char *className, std::uint64_t count, Duration total)
{
    return {
        .className = className, .kind = HandlerKind::Notifier, .count = count, .total = total, .max = 2ms};
}

TimerStats timer(const char *name, std::uint64_t fired, Duration total)
{
    TimerStats result;
    result.className = "Clock";
    result.objectName = name;
    result.id = 7;
    result.interval = 20ms;
    result.fired = fired;
    result.total = total;
    result.max = 3ms;
    result.latenessP99 = 1ms;
    return result;
}

bool isRightAligned(const QModelIndex &index)
{
    return index.data(Qt::TextAlignmentRole).value<Qt::Alignment>().testFlag(Qt::AlignRight);
}

} // namespace

class tst_ItemModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_watched.reset(); }

    void loopsFollowTheSession();
    void loopsShowFigures();
    void loopsLosesAProcess();
    void stallsAreNewestFirst();
    void ongoingStallStandsOnTop();
    void stallsOfASpan();
    void stallAsText();
    void timersAndReceiversShowTables();
    void titlesNameTheTimeOfTheirFigures();
    void rowsOfAFullTableAreMarked();
    void rowsKeepTheirPlaces();
    void numbersSortAsNumbers();
    void tablesOfASpan();
    void deletedLoopsDisappear();
    void findingsAreShown();
    void everyColumnHasATitle();

private:
    std::unique_ptr<Watched> m_watched;
};

void tst_ItemModels::init()
{
    m_watched = std::make_unique<Watched>();
    QVERIFY(m_watched->isAttached());
}

void tst_ItemModels::loopsFollowTheSession()
{
    LoopsModel model(m_watched->session);
    const QAbstractItemModelTester tester(&model);
    QCOMPARE(model.rowCount(), 1);
    const QModelIndex process = model.index(0, 0);
    QVERIFY(m_watched->show(10s, {idleLoop(10s), idleLoop(10s, 100ms, 2)}));
    QCOMPARE(model.rowCount(process), 2);
    QVERIFY(text(model, 0, 0).startsWith(QLatin1String("fake  pid ")));
    QCOMPARE(text(model, 0, LoopsModel::State), QStringLiteral("attached"));
    QCOMPARE(text(model, 1, 0, process), QStringLiteral("worker"));
    QCOMPARE(model.indexOf(m_watched->loop(1)).row(), 1);
    QCOMPARE(model.indexOf(m_watched->loop(1)).data(LoopRole).value<Loop *>(), m_watched->loop(1));
    QCOMPARE(process.data(ProcessRole).value<Process *>(), m_watched->process());

    const LoopsModel late(m_watched->session);
    QCOMPARE(late.rowCount(late.index(0, 0)), 2);
}

void tst_ItemModels::loopsShowFigures()
{
    LoopsModel model(m_watched->session);
    const QAbstractItemModelTester tester(&model);
    QVERIFY(m_watched->showCalm(10s, 15s));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.refresh();
    QVERIFY(changed.count() > 0);
    const QModelIndex process = model.index(0, 0);
    QCOMPARE(text(model, 0, LoopsModel::State, process), QStringLiteral("good"));
    QCOMPARE(text(model, 0, LoopsModel::Utilisation, process), QStringLiteral("10 %"));
    QVERIFY(text(model, 0, LoopsModel::HandlerP99, process).endsWith(QStringLiteral("ms")) ||
            text(model, 0, LoopsModel::HandlerP99, process).endsWith(QStringLiteral("µs")));
    QVERIFY(isRightAligned(model.index(0, LoopsModel::Utilisation, process)));
    QVERIFY(!isRightAligned(model.index(0, LoopsModel::Name, process)));
    const auto spark = model.index(0, LoopsModel::Trend, process).data(SparkRole).value<QList<qreal>>();
    QCOMPARE(spark.size(), LoopsModel::TrendSeconds);
    QVERIFY(std::abs(spark.back() - 0.1) < 1e-6);
    QVERIFY(std::isnan(spark.front()));
}

void tst_ItemModels::loopsLosesAProcess()
{
    LoopsModel model(m_watched->session);
    const QAbstractItemModelTester tester(&model);
    QVERIFY(m_watched->showCalm(10s, 11s));
    m_watched->publisher.send(Telemetry::Goodbye{});
    QTRY_COMPARE(text(model, 0, LoopsModel::State), QStringLiteral("ended"));
    QVERIFY(model.index(0, 0).data(EndedRole).toBool());
    QVERIFY(model.index(0, 0, model.index(0, 0)).data(EndedRole).toBool());
    m_watched->session.close(*m_watched->process());
    QCOMPARE(model.rowCount(), 0);
}

void tst_ItemModels::stallsAreNewestFirst()
{
    StallsModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {stall(1, 5s, 121ms), stall(2, 7s, 60ms)};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(text(model, 0, StallsModel::Lasted), QStringLiteral("60.0 ms"));
    QCOMPARE(text(model, 1, StallsModel::Lasted), QStringLiteral("121 ms"));
    QCOMPARE(text(model, 1, StallsModel::Receiver), QStringLiteral("EchoServer \"front\""));
    QCOMPARE(text(model, 1, StallsModel::Id), QStringLiteral("timer 7"));
    QCOMPARE(model.index(1, 0).data(BeginRole).toLongLong(), 5'000'000'000);

    loop = idleLoop(10'100ms);
    loop.stalls = {stall(3, 10s, 80ms)};
    QVERIFY(m_watched->show(10'100ms, {loop}));
    QCOMPARE(model.rowCount(), 2); // a view may be paused
    model.refresh();
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(text(model, 0, StallsModel::Lasted), QStringLiteral("80.0 ms"));
}

void tst_ItemModels::ongoingStallStandsOnTop()
{
    StallsModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.ongoingStall = stall(1, 9'900ms, 100ms);
    Telemetry::LoopFrame other = idleLoop(10s, 100ms, 2);
    other.stalls = {stall(1, 9'950ms, 60ms)};
    QVERIFY(m_watched->show(10s, {loop, other}));
    model.setLoops({m_watched->loop(0), m_watched->loop(1)});
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(model.index(0, 0).data(OngoingRole).toBool());
    QCOMPARE(text(model, 0, StallsModel::Lasted), QStringLiteral("≥ 100 ms"));

    loop = idleLoop(10'100ms);
    loop.stalls = {stall(1, 9'900ms, 130ms)};
    QVERIFY(m_watched->show(10'100ms, {loop, idleLoop(10'100ms, 100ms, 2)}));
    model.refresh();
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(!model.index(0, 0).data(OngoingRole).toBool());
    QCOMPARE(text(model, 1, StallsModel::Lasted), QStringLiteral("130 ms"));
}

void tst_ItemModels::stallsOfASpan()
{
    StallsModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {stall(1, 5s, 100ms), stall(2, 7s, 60ms), stall(3, 8s, 60ms)};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    model.setSpan(TimeSpan{7s, 7'500ms});
    QCOMPARE(model.rowCount(), 1);
    model.setSpan(TimeSpan{5'050ms, 5'060ms}); // it went on then
    QCOMPARE(model.rowCount(), 1);
    model.setSpan({});
    QCOMPARE(model.rowCount(), 3);
}

void tst_ItemModels::stallAsText()
{
    StallsModel model;
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {stall(1, 5s, 121ms)};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    const QString report = model.index(0, 0).data(TextRole).toString();
    for (const char *part : {"\"main\" of fake", "stalled for 121 ms", "timer 7 of EchoServer \"front\"",
                             "threshold is 50.0 ms", "Qt 6.4.2"})
        QVERIFY2(report.contains(QLatin1String(part)), qPrintable(report));
}

void tst_ItemModels::timersAndReceiversShowTables()
{
    TimersModel timers;
    ReceiversModel receivers;
    const QAbstractItemModelTester timersTester(&timers);
    const QAbstractItemModelTester receiversTester(&receivers);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.receivers = {receiver("Socket", 100, 100ms)};
    loop.topTimers = {timer("tick", 50, 100ms)};
    QVERIFY(m_watched->show(10s, {loop}));
    timers.setLoops({m_watched->loop()});
    receivers.setLoops({m_watched->loop()});

    QCOMPARE(text(timers, 0, TimersModel::Object), QStringLiteral("Clock \"tick\""));
    QCOMPARE(text(timers, 0, TimersModel::Interval), QStringLiteral("20 ms"));
    QCOMPARE(text(timers, 0, TimersModel::HandlerMean), QStringLiteral("2.00 ms"));
    QCOMPARE(text(timers, 0, TimersModel::HandlerMax), QStringLiteral("3.00 ms"));
    QCOMPARE(text(timers, 0, TimersModel::LatenessP99), QStringLiteral("1.00 ms"));
    QVERIFY(isRightAligned(timers.index(0, TimersModel::Share)));
    QCOMPARE(text(receivers, 0, ReceiversModel::ClassName), QStringLiteral("Socket"));
    QCOMPARE(text(receivers, 0, ReceiversModel::Kind), QStringLiteral("notifier"));
    QCOMPARE(text(receivers, 0, ReceiversModel::Total), QStringLiteral("100 ms"));
    QCOMPARE(text(receivers, 0, ReceiversModel::RunsPerSecond), QStringLiteral("–")); // of one table
}

void tst_ItemModels::titlesNameTheTimeOfTheirFigures()
{
    TimersModel timers;
    ReceiversModel receivers;
    const auto title = [](const QAbstractItemModel &model, int column) {
        return model.headerData(column, Qt::Horizontal).toString();
    };
    QCOMPARE(title(timers, TimersModel::FiresPerSecond), QStringLiteral("Rate, 10 s"));
    QCOMPARE(title(timers, TimersModel::HandlerMax), QStringLiteral("Max, all"));
    QCOMPARE(title(receivers, ReceiversModel::Share), QStringLiteral("Share, 10 s"));
    QCOMPARE(title(receivers, ReceiversModel::Total), QStringLiteral("Total, all"));
    receivers.setSpan(TimeSpan{15s, 20s});
    QCOMPARE(title(receivers, ReceiversModel::Total), QStringLiteral("Total"));
}

void tst_ItemModels::rowsOfAFullTableAreMarked()
{
    TimersModel model;
    TimerStats others = timer("", 1000, 1s);
    others.className = "(others)";
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.topTimers = {others};
    QVERIFY(m_watched->show(10s, {loop}));
    loop = idleLoop(11s, 1s);
    loop.topTimers = {others, timer("tick", 5, 5ms)};
    QVERIFY(m_watched->show(11s, {loop}));
    model.setLoops({m_watched->loop()});
    QCOMPARE(text(model, 1, TimersModel::Object), QStringLiteral("Clock \"tick\""));
    QCOMPARE(text(model, 1, TimersModel::FiresPerSecond), QStringLiteral("≥ 5.00 /s"));
    QCOMPARE(text(model, 1, TimersModel::HandlerMax), QStringLiteral("≥ 3.00 ms"));
    QVERIFY(model.index(1, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("(others)")));
}

void tst_ItemModels::rowsKeepTheirPlaces()
{
    ReceiversModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.receivers = {receiver("A", 100, 100ms), receiver("B", 100, 90ms), receiver("C", 100, 80ms)};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    const QPersistentModelIndex b = model.index(1, 0);
    QCOMPARE(b.data().toString(), QStringLiteral("B"));

    loop = idleLoop(11s, 1s);
    loop.receivers = {receiver("D", 900, 900ms), receiver("C", 200, 200ms), receiver("B", 100, 90ms)};
    QVERIFY(m_watched->show(11s, {loop}));
    model.refresh();
    QCOMPARE(model.rowCount(), 3);
    QVERIFY(b.isValid());
    QCOMPARE(b.data().toString(), QStringLiteral("B"));
    QCOMPARE(text(model, 2, 0), QStringLiteral("D"));
}

void tst_ItemModels::numbersSortAsNumbers()
{
    ReceiversModel model;
    QSortFilterProxyModel proxy;
    proxy.setSourceModel(&model);
    proxy.setSortRole(SortRole);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.receivers = {receiver("A", 100, 2s), receiver("B", 100, 900ms), receiver("C", 100, 10us)};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    proxy.sort(ReceiversModel::Total, Qt::AscendingOrder);
    QCOMPARE(text(proxy, 0, 0), QStringLiteral("C"));
    QCOMPARE(text(proxy, 2, 0), QStringLiteral("A"));
}

void tst_ItemModels::tablesOfASpan()
{
    TimersModel model;
    const QAbstractItemModelTester tester(&model);
    for (int second = 10; second <= 20; ++second) {
        Telemetry::LoopFrame loop = idleLoop(second * 1s, 1s);
        const auto fired = static_cast<std::uint64_t>(second < 15 ? 50 : 50 * (second - 13));
        loop.topTimers = {timer("tick", fired, 1ms * static_cast<int>(fired))};
        QVERIFY(m_watched->show(second * 1s, {loop}));
    }
    model.setLoops({m_watched->loop()});
    model.setSpan(TimeSpan{15s, 20s});
    QCOMPARE(text(model, 0, TimersModel::FiresPerSecond), QStringLiteral("50.0 /s"));
    QCOMPARE(text(model, 0, TimersModel::LatenessP99), QStringLiteral("–"));
    QCOMPARE(text(model, 0, TimersModel::HandlerMax), QStringLiteral("≤ 3.00 ms"));
    model.setSpan(TimeSpan{10s, 14s});
    QCOMPARE(model.rowCount(), 0);
}

void tst_ItemModels::deletedLoopsDisappear()
{
    StallsModel stalls;
    ReceiversModel receivers;
    const QAbstractItemModelTester stallsTester(&stalls);
    const QAbstractItemModelTester receiversTester(&receivers);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {stall(1, 5s, 121ms)};
    loop.receivers = {receiver("A", 100, 2s)};
    QVERIFY(m_watched->show(10s, {loop}));
    stalls.setLoops({m_watched->loop()});
    receivers.setLoops({m_watched->loop()});
    const QPointer<Loop> gone = m_watched->loop();
    m_watched->session.detach(*m_watched->process());
    QTRY_VERIFY(!gone);
    QVERIFY(!stalls.index(0, 0).data(LoopRole).value<Loop *>());
    QVERIFY(!stalls.index(0, 0).data(TextRole).toString().isEmpty());
    stalls.refresh();
    receivers.refresh();
    QCOMPARE(stalls.rowCount(), 0);
    QCOMPARE(receivers.rowCount(), 0);
}

void tst_ItemModels::findingsAreShown()
{
    FindingsModel model;
    const QAbstractItemModelTester tester(&model);
    for (auto at = 10s + 100ms; at <= 20s; at += 100ms)
        QVERIFY(m_watched->show(at, {busyLoop(at, 98ms, 50)}));
    model.setLoops({m_watched->loop()});
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(text(model, 0, FindingsModel::Figure).contains(QStringLiteral("98 %")));
    QVERIFY(!text(model, 0, FindingsModel::Advice).isEmpty());
    QCOMPARE(model.index(0, 0).data(FindingViewRole).toInt(), static_cast<int>(Finding::View::Receivers));
    QVERIFY(model.index(0, 0).data(TextRole).toString().startsWith(QLatin1String("main: ")));
    model.setSpan(TimeSpan{1s, 2s});
    QCOMPARE(model.rowCount(), 0);
}

void tst_ItemModels::everyColumnHasATitle()
{
    const LoopsModel loops(m_watched->session);
    const StallsModel stalls;
    const TimersModel timers;
    const ReceiversModel receivers;
    const FindingsModel findings;
    for (const QAbstractItemModel *model :
         {static_cast<const QAbstractItemModel *>(&loops), static_cast<const QAbstractItemModel *>(&stalls),
          static_cast<const QAbstractItemModel *>(&timers),
          static_cast<const QAbstractItemModel *>(&receivers),
          static_cast<const QAbstractItemModel *>(&findings)}) {
        QSet<QString> titles;
        for (int column = 0; column < model->columnCount(); ++column)
            titles.insert(model->headerData(column, Qt::Horizontal).toString());
        QCOMPARE(titles.size(), model->columnCount());
        QVERIFY(!titles.contains(QString()));
    }
}

QTEST_GUILESS_MAIN(tst_ItemModels)
#include "tst_itemmodels.moc"
