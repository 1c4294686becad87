// SPDX-License-Identifier: MIT
#include "commandline.h"
#include "exportrun.h"
#include "livetarget.h"
#include "model/session.h"
#include "model/target.h"
#include "model/textview.h"
#include "targetcheck.h"
#include "terminal.h"
#include "watchrun.h"
#include "widgets/mainwindow.h"
#include "windowloop.h"

#include <flywheel/install.h>

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
QString openForText(Session &session, LiveTarget &target, const CommandLine &line)
{
    if (line.recording.isEmpty()) {
        if (!target.isElsewhere())
            session.startDiscovery();
        if (target.isAny())
            session.attachToAll();
        return target.attach(session);
    }
    QString problem = session.openRecording(line.recording);
    if (problem.isEmpty())
        session.replay()->seek(session.replay()->span().end);
    return problem;
}

/// Returns false if nobody reads.
bool printText(const Session &session, bool all)
{
    const TerminalSize size = terminalSize();
    return print(stdout, textView(session, {.columns = size.columns, .rows = size.rows, .all = all}));
}

int runText(int argc, char **argv, const CommandLine &line)
{
    Flywheel::install();
    QCoreApplication app(argc, argv);
    LiveTarget target(line);
    Session session;
    if (const QString problem = openForText(session, target, line); !problem.isEmpty())
        return fail(problem);
    if (target.relay())
        QObject::connect(target.relay(), &Relay::commandFailed, &app,
                         [] { QCoreApplication::exit(TargetCheck::CanNotWatch); });
    TargetCheck check(session, line.target, std::min(line.after.value_or(TargetGrace), TargetGrace));
    if (line.after) {
        QTimer::singleShot(*line.after, &app, [&] {
            if (check.finish() != 0)
                return;
            app.exit(printText(session, line.all) ? 0 : 1);
        });
        return app.exec();
    }
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &app, [&] {
        clearTerminal();
        if (!printText(session, line.all))
            app.exit(1);
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
    LiveTarget target(line);
    Session session;
    std::optional<Flywheel::RecordedProcess> crash;
    if (line.crashed) {
        QString problem;
        crash = findCrash(line.target, problem);
        if (!crash)
            return fail(problem);
    } else {
        session.startDiscovery();
    }
    if (line.recording.isEmpty() && !crash) { // before the window, which says whom it waits for
        if (const QString problem = target.attach(session); !problem.isEmpty())
            return fail(problem);
    }
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
    if (crash)
        window.showCrash(*crash);
    if (!line.target.isEmpty() && !crash) {
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
    if (!line.exportFile.isEmpty())
        return runExport(argc, argv, line);
    if (line.isWatch())
        return runWatch(argc, argv, line);
    if (!line.text && !hasDisplay()) {
        if (line.screenshot.isEmpty())
            return fail(QStringLiteral("there is no display; use --text, --json, or --screenshot FILE"));
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    return line.text ? runText(argc, argv, line) : runWindow(argc, argv, line);
}
