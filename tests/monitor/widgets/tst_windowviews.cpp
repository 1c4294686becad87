// SPDX-License-Identifier: MIT
#include "chartgrid.h"
#include "heatmapview.h"
#include "loopsview.h"
#include "mainwindow.h"
#include "messagepage.h"
#include "monitor/support/watched.h"
#include "percentilechart.h"
#include "queuechart.h"
#include "statusline.h"
#include "tablesview.h"
#include "tableview.h"
#include "theme.h"
#include "utilisationchart.h"
#include "verdictline.h"

#include <QtGui/qpainter.h>
#include <QtGui/qtextdocument.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qdockwidget.h>
#include <QtWidgets/qheaderview.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qmessagebox.h>
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
    void filterWithoutHitSaysSo();
    void durationsAreNotElided();
    void stallsAreGroupedByCulprit();
    void badgeTellsWhatIsNotLive();
    void silenceIsTold();
    void stoppedProgramIsAGap();
    void ongoingStallIsInEveryView();
    void namesArePlainText();
    void findingsDoNotPraiseALoopWithStalls();
    void figuresAreWholeBesideABadge();
    void selectedDotStandsOut();
    void statesAreNotElided_data();
    void statesAreNotElided();
    void findingsAreSetApart();
    void verdictKeepsItsFigures();
    void everyTableHasItsTitle();
    void receiversHaveRoom();
    void sortArrowHidesNoTitle();

private:
    static std::unique_ptr<MainWindow> makeWindow(Session &session, QSize size = {1280, 720});
    static Telemetry::LoopFrame worker(std::chrono::nanoseconds at, std::chrono::nanoseconds busy);
    /// What a tooltip's reader sees.
    static QString asShown(const QString &tip)
    {
        if (!Qt::mightBeRichText(tip))
            return tip;
        QTextDocument document;
        document.setHtml(tip);
        return document.toPlainText();
    }
    static QDockWidget *dock(const MainWindow &window, const char *name)
    {
        return window.findChild<QDockWidget *>(QString::fromLatin1(name));
    }
};

std::unique_ptr<MainWindow> WindowViewsTest::makeWindow(Session &session, QSize size)
{
    auto window = std::make_unique<MainWindow>(session, MainWindow::Memory::None);
    window->resize(size);
    window->show();
    return window;
}

Telemetry::LoopFrame WindowViewsTest::worker(std::chrono::nanoseconds at, std::chrono::nanoseconds busy)
{
    Telemetry::LoopFrame loop = busyLoop(at, busy, 10);
    loop.loopId = 2;
    loop.threadName = "worker";
    return loop;
}

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
    QTest::addColumn<QSize>("size");
    QTest::newRow("small") << QSize(800, 600);
    QTest::newRow("usual") << QSize(1000, 700);
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

void WindowViewsTest::filterWithoutHitSaysSo()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.stalls = {stall(1, 99s, 120ms), stall(2, 99500ms, 80ms)};
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    const TableView *stalls = window->tables()->view(TablesView::Stalls);
    QVERIFY(stalls->emptyText().isEmpty());
    window->tables()->filter()->setText(QStringLiteral("nobody"));
    QCOMPARE(stalls->model()->rowCount(), 0);
    QVERIFY2(stalls->emptyText().contains(QStringLiteral("None of 2 rows contains “nobody”")),
             qPrintable(stalls->emptyText()));
    const TableView *timers = window->tables()->view(TablesView::Timers);
    QVERIFY(timers->emptyText().startsWith(QStringLiteral("No timer")));
}

void WindowViewsTest::durationsAreNotElided()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.ongoingStall = stall(1, 99s, 123456ms);
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    const TableView *view = window->tables()->view(TablesView::Stalls);
    const QModelIndex lasted = view->model()->index(0, StallsModel::Lasted);
    const int text = view->fontMetrics().horizontalAdvance(lasted.data().toString());
    QVERIFY2(view->columnWidth(StallsModel::Lasted) >= text + 6, qPrintable(lasted.data().toString()));
}

void WindowViewsTest::stallsAreGroupedByCulprit()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    Stall other = stall(3, 99700ms, 60ms);
    other.className = "Other";
    loop.stalls = {stall(1, 99s, 120ms), stall(2, 99500ms, 80ms), other};
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    window->actions().tables[TablesView::Culprits]->trigger();
    TableView *view = window->tables()->view(TablesView::Culprits);
    QCOMPARE(view->model()->rowCount(), 2);
    const QModelIndex worst = view->model()->index(0, CulpritsModel::Count);
    QCOMPARE(worst.data().toString(), QStringLiteral("2"));
    QCOMPARE(worst.siblingAtColumn(CulpritsModel::Worst).data().toString(), QStringLiteral("120 ms"));
    Q_EMIT view->activated(worst);
    QCOMPARE(window->tables()->currentIndex(), int(TablesView::Stalls));
    QCOMPARE(window->tables()->view(TablesView::Stalls)->model()->rowCount(), 2);
}

void WindowViewsTest::badgeTellsWhatIsNotLive()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    window->refreshNow();
    QCOMPARE(window->charts()->badge(), QString());
    window->actions().pause->trigger();
    QCOMPARE(window->charts()->badge(), QStringLiteral("paused"));
    window->actions().pause->trigger();
    QCOMPARE(window->charts()->badge(), QString());
    window->actions().zoomIn->trigger();
    window->refreshNow();
    QCOMPARE(window->charts()->badge(), QStringLiteral("not following"));
}

void WindowViewsTest::silenceIsTold()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    window->refreshNow();
    QTRY_VERIFY_WITH_TIMEOUT(window->charts()->badge().startsWith(QStringLiteral("silent for ")), 20'000);
    QVERIFY(watched.showCalm(101100ms, 102s));
    QTRY_COMPARE(window->charts()->badge(), QString());
}

/// Its next frame tells of all the time at once: that is no slow change.
void WindowViewsTest::stoppedProgramIsAGap()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 105s));
    QVERIFY(watched.show(115s, {idleLoop(115s, 10s)}));
    QVERIFY(watched.showCalm(115100ms, 118s));
    window->refreshNow();
    QCOMPARE(window->charts()->utilisation()->line().series().size(), 2u);
    QCOMPARE(window->charts()->queue()->tasks().series().size(), 2u);
}

void WindowViewsTest::ongoingStallIsInEveryView()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 105s));
    Telemetry::LoopFrame loop = idleLoop(107s, 2s);
    loop.ongoingStall = stall(1, 105s, 2s);
    QVERIFY(watched.show(107s, {loop}));
    window->refreshNow();
    QVERIFY2(window->verdict()->text().contains(QStringLiteral("2.00 s")),
             qPrintable(window->verdict()->text()));
    for (const PlotOverlay *overlay :
         {&window->charts()->latency()->overlay(), &window->charts()->heatMap()->overlay()}) {
        QCOMPARE(overlay->marks.size(), 1u);
        QVERIFY(overlay->marks[0].ongoing);
        QCOMPARE(overlay->marks[0].end, Time(107s));
    }
    const QAbstractItemModel *model = window->loops()->model();
    QCOMPARE(model->index(0, LoopsModel::Stalls, model->index(0, 0)).data().toString(),
             QStringLiteral("2.00 s now"));
}

void WindowViewsTest::namesArePlainText()
{
    const std::string name = "<b>bold</b><img src=x>";
    Watched watched;
    watched.publisher.setGreeting(FakePublisher::hello(name));
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 10ms);
    loop.threadName = name;
    Stall hostile = stall(1, 99s, 120ms);
    hostile.className = name;
    loop.stalls = {hostile};
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();
    const QString shown = QString::fromStdString(name);
    int found = 0;
    for (const QLabel *label : window->findChildren<QLabel *>()) {
        if (!label->text().contains(shown))
            continue;
        ++found;
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }
    QVERIFY(found > 0);
    const QAbstractItemModel *stalls = window->tables()->view(TablesView::Stalls)->model();
    QVERIFY(!stalls->index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
    const QAbstractItemModel *loops = window->loops()->model();
    const QModelIndex row = loops->index(0, 0, loops->index(0, 0));
    QVERIFY(!row.data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
    QVERIFY(!window->verdict()->toolTip().contains(QStringLiteral("<img")));
    for (const QString &tip : {stalls->index(0, 0).data(Qt::ToolTipRole).toString(),
                               stalls->index(0, StallsModel::Receiver).data(Qt::ToolTipRole).toString(),
                               row.data(Qt::ToolTipRole).toString(), window->verdict()->toolTip()})
        QVERIFY2(asShown(tip).contains(shown) && !asShown(tip).contains(QStringLiteral("<br>")),
                 qPrintable(tip));
    watched.publisher.dropAll();
    watched.publisher.stop();
    QTRY_VERIFY(watched.process()->state() != Process::State::Attached);
    window->refreshNow();
    QVERIFY(!window->message()->text().contains(QStringLiteral("<img")));
}

void WindowViewsTest::findingsDoNotPraiseALoopWithStalls()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    window->refreshNow();
    const TableView *findings = window->tables()->view(TablesView::Findings);
    QCOMPARE(findings->model()->rowCount(), 0);
    QVERIFY2(findings->emptyText().contains(QStringLiteral("does well")), qPrintable(findings->emptyText()));
    Telemetry::LoopFrame loop = busyLoop(101100ms, 10ms);
    loop.ongoingStall = stall(1, 101s, 100ms);
    QVERIFY(watched.show(101100ms, {loop}));
    window->refreshNow();
    QCOMPARE(findings->model()->rowCount(), 0);
    QVERIFY2(findings->emptyText().contains(QStringLiteral("see Stalls")), qPrintable(findings->emptyText()));
}

void WindowViewsTest::figuresAreWholeBesideABadge()
{
    Watched watched;
    const auto window = makeWindow(watched.session, {800, 600});
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 105s));
    window->refreshNow();
    window->charts()->setBadge(QStringLiteral("replay · paused · a badge with little room beside it"));
    int found = 0;
    for (const QLabel *label : window->charts()->findChildren<QLabel *>()) {
        if (label->toolTip() != window->charts()->figures())
            continue;
        ++found;
        QVERIFY(label->fontMetrics().horizontalAdvance(label->text()) <= label->width());
        QVERIFY(window->charts()->figures().startsWith(label->text()));
    }
    QCOMPARE(found, 1);
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

void WindowViewsTest::statesAreNotElided_data()
{
    chartsFillTheWindow_data();
    QTest::newRow("wide") << QSize(1280, 720);
}

void WindowViewsTest::statesAreNotElided()
{
    QFETCH(QSize, size);
    Watched watched;
    const auto window = makeWindow(watched.session, size);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    const LoopsView *loops = window->loops();
    const QFontMetrics metrics = loops->fontMetrics();
    for (const char *word : {"ended stalled", "not measured", "silent for 27 s"}) {
        const int needed = metrics.horizontalAdvance(QStringLiteral("    ") + QString::fromLatin1(word)) + 6;
        QVERIFY2(loops->columnWidth(LoopsModel::State) >= needed, word);
    }
    QVERIFY(!loops->isColumnHidden(LoopsModel::State) && !loops->isColumnHidden(LoopsModel::Utilisation));
    QVERIFY(loops->columnWidth(LoopsModel::Name) >= metrics.horizontalAdvance(QStringLiteral("worker-1")));
}

void WindowViewsTest::findingsAreSetApart()
{
    Watched watched;
    const auto window = makeWindow(watched.session);
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    TableView *view = window->tables()->view(TablesView::Findings);
    const QModelIndex index = window->tables()->view(TablesView::Stalls)->model()->index(0, 0);
    QStyleOptionViewItem option;
    option.initFrom(view);
    option.rect = QRect(0, 0, 200, 40);
    const int single = view->itemDelegate()->sizeHint(option, index).height();
    option.features |= QStyleOptionViewItem::WrapText;
    QVERIFY(view->itemDelegate()->sizeHint(option, index).height() >= single + 6);
    QImage image(200, 40, QImage::Format_RGB32);
    image.fill(Theme::current().base);
    QPainter painter(&image);
    view->itemDelegate()->paint(&painter, option, index);
    painter.end();
    QCOMPARE(image.pixelColor(100, 39), Theme::current().grid);
}

void WindowViewsTest::verdictKeepsItsFigures()
{
    const QString verdict = QStringLiteral("main: 6 stalls in 1 min, worst 122 ms, 6 × Flywheel::Demo::"
                                           "ReportGenerator \"daily report\"; 1 more loop is not well");
    const QFontMetrics metrics(qApp->font());
    QCOMPARE(fittingVerdict(verdict, metrics.horizontalAdvance(verdict), metrics), verdict);
    const int room = metrics.horizontalAdvance(verdict) * 6 / 10;
    const QString shown = fittingVerdict(verdict, room, metrics);
    QVERIFY(metrics.horizontalAdvance(shown) <= room);
    QVERIFY2(shown.startsWith(QStringLiteral("main: 6 stalls in 1 min, worst 122 ms, 6 × ")),
             qPrintable(shown));
    QVERIFY2(shown.endsWith(QStringLiteral("report\"")), qPrintable(shown));
    QVERIFY(shown.contains(QChar(0x2026)));

    const QString commas = QStringLiteral("worker-3: 18 stalls in 1 min, worst 341 ms, 17 × many handlers in "
                                          "one pass, mostly task");
    const QString other = fittingVerdict(commas, metrics.horizontalAdvance(commas) * 8 / 10, metrics);
    QVERIFY2(other.startsWith(QStringLiteral("worker-3: 18 stalls in 1 min, worst 341 ms, ")),
             qPrintable(other));
    QVERIFY2(other.endsWith(QStringLiteral("task")), qPrintable(other));
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
