// SPDX-License-Identifier: MIT
#include "chartgrid.h"
#include "heatmapview.h"
#include "loopsview.h"
#include "messagepage.h"
#include "monitor/support/watched.h"
#include "monitor/support/window.h"
#include "percentilechart.h"
#include "queuechart.h"
#include "tablesview.h"
#include "tableview.h"
#include "theme.h"
#include "treeview.h"
#include "utilisationchart.h"
#include "verdictline.h"

#include <QtGui/qpainter.h>
#include <QtGui/qtextdocument.h>
#include <QtTest/qtest.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qlineedit.h>
#include <QtWidgets/qmessagebox.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// What the window says of a loop, and that all of it can be read.
class WindowWordsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
    void statesAreNotElided_data();
    void statesAreNotElided();
    void findingsAreSetApart();
    void verdictKeepsItsFigures();

private:
    /// What a tooltip's reader sees.
    static QString asShown(const QString &tip)
    {
        if (!Qt::mightBeRichText(tip))
            return tip;
        QTextDocument document;
        document.setHtml(tip);
        return document.toPlainText();
    }
};

void WindowWordsTest::filterWithoutHitSaysSo()
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

void WindowWordsTest::durationsAreNotElided()
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

void WindowWordsTest::stallsAreGroupedByCulprit()
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
    const TreeView *view = window->tables()->culprits();
    QVERIFY(view->hasFocus());
    QCOMPARE(view->model()->rowCount(), 2);
    const QModelIndex worst = view->model()->index(0, 0);
    QCOMPARE(worst.siblingAtColumn(CulpritsModel::Count).data().toString(), QStringLiteral("2"));
    QCOMPARE(worst.siblingAtColumn(CulpritsModel::Worst).data().toString(), QStringLiteral("120 ms"));
    // A click on a single stall zooms to it.
    const QModelIndex first = view->model()->index(1, 0, worst);
    QCOMPARE(first.siblingAtColumn(CulpritsModel::Total).data().toString(), QStringLiteral("120 ms"));
    Q_EMIT window->tables()->culprits()->clicked(first);
    QVERIFY(window->scope().isZoomed());
    QVERIFY(window->scope().visible().contains(99s));
    // A culprit that matches the filter keeps its stalls.
    window->tables()->filter()->setText(QStringLiteral("Other"));
    QCOMPARE(view->model()->rowCount(), 1);
    QCOMPARE(view->model()->rowCount(view->model()->index(0, 0)), 1);
}

void WindowWordsTest::badgeTellsWhatIsNotLive()
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

void WindowWordsTest::silenceIsTold()
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
void WindowWordsTest::stoppedProgramIsAGap()
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

void WindowWordsTest::ongoingStallIsInEveryView()
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

void WindowWordsTest::namesArePlainText()
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

void WindowWordsTest::findingsDoNotPraiseALoopWithStalls()
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

void WindowWordsTest::figuresAreWholeBesideABadge()
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

void WindowWordsTest::statesAreNotElided_data()
{
    addWindowSizes();
    QTest::newRow("wide") << QSize(1280, 720);
}

void WindowWordsTest::statesAreNotElided()
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

void WindowWordsTest::findingsAreSetApart()
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

void WindowWordsTest::verdictKeepsItsFigures()
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

QTEST_MAIN(WindowWordsTest)
#include "tst_windowwords.moc"
