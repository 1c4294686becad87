// SPDX-License-Identifier: MIT
#include "commandline.h"
#include "model/session.h"
#include "model/target.h"
#include "model/textview.h"
#include "terminal.h"
#include "widgets/mainwindow.h"
#include "windowloop.h"

#include <flywheel/install.h>

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qtimer.h>
#include <QtWidgets/qapplication.h>

#include <cstdio>

using namespace Flywheel::Monitor;

namespace {

constexpr std::chrono::seconds ScreenshotAfter{3}; ///< enough for curves
constexpr std::chrono::seconds TextInterval{1};
/// A program that was started together with us may need so long until it publishes.
constexpr std::chrono::milliseconds TargetGrace{1000};
constexpr int CanNotWatch = 3; ///< exit code

void nameApplication()
{
    QCoreApplication::setOrganizationName(QStringLiteral("Flywheel"));
    QCoreApplication::setApplicationName(QStringLiteral("flywheel-monitor"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FLYWHEEL_VERSION_TEXT));
}

int fail(const QString &text)
{
    print(stderr, QStringLiteral("flywheel-monitor: %1\n").arg(text));
    return 1;
}

/// The end of a recording tells of all of it.
QString openForText(Session &session, const CommandLine &line)
{
    if (line.recording.isEmpty()) {
        session.startDiscovery();
        line.target.isEmpty() ? session.attachToAll() : session.attachWhenFound(line.target);
        return {};
    }
    QString problem = session.openRecording(line.recording);
    if (problem.isEmpty())
        session.replay()->seek(session.replay()->span().end);
    return problem;
}

/// Ends the program with CanNotWatch and one line where the named one can't be watched: after a while at the
/// start, or at once when it refuses us.
class TargetCheck
{
public:
    TargetCheck(const Session &session, const QString &target, std::chrono::milliseconds grace)
        : m_session(session)
        , m_target(target)
        , m_deadline(grace)
    {
        m_timer.callOnTimeout([this] { look(); });
        if (!target.isEmpty())
            m_timer.start(std::chrono::milliseconds(100));
    }
    /// Looks for the last time; the exit code.
    int finish()
    {
        m_deadline = QDeadlineTimer();
        return m_timer.isActive() ? look() : 0;
    }

private:
    int look()
    {
        const Process *const process = m_session.find(m_target);
        if (process && !process->loops().empty() && m_session.findAll(m_target).size() == 1) {
            m_timer.stop(); // should it end, it may come back
            return 0;
        }
        if (!m_deadline.hasExpired())
            return 0;
        const QString reason = unwatchable(m_session, m_target);
        if (reason.isEmpty())
            return 0; // slow
        m_timer.stop();
        print(stderr, QStringLiteral("flywheel-monitor: %1\n").arg(reason));
        QCoreApplication::exit(CanNotWatch);
        return CanNotWatch;
    }

    const Session &m_session;
    const QString m_target;
    QDeadlineTimer m_deadline;
    QTimer m_timer;
};

void printText(const Session &session, bool all)
{
    const TerminalSize size = terminalSize();
    print(stdout, textView(session, {.columns = size.columns, .rows = size.rows, .all = all}));
}

int runText(int argc, char **argv, const CommandLine &line)
{
    Flywheel::install();
    QCoreApplication app(argc, argv);
    Session session;
    if (const QString problem = openForText(session, line); !problem.isEmpty())
        return fail(problem);
    TargetCheck check(session, line.target, std::min(line.after.value_or(TargetGrace), TargetGrace));
    if (line.after) {
        QTimer::singleShot(*line.after, &app, [&] {
            if (check.finish() != 0)
                return;
            printText(session, line.all);
            app.quit();
        });
        return app.exec();
    }
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &app, [&] {
        clearTerminal();
        printText(session, line.all);
    });
    timer.start(TextInterval);
    return app.exec();
}

void writeScreenshot(MainWindow &window, const QString &path)
{
    window.refreshNow();
    QFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && window.grab().save(&file, "PNG") && file.flush();
    QCoreApplication::exit(
        written
            ? 0
            : fail(QStringLiteral("cannot write %1: %2; choose another file").arg(path, file.errorString())));
}

int runWindow(int argc, char **argv, const CommandLine &line)
{
    leaveOwnTerminal();
    prepareWindowLoop();
    const QApplication app(argc, argv);
    Session session;
    session.startDiscovery();
    if (line.recording.isEmpty() && !line.target.isEmpty())
        session.attachWhenFound(line.target); // before the window, which says whom it waits for
    MainWindow window(session,
                      line.screenshot.isEmpty() ? MainWindow::Memory::Settings : MainWindow::Memory::None);
    if (line.theme)
        window.setTheme(*line.theme);
    if (line.size.isValid())
        window.resize(line.size);
    if (line.window)
        window.showWindow(*line.window);
    if (!line.recording.isEmpty())
        window.openRecording(line.recording);
    window.show();
    if (!line.target.isEmpty()) {
        QTimer::singleShot(TargetGrace, &window, [&] {
            const QString reason = unwatchable(session, line.target);
            const bool waits = session.awaited().contains(line.target);
            if (!reason.isEmpty())
                print(stderr,
                      QStringLiteral("flywheel-monitor: %1%2\n")
                          .arg(reason, waits ? QStringLiteral(" The window waits for it.") : QString()));
        });
    }
    if (!line.screenshot.isEmpty())
        QTimer::singleShot(line.after.value_or(ScreenshotAfter), &window,
                           [&] { writeScreenshot(window, line.screenshot); });
    return QApplication::exec();
}

/// On platforms with a display server: is there one?
bool hasDisplay()
{
#ifdef Q_OS_LINUX
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

} // namespace

int main(int argc, char **argv)
{
    nameApplication();
    CommandLine line;
    {
        // What --help and wrong use need; a QApplication would need a display for it.
        const QCoreApplication parsing(argc, argv);
        if (const auto exit = CommandLine::parse(QCoreApplication::arguments(), line)) {
            print(exit->code == 0 ? stdout : stderr, exit->text);
            return exit->code;
        }
    }
    if (!line.text && !hasDisplay()) {
        if (line.screenshot.isEmpty())
            return fail(QStringLiteral("there is no display; use --text, or --screenshot FILE"));
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    return line.text ? runText(argc, argv, line) : runWindow(argc, argv, line);
}
