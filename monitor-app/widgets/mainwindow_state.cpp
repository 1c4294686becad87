// SPDX-License-Identifier: MIT
// What the main window says beside the charts: messages, the verdict, and whether the view is live.
#include "chartcolumn.h"
#include "chartgrid.h"
#include "loopsview.h"
#include "mainwindow.h"
#include "messagepage.h"
#include "model/format.h"
#include "model/verdict.h"
#include "replaybar.h"
#include "sessionmessage.h"
#include "statusline.h"
#include "tablesview.h"
#include "verdictline.h"

#include <QtWidgets/qlabel.h>
#include <QtWidgets/qstackedwidget.h>

namespace Flywheel::Monitor {

namespace {

using namespace std::chrono_literals;

/// Frames come every 100 ms, but a busy machine may delay them.
constexpr auto LongestSilence = 2s;

} // namespace

void MainWindow::showMessage()
{
    const Loop *loop = m_charts->loop();
    m_pages->setCurrentIndex(loop ? 1 : 0);
    m_tables->setEnabled(loop);
    m_actions.thresholds->setEnabled(loop);
    m_actions.exportView->setEnabled(loop);
    if (!loop) {
        const SessionMessage message = messageOf(m_session, m_loops->currentProcess());
        m_message->setMessage(message.title, message.text);
        m_message->setDemoOffered(message.offersDemo);
        m_message->offerCrash(message.offersDemo ? lastCrash() : QString());
        return;
    }
    showWarning(loop->process());
    showState();
}

/// Of a program that had died before anybody watched it there are handlers only: nothing else is shown.
void MainWindow::showWarning(const Process &process)
{
    const bool hasFigures = !process.isFromJournals();
    const QString warning = warningOf(process);
    m_warning->setText(warning);
    m_warning->setVisible(!warning.isEmpty());
    QPalette palette = m_warning->palette();
    palette.setColor(QPalette::WindowText, hasFigures ? Theme::current().text : Theme::current().vermillion);
    m_warning->setPalette(palette);
    m_column->showCharts(hasFigures);
    m_verdict->setVisible(hasFigures);
    m_tables->parentWidget()->setVisible(hasFigures); // its dock
}

/// Looked for once: to read all journals takes a while.
QString MainWindow::lastCrash()
{
    if (!m_lastCrash) {
        QString problem;
        const auto crash = findCrash({}, problem);
        m_lastCrash = crash ? programOf(*crash) : QString();
    }
    return *m_lastCrash;
}

const Process *MainWindow::shownProcess() const
{
    const Loop *loop = m_charts->loop();
    return loop ? &loop->process() : m_loops->currentProcess();
}

/// Returns how long the shown program has sent nothing.
std::chrono::milliseconds MainWindow::silence()
{
    const Process *process = shownProcess();
    const Time latest = process ? process->latestTime() : Time();
    if (process != m_heardOf || latest != m_heardAt || !m_sinceHeard.isValid())
        m_sinceHeard.start();
    m_heardOf = process;
    m_heardAt = latest;
    const bool speaks = process && process->state() == Process::State::Attached;
    return speaks ? std::chrono::milliseconds(m_sinceHeard.elapsed()) : 0ms;
}

QString MainWindow::badge()
{
    QStringList parts;
    const Process *process = shownProcess();
    if (m_session.replay())
        parts << tr("replay");
    if (m_scope.isFrozen())
        parts << tr("paused");
    else if (m_scope.isZoomed() && !m_session.replay())
        parts << tr("not following");
    if (process && process->state() == Process::State::Ended)
        parts << tr("ended");
    if (process && process->state() == Process::State::Lost)
        parts << tr("connection lost");
    if (const auto silent = silence(); silent > LongestSilence)
        parts << tr("silent for %1").arg(Format::interval(std::chrono::floor<std::chrono::seconds>(silent)));
    return parts.join(QStringLiteral(" · "));
}

void MainWindow::showState()
{
    m_charts->setBadge(badge());
    const Verdict verdict = verdictOf(m_session);
    m_verdict->setVerdict(verdict.text, verdict.health, verdict.isKnown);
    m_actions.saveRecent->setEnabled(!m_session.recent().isEmpty());
    m_status->show(m_session, shownProcess(), m_scope.isFrozen());
}

void MainWindow::showReplay()
{
    Replay *replay = m_session.replay();
    m_replayBar->setReplay(replay);
    m_actions.record->setEnabled(!replay);
    m_actions.attach->setEnabled(!replay);
    m_scope.clearSelection();
    m_scope.resetZoom();
    if (replay)
        showWholeRecording(*replay);
    showSelection();
    refreshSoon();
}

/// Shows all of the recording, or as much of its end as is read at once.
void MainWindow::showWholeRecording(Replay &replay)
{
    const TimeSpan span = replay.span();
    replay.seek(span.end);
    m_scope.setKnownBegin(span.begin);
    m_scope.setNow(span.end);
    m_scope.zoomTo({std::max(span.begin, span.end - Replay::Lead), span.end});
}

} // namespace Flywheel::Monitor
