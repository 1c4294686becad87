// SPDX-License-Identifier: MIT
#include "childprocess.h"

#include "child.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qprocess.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Flywheel::Bench {

namespace {

// Starting 100,000 timers in random order takes Qt's own dispatchers tens of seconds.
constexpr std::chrono::milliseconds patience = 5min;
constexpr std::chrono::milliseconds patienceWithTool = 20min;

Measurements parse(const QByteArray &line, QString &error)
{
    QJsonParseError parseError;
    const auto document = QJsonDocument::fromJson(line, &parseError);
    if (!document.isObject())
        error = parseError.errorString();
    Measurements measurements;
    const QJsonObject object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it)
        measurements.insert(it.key(), it.value().toDouble());
    return measurements;
}

QString exitError(const QProcess &process)
{
    if (process.error() == QProcess::Timedout)
        return u"hangs"_s;
    if (process.error() != QProcess::UnknownError)
        return process.errorString();
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return u"exit code %1"_s.arg(process.exitCode());
    return {};
}

} // namespace

ChildResult measureInChild(const Scenario &scenario, const Setting &setting, const QStringList &wrapper)
{
    QStringList command = wrapper;
    command += QCoreApplication::applicationFilePath();
    command += childArguments(scenario, setting);
    auto environment = QProcessEnvironment::systemEnvironment();
    prepareEnvironment(setting.lane, environment);
    environment.insert(u"QT_QPA_PLATFORM"_s, QString::fromLatin1(scenario.platform));

    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(command.takeFirst(), command);
    const auto limit = wrapper.isEmpty() ? patience : patienceWithTool;
    ChildResult result;
    if (!process.waitForFinished(int(limit.count()))) {
        result.error = exitError(process);
        process.kill();
        process.waitForFinished();
        return result;
    }
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == childLaneMissing) {
        result.laneMissing = true;
        return result;
    }
    result.error = exitError(process);
    if (result.error.isEmpty()) {
        const Measurements measurements = parse(process.readAllStandardOutput(), result.error);
        if (result.error.isEmpty())
            result.measurements = measurements;
    }
    return result;
}

} // namespace Flywheel::Bench
