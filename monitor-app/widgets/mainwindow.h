// SPDX-License-Identifier: MIT
#pragma once

#include "actions.h"
#include "model/session.h"
#include "startchoice.h"
#include "theme.h"
#include "timescope.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtimer.h>
#include <QtWidgets/qmainwindow.h>

QT_BEGIN_NAMESPACE
class QLabel;
class QStackedWidget;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

class ChartColumn;
class ChartGrid;
class DockProportions;
class LoopsView;
class MessagePage;
class ReplayBar;
class StatusLine;
class TablesView;
class TimelineView;
class VerdictLine;

/// Connects the views: what is selected in one decides what the others show. All views are refreshed
/// together, at most 20 times a second.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    enum class Memory { Settings, None }; ///< whether layout and theme are kept in the settings

    explicit MainWindow(Session &session, Memory memory = Memory::Settings);
    ~MainWindow() override;

    /// These return true if they worked. Otherwise the window shows what went wrong.
    bool openRecording(const QString &path);
    bool startRecording(const QString &path);
    bool saveRecent(const QString &path);
    /// Shows a program that has died: all of its loops, and the last seconds before.
    void showCrash(const RecordedProcess &crash);
    bool exportTo(const QString &path);
    void setTheme(Theme::Kind kind);
    /// Shows so much time, if \a window is one of Actions::Windows. Otherwise does nothing.
    void showWindow(std::chrono::seconds window);
    /// Starts flywheel-demo and attaches to it. The demo ends with the window.
    void startDemo();
    /// Shows what is new at once.
    void refreshNow();

    const Actions &actions() const { return m_actions; }
    TimeScope &scope() { return m_scope; }
    LoopsView *loops() const { return m_loops; }
    ChartGrid *charts() const { return m_charts; }
    TimelineView *timeline() const { return m_timeline; }
    TablesView *tables() const { return m_tables; }
    ReplayBar *replayBar() const { return m_replayBar; }
    StatusLine *status() const { return m_status; }
    MessagePage *message() const { return m_message; }
    VerdictLine *verdict() const { return m_verdict; }
    /// True if the window shows a loop, and not a message in its place.
    bool showsCharts() const;
    /// The last problem that the window showed; empty if there was none.
    QString problem() const { return m_problem; }

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void layOut();
    void connectActions();
    void connectViews();
    void connectSession();
    void fillPrograms();
    void scheduleRefresh(std::chrono::milliseconds interval);
    void refresh();
    void refreshSoon();
    void refreshTables();
    void showSelection();
    void showMessage();
    void showWarning(const Process &process);
    QString lastCrash();
    void showFindings(int count);
    void showReplay();
    void showWholeRecording(Replay &replay);
    void showState();
    const Process *shownProcess() const;
    QString badge();
    std::chrono::milliseconds silence();
    void zoomToStall(Loop *loop, const TimeSpan &span);
    void askRecording(bool start);
    void askSaveRecent();
    void askOpen();
    void askExport();
    void askThresholds(Loop *loop);
    void askEditor();
    void showHelp();
    void noteHealth(Loop *loop, Health after);
    bool report(const QString &problem);
    void restore();
    void zoom(double factor);
    std::chrono::milliseconds pace() const;

    Session &m_session;
    const Memory m_memory;
    QString m_problem;
    std::optional<QString> m_lastCrash; ///< a program's name, once looked for; empty: none
    TimeScope m_scope;
    Actions m_actions;
    QMenu *m_programs;
    LoopsView *m_loops;
    ChartGrid *m_charts;
    TimelineView *m_timeline;
    ChartColumn *m_column;
    TablesView *m_tables;
    ReplayBar *m_replayBar;
    StatusLine *m_status;
    MessagePage *m_message;
    VerdictLine *m_verdict;
    QLabel *m_warning;
    QStackedWidget *m_pages;
    StartChoice m_startChoice;
    DockProportions *m_proportions = nullptr;
    const Process *m_heardOf = nullptr; ///< only compared, because the process may no longer exist
    Time m_heardAt{};
    QElapsedTimer m_sinceHeard;
    QTimer m_heartBeat;
    QTimer m_refreshTimer;
    QTimer m_tablesTimer;
    QElapsedTimer m_sinceRefresh;
    QProcess m_demo;
};

} // namespace Flywheel::Monitor
