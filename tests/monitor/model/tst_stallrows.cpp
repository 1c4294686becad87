// SPDX-License-Identifier: MIT
#include "model/culprits.h"
#include "model/stallsmodel.h"

#include "monitor/support/watched.h"

#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// Stalls as rows, alone and below their culprits: what is selected stays while they come and end.
class tst_StallRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_watched.reset(); }

    void stallThatEndsKeepsItsRow();
    void culpritsUnfoldToTheirStalls();
    void stallsOfACulpritKeepTheirRows();
    void stallsOutsideTheSpanGo();
    void worstStallIsTheCulprits();

private:
    std::unique_ptr<Watched> m_watched;
};

namespace {

QString text(const QModelIndex &index, int column)
{
    return index.siblingAtColumn(column).data().toString();
}

Stall of(const char *className, Stall stall)
{
    stall.className = className;
    stall.objectName.clear();
    return stall;
}

} // namespace

void tst_StallRows::init()
{
    m_watched = std::make_unique<Watched>();
    QVERIFY(m_watched->isAttached());
}

/// It leaves the top, where those that go on are.
void tst_StallRows::stallThatEndsKeepsItsRow()
{
    StallsModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.ongoingStall = stall(1, 9'900ms, 100ms);
    Telemetry::LoopFrame other = idleLoop(10s, 100ms, 2);
    other.stalls = {stall(1, 9'920ms, 60ms), stall(2, 9'950ms, 60ms)};
    QVERIFY(m_watched->show(10s, {loop, other}));
    model.setLoops({m_watched->loop(0), m_watched->loop(1)});
    const QPersistentModelIndex selected = model.index(0, 0);
    QVERIFY(selected.data(OngoingRole).toBool());

    loop = idleLoop(10'100ms);
    loop.stalls = {stall(1, 9'900ms, 130ms)};
    QVERIFY(m_watched->show(10'100ms, {loop, idleLoop(10'100ms, 100ms, 2)}));
    model.refresh();
    QCOMPARE(model.rowCount(), 3);
    QVERIFY(selected.isValid());
    QCOMPARE(selected.row(), 2);
    QCOMPARE(text(selected, StallsModel::Lasted), QStringLiteral("130 ms"));
    QVERIFY(!selected.data(OngoingRole).toBool());
}

void tst_StallRows::culpritsUnfoldToTheirStalls()
{
    CulpritsModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {of("A", stall(1, 5s, 100ms)), of("B", stall(2, 6s, 60ms)), of("A", stall(3, 7s, 80ms))};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    QCOMPARE(model.rowCount(), 2);
    const QModelIndex a = model.index(0, 0);
    QCOMPARE(text(a, CulpritsModel::Who), QStringLiteral("A"));
    QCOMPARE(text(a, CulpritsModel::Total), QStringLiteral("180 ms"));
    QCOMPARE(model.rowCount(a), 2);
    const QModelIndex newest = model.index(0, 0, a);
    QCOMPARE(newest.parent(), a);
    QCOMPARE(text(newest, CulpritsModel::Total), QStringLiteral("80.0 ms"));
    QCOMPARE(text(newest, CulpritsModel::Who), QStringLiteral("22:13:27.000"));
    QCOMPARE(text(newest, CulpritsModel::Kind), QStringLiteral("timer 7"));
    QCOMPARE(newest.data(BeginRole).toLongLong(), 7'000'000'000);
    QVERIFY(newest.data(TextRole).toString().contains(QStringLiteral("stalled for 80.0 ms")));
    QCOMPARE(model.stallAt(newest)->number, 3u);
}

void tst_StallRows::stallsOfACulpritKeepTheirRows()
{
    CulpritsModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {of("B", stall(1, 4s, 100ms)), of("A", stall(2, 5s, 90ms))};
    loop.ongoingStall = of("A", stall(3, 9'900ms, 100ms));
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    const QPersistentModelIndex ongoing = model.index(0, 0, model.index(0, 0));
    const QPersistentModelIndex older = model.index(1, 0, model.index(0, 0));
    const QPersistentModelIndex b = model.index(0, 0, model.index(1, 0));
    QVERIFY(text(ongoing, CulpritsModel::Who).endsWith(QStringLiteral(", goes on")));
    QCOMPARE(text(ongoing, CulpritsModel::Total), QStringLiteral("≥ 100 ms"));

    loop = idleLoop(10'100ms);
    loop.stalls = {of("A", stall(3, 9'900ms, 130ms)), of("A", stall(4, 10'040ms, 55ms))};
    QVERIFY(m_watched->show(10'100ms, {loop}));
    model.refresh();
    QVERIFY(ongoing.isValid() && older.isValid() && b.isValid());
    QCOMPARE(ongoing.row(), 1);
    QCOMPARE(text(ongoing, CulpritsModel::Total), QStringLiteral("130 ms"));
    QCOMPARE(older.row(), 2);
    QCOMPARE(text(older, CulpritsModel::Total), QStringLiteral("90.0 ms"));
    QCOMPARE(text(b, CulpritsModel::Total), QStringLiteral("100 ms"));
}

void tst_StallRows::stallsOutsideTheSpanGo()
{
    CulpritsModel model;
    const QAbstractItemModelTester tester(&model);
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {of("B", stall(1, 4s, 900ms)), of("A", stall(2, 5s, 90ms)), of("A", stall(3, 7s, 90ms))};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    const QPersistentModelIndex kept = model.index(0, 0, model.index(1, 0));
    QCOMPARE(model.stallAt(kept)->number, 3u);
    model.setSpan(TimeSpan{6s, 8s}); // the culprit before it goes as well
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.rowCount(model.index(0, 0)), 1);
    QVERIFY(kept.isValid());
    QCOMPARE(kept.parent().row(), 0);
    QCOMPARE(model.stallAt(kept)->number, 3u);
}

void tst_StallRows::worstStallIsTheCulprits()
{
    CulpritsModel model;
    Telemetry::LoopFrame loop = idleLoop(10s);
    loop.stalls = {of("A", stall(1, 4s, 60ms)), of("A", stall(2, 5s, 90ms)), of("A", stall(3, 7s, 70ms))};
    QVERIFY(m_watched->show(10s, {loop}));
    model.setLoops({m_watched->loop()});
    QCOMPARE(model.stallAt(model.index(0, 0))->number, 2u);
    QCOMPARE(model.index(0, 0).data(BeginRole).toLongLong(), 5'000'000'000);
    QVERIFY(!model.stallAt({}));
}

QTEST_GUILESS_MAIN(tst_StallRows)
#include "tst_stallrows.moc"
