// SPDX-License-Identifier: MIT
#include "launched.h"

namespace Launched {

QProcessEnvironment environment()
{
    QProcessEnvironment result = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"LD_PRELOAD", "FLYWHEEL_POLLER", "FLYWHEEL_CHILDREN", "FLYWHEEL_VERBOSE"})
        result.remove(QLatin1String(name));
    result.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    return result;
}

static QStringList lines(const QByteArray &text)
{
    return QString::fromLocal8Bit(text).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

Outcome run(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment,
            const QString &directory)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(directory);
    process.start(program, arguments, QIODevice::ReadOnly);
    if (!process.waitForFinished())
        return {};
    return {process.exitStatus(), process.exitCode(), lines(process.readAllStandardOutput()),
            lines(process.readAllStandardError())};
}

Outcome flywheel(const QStringList &arguments, const QProcessEnvironment &environment)
{
    return run(flywheelRun, arguments, environment);
}

} // namespace Launched
