// SPDX-License-Identifier: MIT
#include "chartgrid.h"
#include "heatmapview.h"
#include "loopsview.h"
#include "monitor/support/watched.h"
#include "monitor/support/window.h"
#include "percentilechart.h"
#include "queuechart.h"
#include "statusline.h"
#include "tablesview.h"
#include "tableview.h"
#include "utilisationchart.h"

#include <QtTest/qtest.h>
#include <QtWidgets/qheaderview.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qtabbar.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// What the window shows by itself, and where it puts it, at any size.
class WindowViewsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheWorstLoopFirst();
    void keepsTheLoopThatWasChosen();
    void programsRowShowsItsLoop();
    void listTellsStalls();
    void listIsSorted();
    void chartsFillTheWindow_data();
    void chartsFillTheWindow();
    void tablesHaveRoomAtFullHeight();
    void sizesOfDocksStayChosen();
    void chartsFoldAway();
    void selectedDotStandsOut();
    void everyTableHasItsTitle();
    void receiversHaveRoom();
    void sortArrowHidesNoTitle();
};

void WindowViewsTest::showsTheWorstLoopFirst()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {busyLoop(100s, 10ms), worker(100s, 15ms)}));
    QCOMPARE(window->charts()->loop(), watched.loop(0)); // main, where none is clearly worse
    QVERIFY(watched.show(100100ms, {busyLoop(100100ms, 10ms), worker(100100ms, 99ms)}));
    window->refreshNow();
    QCOMPARE(window->charts()->loop(), watched.loop(1));
}

void WindowViewsTest::keepsTheLoopThatWasChosen()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {busyLoop(100s, 10ms), worker(100s, 10ms)}));
    const QModelIndex process = window->loops()->model()->index(0, 0);
    const QRect row = window->loops()->visualRect(window->loops()->model()->index(0, 0, process));
    QTest::mouseClick(window->loops()->viewport(), Qt::LeftButton, {}, row.center());
    QVERIFY(watched.show(100100ms, {busyLoop(100100ms, 10ms), worker(100100ms, 99ms)}));
    window->refreshNow();
    QCOMPARE(window->charts()->loop(), watched.loop(0));
}

void WindowViewsTest::programsRowShowsItsLoop()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {busyLoop(100s, 10ms), worker(100s, 10ms)}));
    window->loops()->select(watched.loop(1));
    const QRect row = window->loops()->visualRect(window->loops()->model()->index(0, 0));
    QTest::mouseClick(window->loops()->viewport(), Qt::LeftButton, {}, row.center());
    QVERIFY(window->showsCharts());
    QCOMPARE(window->charts()->loop(), watched.loop(1));
    window->refreshNow();
    QVERIFY2(window->status()->text().startsWith(QStringLiteral("attached")),
             qPrintable(window->status()->text()));
}

void WindowViewsTest::listTellsStalls()
{
    Watched watched;
    const auto window = makeWindow(watched.session, {1600, 900});
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.stalls = {stall(1, 99s, 120ms), stall(2, 99500ms, 80ms)};
    loop.stallCount = 2;
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    const QAbstractItemModel *model = window->loops()->model();
    const QModelIndex process = model->index(0, 0);
    QCOMPARE(model->index(0, LoopsModel::Stalls, process).data().toString(), QStringLiteral("2 · 120 ms"));
    QVERIFY(!window->loops()->isColumnHidden(LoopsModel::Stalls));
}

void WindowViewsTest::listIsSorted()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {busyLoop(100s, 10ms), worker(100s, 80ms)}));
    const QAbstractItemModel *model = window->loops()->model();
    const auto first = [model] { return model->index(0, 0, model->index(0, 0)).data().toString(); };
    QCOMPARE(first(), QStringLiteral("main"));
    window->loops()->sortByColumn(LoopsModel::Utilisation, Qt::DescendingOrder);
    QCOMPARE(first(), QStringLiteral("worker"));
}

void WindowViewsTest::chartsFillTheWindow_data()
{
    addWindowSizes();
}

/// Attached by name, as from the command line: the charts come late, into a window that is there.
void WindowViewsTest::chartsFillTheWindow()
{
    QFETCH(QSize, size);
    Watched watched;
    const auto window = makeWindow(watched.session, size);
    QVERIFY(QTest::qWaitForWindowExposed(window.get()));
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    QTRY_VERIFY(window->showsCharts());
    QTRY_COMPARE(window->size(), size);
    QTRY_VERIFY(window->charts()->latency()->plotRect().height() >= 60);
    QVERIFY(window->charts()->latency()->plotRect().width() >= window->width() * 0.45);
    QVERIFY(window->charts()->utilisation()->plotRect().height() >= 40);
    QVERIFY(dock(*window, "loops")->width() <= size.width() * 0.4);
    QVERIFY(window->minimumSizeHint().height() <= 600);
    QVERIFY(window->minimumSizeHint().width() <= 800);
}

void WindowViewsTest::tablesHaveRoomAtFullHeight()
{
    Watched watched;
    const auto window = makeWindow(watched.session, {1000, 740});
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    const auto rows = [&] {
        const TableView *view = window->tables()->view(TablesView::Stalls);
        return view->viewport()->height() / view->verticalHeader()->defaultSectionSize();
    };
    QVERIFY(rows() >= 5);
    if (QGuiApplication::platformName() != QLatin1String("offscreen"))
        return; // the test's X server is no 1080 lines high
    window->resize(1920, 1080);
    QTRY_VERIFY(rows() >= 8);
    QVERIFY(window->charts()->latency()->plotRect().height() >= 120);
}

void WindowViewsTest::sizesOfDocksStayChosen()
{
    Watched watched;
    const auto window = makeWindow(watched.session, {1000, 700});
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    const QRect before = dock(*window, "loops")->geometry();
    const QPoint edge(before.right() + 1, before.center().y());
    QTest::mousePress(window.get(), Qt::LeftButton, {}, edge);
    QTest::mouseMove(window.get(), edge - QPoint(60, 0));
    QTRY_VERIFY(dock(*window, "loops")->width() < before.width() - 20);
    QTest::mouseRelease(window.get(), Qt::LeftButton, {}, edge - QPoint(60, 0));
    const int chosen = dock(*window, "loops")->width();
    window->resize(900, 650);
    QTRY_COMPARE(window->size(), QSize(900, 650));
    QTRY_COMPARE(dock(*window, "loops")->width(), chosen);
}

void WindowViewsTest::chartsFoldAway()
{
    Watched watched;
    const auto window = makeWindow(watched.session, {1000, 740});
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    const ChartGrid *charts = window->charts();
    QTRY_VERIFY(charts->isUnfolded());
    QVERIFY(charts->queue()->isVisible());
    window->resize(900, 500);
    QTRY_VERIFY(!charts->isUnfolded());
    QVERIFY(!charts->queue()->isVisible() && !charts->heatMap()->isVisible());
    QVERIFY(!window->actions().unfold->isChecked());
    window->actions().unfold->trigger(); // from now on it stays as chosen
    QVERIFY(charts->queue()->isVisible());
    window->resize(880, 500);
    QTRY_COMPARE(window->width(), 880);
    QVERIFY(charts->isUnfolded());
}

void WindowViewsTest::selectedDotStandsOut()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    LoopsView *loops = window->loops();
    loops->select(watched.loop(0));
    const QModelIndex state = loops->currentIndex().siblingAtColumn(LoopsModel::State);
    const auto whiteAtDot = [&] {
        const QRect cell = loops->visualRect(state);
        const QImage image = loops->viewport()->grab().toImage();
        const QRect dot(cell.left() + 3, cell.center().y() - 6, 13, 13);
        int count = 0;
        for (int y = dot.top(); y <= dot.bottom(); ++y)
            for (int x = dot.left(); x <= dot.right(); ++x)
                count += image.pixelColor(x, y).lightness() > 200;
        return count;
    };
    QVERIFY(whiteAtDot() >= 8);
}

void WindowViewsTest::everyTableHasItsTitle()
{
    Watched watched;
    const auto window = makeWindow(watched.session, {800, 600});
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    for (int i = 0; i < 20; ++i)
        loop.stalls.push_back(stall(std::uint64_t(i) + 1, 90s + i * 200ms, 120ms));
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    const QTabBar *tabs = window->tables()->tabBar();
    QTRY_VERIFY(tabs->width() >= tabs->sizeHint().width());
    QVERIFY(window->tables()->filter()->width() >= 40);
    QVERIFY(window->tables()->filter()->mapTo(window.get(), QPoint()).x() >=
            tabs->mapTo(window.get(), tabs->rect().topRight()).x());
}

void WindowViewsTest::receiversHaveRoom()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    const TableView *timers = window->tables()->view(TablesView::Timers);
    const auto widthOf = [](const TableView *view, const char *text) {
        return view->fontMetrics().horizontalAdvance(QString::fromLatin1(text)) + 6;
    };
    window->tables()->showTable(TablesView::Timers);
    // All but a few letters of Flywheel::Demo::Workload "workload", elided in the middle.
    QTRY_VERIFY2(timers->columnWidth(TimersModel::Object) >=
                     widthOf(timers, "Flywheel::Demo::Wo \"workload\""),
                 qPrintable(QString::number(timers->columnWidth(TimersModel::Object))));
    window->tables()->showTable(TablesView::Stalls);
    window->resize(800, 600);
    const TableView *stalls = window->tables()->view(TablesView::Stalls);
    QTRY_VERIFY(stalls->columnWidth(StallsModel::Receiver) >= stalls->viewport()->width() * 4 / 10);
    QVERIFY(stalls->columnWidth(StallsModel::Began) >= widthOf(stalls, "09:47:26.537"));
}

void WindowViewsTest::sortArrowHidesNoTitle()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms, 5, HandlerKind::Timer);
    ReceiverStats receiver;
    receiver.className = "Socket";
    receiver.count = 100;
    receiver.total = 100ms;
    loop.receivers = {receiver};
    QVERIFY(watched.show(100s, {loop}));
    window->tables()->showTable(TablesView::Receivers);
    window->refreshNow();
    const TableView *view = window->tables()->view(TablesView::Receivers);
    const auto title = [view](int column) {
        return view->model()->headerData(column, Qt::Horizontal).toString();
    };
    const auto roomAtTheEnd = [](const QString &text) { return text.size() - text.trimmed().size(); };
    QVERIFY(title(ReceiversModel::Share).startsWith(QStringLiteral("Share")));
    QCOMPARE(view->model()->rowCount(), 1);
    QVERIFY(title(ReceiversModel::Share).contains(QChar(0x200b))); // with spaces before it
    QVERIFY(roomAtTheEnd(title(ReceiversModel::Max)) == 0);
}

QTEST_MAIN(WindowViewsTest)
#include "tst_windowviews.moc"
