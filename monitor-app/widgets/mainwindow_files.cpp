// SPDX-License-Identifier: MIT
// The main window's files, dialogs and settings, and the demo.
#include "chartgrid.h"
#include "dockproportions.h"
#include "editordialog.h"
#include "loopsview.h"
#include "mainwindow.h"
#include "messagepage.h"
#include "model/dataexport.h"
#include "tablesview.h"
#include "thresholddialog.h"
#include "thresholdstore.h"
#include "viewexport.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qdir.h>
#include <QtCore/qsettings.h>
#include <QtGui/qevent.h>
#include <QtWidgets/qapplication.h>
#include <QtWidgets/qfiledialog.h>
#include <QtWidgets/qmenu.h>
#include <QtWidgets/qmessagebox.h>

namespace Flywheel::Monitor {

namespace {

constexpr int LayoutVersion = 2; ///< of saveState(): changes when docks or tool bars do

constexpr std::chrono::seconds BeforeCrash{10};
constexpr std::chrono::milliseconds AfterCrash{500};

QString inDocuments(const QString &ending)
{
    const QString moment = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss"));
    return QDir::current().filePath(QStringLiteral("flywheel-%1%2").arg(moment, ending));
}

/// A file to be written; empty if the user wants none.
QString askForRecording(QWidget *window, const QString &title)
{
    return QFileDialog::getSaveFileName(window, title, inDocuments(QStringLiteral(".flywheel")),
                                        MainWindow::tr("Recordings (*.flywheel)"));
}

} // namespace

bool MainWindow::report(const QString &problem)
{
    if (problem.isEmpty())
        return true;
    m_problem = problem;
    auto *box = new QMessageBox(QMessageBox::Warning, windowTitle(), {}, QMessageBox::Close, this);
    box->setTextFormat(Qt::PlainText);
    box->setText(problem);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
    return false;
}

bool MainWindow::openRecording(const QString &path)
{
    return report(m_session.openRecording(path));
}

bool MainWindow::startRecording(const QString &path)
{
    const bool started = report(m_session.startRecording(path));
    m_actions.record->setChecked(m_session.recorder());
    return started;
}

bool MainWindow::saveRecent(const QString &path)
{
    return report(m_session.recent().save(path));
}

void MainWindow::showCrash(const RecordedProcess &crash)
{
    Process &process = m_session.showCrash(crash);
    Loop *const blamed = process.loop(loopToBlame(crash)->identity.loopId);
    m_loops->select(blamed);
    m_loops->selectAll();
    // A handler in which it died at once has no length, so what comes after is shown too.
    m_scope.setNow(process.latestTime());
    m_scope.zoomTo({process.latestTime() - BeforeCrash, process.latestTime() + AfterCrash});
    refreshNow();
}

bool MainWindow::exportTo(const QString &path)
{
    if (isDataFile(path)) {
        QGuiApplication::setOverrideCursor(Qt::WaitCursor); // calls may have to be named first
        const QString problem = exportData(m_tables->loops(), m_scope.focus(), path, m_tables->names());
        QGuiApplication::restoreOverrideCursor();
        return report(problem);
    }
    return report(exportPicture(*m_charts, path));
}

void MainWindow::askOpen()
{
    const QString filters = tr("Recordings (*.flywheel);;All files (*)");
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a recording"), QString(), filters);
    if (!path.isEmpty())
        openRecording(path);
}

void MainWindow::askRecording(bool start)
{
    if (!start)
        return m_session.stopRecording();
    const QString path = askForRecording(this, tr("Record to"));
    if (path.isEmpty())
        return m_actions.record->setChecked(false);
    startRecording(path);
}

void MainWindow::askSaveRecent()
{
    const QString path = askForRecording(this, tr("Save the last ten minutes to"));
    if (!path.isEmpty())
        saveRecent(path);
}

void MainWindow::askExport()
{
    const QString path = askWhereToExport(this, inDocuments(QString()));
    if (!path.isEmpty())
        exportTo(path);
}

void MainWindow::askThresholds(Loop *loop)
{
    auto *dialog = new ThresholdDialog(loop->name(), loop->thresholds(), ThresholdStore::command(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, loop, [this, dialog, loop] {
        ThresholdStore::setCommand(dialog->command());
        if (dialog->forAllLoops())
            ThresholdStore::setForAll(dialog->thresholds());
        else
            ThresholdStore::set(*loop, dialog->thresholds());
        for (Loop *each : m_session.loops())
            each->setThresholds(ThresholdStore::of(*each));
        refresh();
    });
    dialog->open();
}

void MainWindow::askEditor()
{
    auto *dialog = new EditorDialog(EditorSettings::load(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, dialog, [dialog] { dialog->settings().save(); });
    dialog->open();
}

void MainWindow::showHelp()
{
    QString rows;
    for (const QAction *action : QWidget::actions())
        rows += QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
                    .arg(action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped(),
                         action->toolTip().section(QStringLiteral(" ("), 0, 0).toHtmlEscaped());
    const QString text =
        tr("<p>Point at a chart to read its values, drag to select a span, turn the wheel to zoom, "
           "double-click to follow again.<br>With the keyboard: Tab to a chart, arrow keys move the "
           "cursor, with Shift they select.</p><table>%1</table>");
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("Help"), text.arg(rows), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::fillPrograms()
{
    m_programs->clear();
    for (const auto &each : m_session.processes()) {
        Process *process = each.get();
        QString text = QStringLiteral("%1 · %2").arg(process->name()).arg(process->processId());
        text.replace(QLatin1Char('&'), QLatin1String("&&"));
        QAction *action = m_programs->addAction(text);
        action->setCheckable(true);
        action->setChecked(process->isAttached());
        connect(action, &QAction::triggered, process, [this, process](bool attach) {
            attach ? m_session.attach(*process) : m_session.detach(*process);
        });
    }
    if (m_session.processes().empty())
        m_programs->addAction(tr("No program publishes its loops"))->setEnabled(false);
    m_programs->addSeparator();
    m_programs->addAction(m_actions.demo);
}

void MainWindow::startDemo()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("FLYWHEEL_TELEMETRY"), QStringLiteral("1"));
    m_demo.setProcessEnvironment(environment);
    m_demo.setStandardOutputFile(QProcess::nullDevice());
    m_demo.start(QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("flywheel-demo")), {});
    if (m_demo.waitForStarted(1000))
        m_session.attachWhenFound(QString::number(m_demo.processId()));
}

void MainWindow::noteHealth(Loop *loop, Health after)
{
    if (after != Health::Unwell)
        return;
    QApplication::alert(this);
    if (const QString command = ThresholdStore::command(); !command.isEmpty())
        QProcess::startDetached(command, {loop->name(), loop->healthReason()});
}

void MainWindow::setTheme(Theme::Kind kind)
{
    Theme::apply(*qApp, kind);
    m_actions.theme->setText(kind == Theme::Kind::Dark ? tr("☀") : tr("☾"));
    m_charts->applyTheme();
    m_message->setPalette(Theme::current().palette());
}

void MainWindow::restore()
{
    m_actions.windows[1]->setChecked(true);
    setTheme(Theme::ofDesktop());
    resize(1280, 720);
    if (m_memory == Memory::None)
        return;
    const QSettings settings;
    const QString theme = settings.value(QStringLiteral("theme")).toString();
    if (!theme.isEmpty())
        setTheme(theme == QLatin1String("light") ? Theme::Kind::Light : Theme::Kind::Dark);
    restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
    const bool restored = restoreState(settings.value(QStringLiteral("layout")).toByteArray(), LayoutVersion);
    if (restored && settings.value(QStringLiteral("ownProportions")).toBool())
        m_proportions->keep();
    showWindow(std::chrono::seconds(settings.value(QStringLiteral("window"), 60).toInt()));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_memory == Memory::Settings) {
        QSettings settings;
        const bool dark = Theme::current().kind == Theme::Kind::Dark;
        settings.setValue(QStringLiteral("theme"), dark ? QStringLiteral("dark") : QStringLiteral("light"));
        settings.setValue(QStringLiteral("geometry"), saveGeometry());
        settings.setValue(QStringLiteral("layout"), saveState(LayoutVersion));
        settings.setValue(QStringLiteral("ownProportions"), m_proportions->isKept());
        const auto window = std::chrono::duration_cast<std::chrono::seconds>(m_scope.window());
        settings.setValue(QStringLiteral("window"), qint64(window.count()));
    }
    QMainWindow::closeEvent(event);
}

} // namespace Flywheel::Monitor
