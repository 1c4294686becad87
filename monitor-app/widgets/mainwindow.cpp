// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include "chartcolumn.h"
#include "chartgrid.h"
#include "dockproportions.h"
#include "editor.h"
#include "loopsview.h"
#include "messagepage.h"
#include "model/format.h"
#include "model/verdict.h"
#include "replaybar.h"
#include "statusline.h"
#include "tablesview.h"
#include "thresholdstore.h"
#include "timelineview.h"
#include "verdictline.h"

#include <QtGui/qclipboard.h>
#include <QtGui/qguiapplication.h>
#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qdockwidget.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qmenu.h>
#include <QtWidgets/qstackedwidget.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr std::chrono::milliseconds FastestRefresh{50}; ///< while somebody moves something
constexpr std::chrono::milliseconds DataRefresh{100};   ///< for new data: frames come as often
constexpr std::chrono::seconds HeartBeat{1};            ///< for what changes while no frame comes
constexpr std::chrono::milliseconds TablesRefresh{250}; ///< nobody reads faster
/// Curves have at most 600 points, so a move of less than one and a half points need not be drawn.
constexpr int RefreshesPerWindow = 400;

QDockWidget *makeDock(const QString &name, const QString &title, QWidget *content, QMainWindow *window)
{
    auto *dock = new QDockWidget(title, window);
    dock->setObjectName(name);
    dock->setWidget(content);
    dock->setFeatures(QDockWidget::DockWidgetMovable | QDockWidget::DockWidgetFloatable);
    return dock;
}

} // namespace

MainWindow::MainWindow(Session &session, Memory memory)
    : m_session(session)
    , m_memory(memory)
    , m_actions(this)
    , m_programs(new QMenu(this))
    , m_loops(new LoopsView(session, this))
    , m_charts(new ChartGrid(session, m_scope, this))
    , m_timeline(new TimelineView(m_scope, this))
    , m_column(new ChartColumn(m_charts, m_timeline, this))
    , m_tables(new TablesView(this))
    , m_replayBar(new ReplayBar(this))
    , m_status(new StatusLine(this))
    , m_message(new MessagePage(this))
    , m_verdict(new VerdictLine(this))
    , m_warning(new QLabel(this))
    , m_pages(new QStackedWidget(this))
    , m_startChoice(session)
{
    setWindowTitle(tr("Flywheel Monitor"));
    connect(&m_heartBeat, &QTimer::timeout, this, &MainWindow::showState);
    m_heartBeat.start(HeartBeat);
    m_refreshTimer.setSingleShot(true);
    m_tablesTimer.setSingleShot(true);
    connect(&m_refreshTimer, &QTimer::timeout, this, &MainWindow::refresh);
    connect(&m_tablesTimer, &QTimer::timeout, this, &MainWindow::refreshTables);
    layOut();
    connectActions();
    connectViews();
    connectSession();
    restore();
    showMessage();
    showFindings(0);
    refreshNow();
}

MainWindow::~MainWindow()
{
    // Now, so that the end of the demo does not reach a half destroyed window.
    m_demo.disconnect(this);
    m_demo.terminate();
    m_demo.waitForFinished(1000);
}

void MainWindow::layOut()
{
    QToolBar *bar = addToolBar(tr("Tools"));
    bar->setObjectName(QStringLiteral("tools"));
    bar->setMovable(false);
    m_actions.fill(*bar, m_programs);
    addToolBarBreak();
    addToolBar(m_replayBar);

    m_warning->setTextFormat(Qt::PlainText);
    m_warning->setWordWrap(true);
    m_warning->setContentsMargins(8, 4, 8, 4);
    m_warning->hide();
    auto *charts = new QWidget(this);
    auto *column = new QVBoxLayout(charts);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_verdict);
    column->addWidget(m_warning);
    column->addWidget(m_column, 1);
    m_pages->addWidget(m_message);
    m_pages->addWidget(charts);
    setCentralWidget(m_pages);

    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    QDockWidget *loops = makeDock(QStringLiteral("loops"), tr("Loops"), m_loops, this);
    QDockWidget *tables = makeDock(QStringLiteral("tables"), tr("Tables"), m_tables, this);
    addDockWidget(Qt::LeftDockWidgetArea, loops);
    addDockWidget(Qt::BottomDockWidgetArea, tables);
    setStatusBar(m_status);
    m_proportions = new DockProportions(this, loops, tables);
}

void MainWindow::connectActions()
{
    const auto on = [this](QAction *action, auto &&handler) {
        connect(action, &QAction::triggered, this, handler);
    };
    connect(m_programs, &QMenu::aboutToShow, this, &MainWindow::fillPrograms);
    on(m_actions.demo, [this] { startDemo(); });
    on(m_actions.record, [this](bool start) { askRecording(start); });
    on(m_actions.saveRecent, [this] { askSaveRecent(); });
    on(m_actions.open, [this] { askOpen(); });
    on(m_actions.exportView, [this] { askExport(); });
    on(m_actions.quit, [this] { close(); });
    for (std::size_t i = 0; i < m_actions.windows.size(); ++i)
        on(m_actions.windows[i], [this, i] { showWindow(Actions::Windows[i]); });
    connect(m_actions.pause, &QAction::toggled, this, [this](bool paused) {
        m_scope.setFrozen(paused);
        refreshNow();
    });
    on(m_actions.zoomIn, [this] { zoom(0.5); });
    on(m_actions.zoomOut, [this] { zoom(2); });
    on(m_actions.zoomReset, [this] { m_scope.resetZoom(); });
    on(m_actions.clearSelection, [this] { m_scope.clearSelection(); });
    on(m_actions.filter, [this] { m_tables->focusFilter(); });
    for (std::size_t i = 0; i < m_actions.tables.size(); ++i)
        on(m_actions.tables[i], [this, i] { m_tables->showTable(TablesView::Table(i)); });
    on(m_actions.timeline, [this](bool shown) { m_column->showTimeline(shown); });
    m_actions.timeline->setChecked(m_column->isTimelineShown());
    connect(m_column, &ChartColumn::timelineShown, m_actions.timeline, &QAction::setChecked);
    on(m_actions.unfold, [this](bool unfolded) { m_charts->setUnfolded(unfolded); });
    m_actions.unfold->setChecked(m_charts->isUnfolded());
    connect(m_charts, &ChartGrid::unfoldedChanged, m_actions.unfold, &QAction::setChecked);
    on(m_actions.thresholds, [this] { askThresholds(m_charts->loop()); });
    on(m_actions.editor, [this] { askEditor(); });
    on(m_actions.copy, [this] {
        if (const QString text = m_tables->selectedText(); !text.isEmpty())
            QGuiApplication::clipboard()->setText(text);
    });
    on(m_actions.help, [this] { showHelp(); });
    on(m_actions.findings, [this] { m_tables->showTable(TablesView::Findings); });
    on(m_actions.theme, [this] {
        setTheme(Theme::current().kind == Theme::Kind::Dark ? Theme::Kind::Light : Theme::Kind::Dark);
    });
}

void MainWindow::connectViews()
{
    connect(&m_scope, &TimeScope::visibleChanged, this, &MainWindow::refreshSoon);
    connect(&m_scope, &TimeScope::selectionChanged, this, [this] {
        m_tables->setSpan(m_scope.selection());
        refreshSoon();
    });
    connect(m_loops, &LoopsView::attachRequested, this,
            [this](Process *process) { m_session.attach(*process); });
    connect(m_loops, &LoopsView::detachRequested, this,
            [this](Process *process) { m_session.detach(*process); });
    connect(m_loops, &LoopsView::closeRequested, this,
            [this](Process *process) { m_session.close(*process); });
    connect(m_loops, &LoopsView::thresholdsRequested, this, &MainWindow::askThresholds);
    connect(m_loops, &LoopsView::loopsSelected, this, &MainWindow::showSelection);
    connect(m_verdict, &VerdictLine::clicked, this, [this] {
        if (Loop *loop = verdictOf(m_session).loop)
            m_loops->select(loop);
    });
    connect(m_charts, &ChartGrid::markClicked, m_tables, &TablesView::selectStallAt);
    connect(m_timeline, &TimelineView::stallClicked, m_tables, &TablesView::selectStall);
    connect(m_tables, &TablesView::stallSelected, this, &MainWindow::zoomToStall);
    connect(m_tables, &TablesView::sourceRequested, this,
            [this](const QString &file, int line) { report(openInEditor(file, line)); });
    connect(m_tables, &TablesView::findingsCounted, this, &MainWindow::showFindings);
    connect(m_tables, &TablesView::findingActivated, this,
            [this](Finding::View view, const QString &, Loop *loop) {
                if (loop)
                    m_loops->select(loop);
                m_charts->show(view);
            });
    connect(m_message, &MessagePage::demoRequested, this, &MainWindow::startDemo);
    connect(m_message, &MessagePage::crashRequested, this, [this] {
        QString problem;
        if (const auto crash = findCrash({}, problem))
            showCrash(*crash);
        else
            report(problem);
    });
    connect(m_replayBar, &ReplayBar::closeRequested, &m_session, &Session::closeRecording);
    connect(&m_demo, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            report(tr("Cannot start %1: %2. Install it beside the monitor.")
                       .arg(m_demo.program(), m_demo.errorString()));
    });
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::updated, this, [this] { scheduleRefresh(pace()); });
    connect(&m_session, &Session::stateChanged, this, [this] {
        showMessage();
        refreshSoon();
    });
    connect(&m_session, &Session::processAdded, this, &MainWindow::showMessage);
    connect(&m_session, &Session::processRemoved, this, &MainWindow::showSelection);
    connect(&m_session, &Session::processAboutToBeRemoved, this, [this](Process *process) {
        if (m_charts->loop() && &m_charts->loop()->process() == process)
            m_charts->setLoops(nullptr, {});
    });
    connect(&m_session, &Session::loopAdded, this,
            [](Loop *loop) { loop->setThresholds(ThresholdStore::of(*loop)); });
    connect(&m_session, &Session::healthChanged, this,
            [this](Loop *loop, Health, Health after) { noteHealth(loop, after); });
    connect(&m_session, &Session::replayChanged, this, &MainWindow::showReplay);
    connect(&m_session, &Session::recordingChanged, this, [this](const QString &error) {
        m_actions.record->setChecked(m_session.recorder());
        report(error);
        refreshSoon();
    });
}

bool MainWindow::showsCharts() const
{
    return m_pages->currentWidget() != m_message;
}

std::chrono::milliseconds MainWindow::pace() const
{
    const auto visibly = m_scope.visible().length() / RefreshesPerWindow;
    return std::max(DataRefresh, std::chrono::duration_cast<std::chrono::milliseconds>(visibly));
}

void MainWindow::scheduleRefresh(std::chrono::milliseconds interval)
{
    const auto since = std::chrono::milliseconds(m_sinceRefresh.elapsed());
    const auto wait = std::max(std::chrono::milliseconds(0), interval - since);
    if (!m_refreshTimer.isActive() || m_refreshTimer.remainingTimeAsDuration() > wait)
        m_refreshTimer.start(wait);
}

void MainWindow::refreshSoon()
{
    scheduleRefresh(FastestRefresh);
}

void MainWindow::refresh()
{
    m_refreshTimer.stop();
    m_sinceRefresh.start();
    const Replay *replay = m_session.replay();
    m_scope.setKnownBegin(replay ? std::optional(replay->span().begin) : m_charts->dataBegin());
    // A recording may be read at any position, so all of it can be seen.
    m_scope.setNow(replay && m_scope.isZoomed() ? replay->span().end : m_session.now());
    // The move of the visible span asked for another refresh. This is that refresh.
    m_refreshTimer.stop();
    m_scope.setPastBegin(m_timeline->dataBegin());
    if (showsCharts()) {
        m_charts->refresh();
        m_timeline->setWallOffset(m_charts->wallOffset());
        m_timeline->update();
        m_column->fit();
    }
    if (!m_tablesTimer.isActive())
        m_tablesTimer.start(TablesRefresh);
}

void MainWindow::refreshNow()
{
    refresh();
    refreshTables();
}

void MainWindow::refreshTables()
{
    m_tablesTimer.stop();
    if (!m_scope.isFrozen()) {
        m_loops->refresh();
        m_tables->refresh();
    }
    showState();
}

void MainWindow::showSelection()
{
    Loop *loop = m_loops->currentLoop();
    QList<Loop *> loops = m_loops->selectedLoops();
    if (loops.isEmpty() && loop)
        loops << loop;
    m_charts->setLoops(loop, loops);
    m_timeline->setLoops(loops);
    m_session.followHandlers(loops);
    m_tables->setLoops(loops);
    showMessage();
}

void MainWindow::showWindow(std::chrono::seconds window)
{
    const auto index =
        std::find(Actions::Windows.begin(), Actions::Windows.end(), window) - Actions::Windows.begin();
    if (std::size_t(index) == Actions::Windows.size())
        return;
    m_actions.windows[std::size_t(index)]->setChecked(true);
    m_scope.setWindow(window);
}

void MainWindow::showFindings(int count)
{
    m_actions.findings->setText(count == 0   ? tr("No findings")
                                : count == 1 ? tr("⚠ 1 finding")
                                             : tr("⚠ %1 findings").arg(Format::count(quint64(count))));
}

void MainWindow::zoom(double factor)
{
    const TimeSpan visible = m_scope.visible();
    m_scope.zoomBy(factor, m_scope.cursor().value_or(visible.begin + visible.length() / 2));
}

void MainWindow::zoomToStall(Loop *loop, const TimeSpan &span)
{
    if (loop && loop != m_charts->loop())
        m_loops->select(loop);
    const Duration around = std::max<Duration>(2 * span.length(), std::chrono::milliseconds(500));
    m_scope.zoomTo({span.begin - around, span.end + around});
    refresh();
}

} // namespace Flywheel::Monitor
