// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qsize.h>
#include <QtTest/qtest.h>

namespace Flywheel::Monitor::Test {

/// What a program left behind.
struct Ended
{
    int code; ///< -1 if it did not end by itself
    QString out;
    QString error;
};

/// flywheel-monitor, as one starts it from a terminal.
inline Ended runMonitor(const QStringList &arguments,
                        const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment())
{
    QProcess program;
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(MONITOR_PROGRAM), arguments);
    const bool ended = program.waitForFinished();
    return {ended ? program.exitCode() : -1, QString::fromUtf8(program.readAllStandardOutput()),
            QString::fromUtf8(program.readAllStandardError())};
}

/// Lets it write a picture of its window at once.
inline Ended takeScreenshot(const QString &file, QSize size,
                            const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment())
{
    const QString dimensions = QStringLiteral("%1x%2").arg(size.width()).arg(size.height());
    return runMonitor({QStringLiteral("--screenshot"), file, QStringLiteral("--after"), QStringLiteral("0"),
                       QStringLiteral("--size"), dimensions},
                      environment);
}

} // namespace Flywheel::Monitor::Test
