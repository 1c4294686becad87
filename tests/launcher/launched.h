// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

/// What a program did.
struct Outcome
{
    QProcess::ExitStatus status = QProcess::CrashExit;
    int code = -1; ///< The exit code, or the signal that ended it.
    QStringList output;
    QStringList errors; ///< Lines of stderr.
};

namespace Launched {

inline const QString flywheelRun = QStringLiteral(FLYWHEEL_RUN);
inline const QString shim = QStringLiteral(FLYWHEEL_SHIM);
inline const QString consoleProgram = QStringLiteral(FLYWHEEL_CONSOLE_PROGRAM);
inline const QString ours = QStringLiteral("Flywheel::EventDispatcher");

/// The test's own environment without anything that concerns the launcher.
QProcessEnvironment environment();

/// Runs \a program to its end.
Outcome run(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment,
            const QString &directory = {});

/// Runs flywheel-run with \a arguments to its end.
Outcome flywheel(const QStringList &arguments,
                 const QProcessEnvironment &environment = Launched::environment());

} // namespace Launched
