// SPDX-License-Identifier: MIT
#include "chartgrid.h"
#include "loopsview.h"
#include "mainwindow.h"
#include "messagepage.h"
#include "monitor/support/watched.h"
#include "percentilechart.h"
#include "queuechart.h"
#include "statusline.h"
#include "tablesview.h"
#include "tableview.h"
#include "throughputchart.h"
#include "utilisationchart.h"

#include <QtGui/qclipboard.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qapplication.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qpushbutton.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// The window on a program whose every frame the test sends.
class MainWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysHowToPublishWhereNothingDoes();
    void attachesWithOneClick();
    void saysWhenVersionsDiffer();
    void chartsShowWhatFramesSay();
    void tablesFollowTheSelectedLoops();
    void severalLoopsAreCompared();
    void selectionFiltersTablesAndFigures();
    void escapeClearsTheSelection();
    void zoomingStopsFollowing();
    void pauseFreezesTheViewOnly();
    void stallIsZoomedTo();
    void markLeadsToItsStall();
    void copiesStallsAsText();
    void filterAppliesToTables();
    void shortcutsReachTables();
    void deadProcessStaysGreyed();
    void lossIsAGap();
    void everyActionHasKeyAndToolTip();
    void refreshesTenMinutes();

private:
    /// A calm second from 100 s on, with one stall in its middle.
    static bool showStall(Watched &watched);
    static MainWindow *makeWindow(Session &session);
    static double last(const GappedLine &line) { return line.series().back()->points().last().y(); }
};

MainWindow *MainWindowTest::makeWindow(Session &session)
{
    auto *window = new MainWindow(session, MainWindow::Memory::None);
    window->resize(1280, 720);
    window->show();
    return window;
}

bool MainWindowTest::showStall(Watched &watched)
{
    if (!watched.showCalm(100s, 105s))
        return false;
    Telemetry::LoopFrame loop = busyLoop(105100ms, 90ms, 1, HandlerKind::Timer);
    loop.stalls = {stall(1, 104980ms, 120ms)};
    loop.stallCount = 1;
    return watched.show(105100ms, {loop}) && watched.showCalm(105200ms, 110s);
}

void MainWindowTest::saysHowToPublishWhereNothingDoes()
{
    const Telemetry::Test::RuntimeDirectory nowhere;
    Session session;
    session.startDiscovery();
    const std::unique_ptr<MainWindow> window(makeWindow(session));
    QVERIFY(!window->showsCharts());
    QVERIFY(window->message()->text().contains(QStringLiteral("flywheel-run ./app")));
    QVERIFY(window->message()->text().contains(QStringLiteral("FLYWHEEL_TELEMETRY=1")));
    QVERIFY(window->message()->demoButton()->isVisible());
    QCOMPARE(window->status()->text(), QStringLiteral("not attached"));
}

void MainWindowTest::attachesWithOneClick()
{
    const Telemetry::Test::RuntimeDirectory directory;
    FakePublisher publisher;
    Session session;
    const std::unique_ptr<MainWindow> window(makeWindow(session));
    session.startDiscovery();
    QTRY_COMPARE(session.processes().size(), 1u);
    QTRY_COMPARE(publisher.greeted(), 1); // the only one is attached to at the start, and not again
    session.detach(*session.processes()[0]);
    QTRY_COMPARE(session.processes().size(), 1u);
    QVERIFY(window->message()->title().contains(QStringLiteral("Choose a program")));
    const QRect row = window->loops()->visualRect(window->loops()->model()->index(0, 0));
    QTest::mouseClick(window->loops()->viewport(), Qt::LeftButton, {}, row.center());
    QTRY_COMPARE(publisher.greeted(), 2);
    publisher.send(frameOf(1, 100s, {busyLoop(100s, 10ms)}));
    QTRY_VERIFY(window->showsCharts());
    QVERIFY(window->loops()->currentLoop());
    QTRY_VERIFY(window->status()->text().startsWith(QStringLiteral("attached")));
}

void MainWindowTest::saysWhenVersionsDiffer()
{
    Watched watched;
    Telemetry::Hello hello;
    hello.protocolVersion = 99;
    watched.publisher.setGreeting(Telemetry::encode(hello));
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QTRY_VERIFY(window->message()->title().contains(QStringLiteral("version")));
    QVERIFY(!window->message()->text().isEmpty());
}

void MainWindowTest::chartsShowWhatFramesSay()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame loop = busyLoop(100s, 40ms, 20, HandlerKind::Timer);
    loop.taskDepth.current = 7;
    loop.oldestTaskAge = 1ms;
    QVERIFY(watched.show(99900ms, {busyLoop(99900ms, 40ms, 20, HandlerKind::Timer)}));
    QVERIFY(watched.show(100s, {loop}));
    window->refreshNow();

    const ChartGrid *charts = window->charts();
    QCOMPARE(last(charts->utilisation()->line()), 40.0);
    QVERIFY(std::abs(last(charts->latency()->line(0)) - std::log10(2e6)) < 0.02); // 2 ms, within 3 %
    QCOMPARE(charts->throughput()->area(0).upper().back().value, 200.0);
    QCOMPARE(charts->queue()->tasks().points().back().value, 7.0);
    QCOMPARE(charts->queue()->age().points().back().value, 6.0);
    QVERIFY(charts->figures().contains(QStringLiteral("busy 40 %")));
    QVERIFY(charts->figures().contains(QStringLiteral("200 /s")));
}

void MainWindowTest::tablesFollowTheSelectedLoops()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame other = idleLoop(100s, 100ms, 2);
    other.stalls = {stall(1, 99s, 120ms)};
    QVERIFY(watched.show(100s, {idleLoop(100s), other}));
    window->loops()->select(watched.loop(0));
    window->refreshNow();
    const QAbstractItemModel *stalls = window->tables()->view(TablesView::Stalls)->model();
    QCOMPARE(window->charts()->loop(), watched.loop(0));
    QCOMPARE(stalls->rowCount(), 0);
    window->loops()->select(watched.loop(1));
    QCOMPARE(window->charts()->loop(), watched.loop(1));
    QCOMPARE(stalls->rowCount(), 1);
}

void MainWindowTest::severalLoopsAreCompared()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached());
    Telemetry::LoopFrame other = busyLoop(100s, 80ms, 1);
    other.loopId = 2;
    other.threadName = "worker";
    QVERIFY(watched.show(100s, {busyLoop(100s, 10ms), other}));
    window->loops()->select(watched.loop(0));
    window->loops()->selectAll();
    window->loops()->selectionModel()->setCurrentIndex(window->loops()->model()->index(0, 0),
                                                       QItemSelectionModel::NoUpdate);
    window->scope().setCursor(100s);
    window->refreshNow();
    UtilisationChart *utilisation = window->charts()->utilisation();
    utilisation->grab();
    const auto &values = utilisation->overlay().values;
    QCOMPARE(values.size(), 2u);
    QCOMPARE(values[0].value, QStringLiteral("10 %"));
    QCOMPARE(values[1].name, QStringLiteral("worker"));
    QCOMPARE(values[1].value, QStringLiteral("80 %"));
    window->charts()->latency()->grab();
    QCOMPARE(window->charts()->latency()->overlay().values.back().name, QStringLiteral("worker"));
    window->loops()->select(watched.loop(0));
    QCOMPARE(utilisation->overlay().legend.size(), 2u);
}

void MainWindowTest::selectionFiltersTablesAndFigures()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && showStall(watched));
    window->refreshNow();
    const QAbstractItemModel *stalls = window->tables()->view(TablesView::Stalls)->model();
    QCOMPARE(stalls->rowCount(), 1);
    QVERIFY(window->charts()->figures().contains(QStringLiteral("1 stall")));
    window->scope().select(101s, 103s);
    QCOMPARE(stalls->rowCount(), 0);
    QVERIFY(window->charts()->figures().contains(QStringLiteral("selected 2.00 s")));
    QVERIFY(window->charts()->figures().contains(QStringLiteral("0 stalls")));
    window->scope().select(104s, 106s);
    QCOMPARE(stalls->rowCount(), 1);
}

void MainWindowTest::escapeClearsTheSelection()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    window->scope().select(100s, 101s);
    window->activateWindow();
    QTest::keyClick(window.get(), Qt::Key_Escape);
    QVERIFY(!window->scope().selection());
}

void MainWindowTest::zoomingStopsFollowing()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 110s));
    window->refreshNow();
    QCOMPARE(window->scope().visible().end, Time(110s));
    const Duration before = window->scope().visible().length(); // the ten seconds that are known
    window->actions().zoomIn->trigger();
    const TimeSpan zoomed = window->scope().visible();
    QCOMPARE(zoomed.length(), before / 2);
    QVERIFY(watched.showCalm(110100ms, 111s));
    window->refreshNow();
    QCOMPARE(window->scope().visible(), zoomed);
    window->actions().zoomReset->trigger();
    QCOMPARE(window->scope().visible().end, Time(111s));
    window->actions().windows[0]->trigger();
    QCOMPARE(window->scope().visible().length(), Duration(10s));
    QVERIFY(!window->scope().isZoomed());
}

void MainWindowTest::pauseFreezesTheViewOnly()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    window->refreshNow();
    QTest::keyClick(window.get(), Qt::Key_Space);
    QVERIFY(window->actions().pause->isChecked());
    QVERIFY(watched.showCalm(101100ms, 102s));
    window->refreshNow();
    QCOMPARE(window->scope().visible().end, Time(101s));
    QVERIFY(window->status()->text().contains(QStringLiteral("paused")));
    QCOMPARE(watched.loop()->history().span().end, Time(102s));
    window->actions().pause->trigger();
    QCOMPARE(window->scope().visible().end, Time(102s));
}

void MainWindowTest::stallIsZoomedTo()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && showStall(watched));
    window->refreshNow();
    TableView *view = window->tables()->view(TablesView::Stalls);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                      view->visualRect(view->model()->index(0, 0)).center());
    QVERIFY(window->scope().isZoomed());
    QVERIFY(window->scope().visible().contains(104980ms));
    QVERIFY(window->scope().visible().length() < Duration(2s));
}

void MainWindowTest::markLeadsToItsStall()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && showStall(watched));
    window->refreshNow();
    window->tables()->showTable(TablesView::Timers);
    PercentileChart *chart = window->charts()->latency();
    const QRectF plot = chart->plotRect();
    const QPointF mark(chart->overlay().xOf(104980ms, plot), plot.top() + 3);
    QTest::mouseClick(chart->viewport(), Qt::LeftButton, {}, mark.toPoint());
    QCOMPARE(window->tables()->currentIndex(), int(TablesView::Stalls));
    QVERIFY(window->tables()->view(TablesView::Stalls)->selectionModel()->hasSelection());
    QVERIFY(window->scope().visible().length() < Duration(2s));
}

void MainWindowTest::copiesStallsAsText()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && showStall(watched));
    window->refreshNow();
    QGuiApplication::clipboard()->setText(QStringLiteral("before"));
    window->actions().copy->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("before"));
    window->tables()->view(TablesView::Stalls)->selectRow(0);
    window->actions().copy->trigger();
    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY(text.contains(QStringLiteral("120 ms")));
    QVERIFY(text.contains(QStringLiteral("EchoServer")));
}

void MainWindowTest::filterAppliesToTables()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && showStall(watched));
    window->refreshNow();
    const QAbstractItemModel *stalls = window->tables()->view(TablesView::Stalls)->model();
    window->tables()->filter()->setText(QStringLiteral("echoserver"));
    QCOMPARE(stalls->rowCount(), 1);
    window->tables()->filter()->setText(QStringLiteral("other"));
    QCOMPARE(stalls->rowCount(), 0);
}

void MainWindowTest::shortcutsReachTables()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    QTest::keyClick(window.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(window->tables()->currentIndex(), int(TablesView::Timers));
    QVERIFY(window->tables()->view(TablesView::Timers)->hasFocus());
    QTest::keyClick(window.get(), Qt::Key_F, Qt::ControlModifier);
    QVERIFY(window->tables()->filter()->hasFocus());
}

void MainWindowTest::deadProcessStaysGreyed()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 101s));
    watched.publisher.send(Telemetry::Goodbye{Telemetry::Goodbye::Reason::ShuttingDown, {}});
    watched.publisher.stop();
    QTRY_COMPARE(watched.process()->state(), Process::State::Ended);
    window->refreshNow();
    QVERIFY(window->showsCharts());
    QVERIFY(!window->charts()->utilisation()->line().points().empty());
    QVERIFY(window->loops()->currentIndex().data(EndedRole).toBool());
    QVERIFY(window->status()->text().contains(QStringLiteral("ended")));
    Q_EMIT window->loops()->closeRequested(watched.process());
    QVERIFY(watched.session.processes().empty());
    QVERIFY(!window->showsCharts());
}

void MainWindowTest::lossIsAGap()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached() && watched.showCalm(100s, 102s));
    watched.publisher.dropAll();
    QTRY_COMPARE(watched.publisher.greeted(), 2);
    watched.publisher.send(frameOf(1, 105s, {busyLoop(105s, 10ms)}));
    watched.publisher.send(frameOf(2, 105100ms, {busyLoop(105100ms, 10ms)}));
    QTRY_COMPARE(watched.process()->latestTime(), Time(105100ms));
    window->refreshNow();
    QCOMPARE(window->charts()->utilisation()->line().series().size(), 2u);
    QVERIFY(window->showsCharts());
}

void MainWindowTest::everyActionHasKeyAndToolTip()
{
    Session session;
    const std::unique_ptr<MainWindow> window(makeWindow(session));
    QStringList keys;
    const auto actions = window->QWidget::actions();
    QVERIFY(actions.size() > 20);
    for (const QAction *action : actions) {
        QVERIFY2(!action->shortcut().isEmpty(), qPrintable(action->text()));
        QVERIFY2(action->toolTip() != action->text(), qPrintable(action->text()));
        keys << action->shortcut().toString();
    }
    QCOMPARE(keys.removeDuplicates(), 0);
}

/// How long a refresh and the painting of the whole window take; "-tickcounter" and the like choose the unit.
void MainWindowTest::refreshesTenMinutes()
{
    Watched watched;
    const std::unique_ptr<MainWindow> window(makeWindow(watched.session));
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(100s, 700s));
    QTest::keyClick(window.get(), Qt::Key_3, Qt::AltModifier);
    QImage picture;
    QBENCHMARK
    {
        window->refreshNow();
        picture = window->grab().toImage();
    }
    QCOMPARE(picture.size(), window->size());
    QVERIFY(window->charts()->utilisation()->line().series().back()->count() > 100);
}

QTEST_MAIN(MainWindowTest)
#include "tst_mainwindow.moc"
