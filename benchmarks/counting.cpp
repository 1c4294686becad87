// SPDX-License-Identifier: MIT
#include "counting.h"

#include "childprocess.h"
#include "must.h"

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>

#include <csignal>
#include <sys/prctl.h>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

/// A tool that wraps a command and writes a report with a total.
struct Tool
{
    QStringList command; ///< the report's file name is appended to the last word
    QRegularExpression total;
};

Tool strace(Trace trace)
{
    QStringList command{u"strace"_s, u"-c"_s, u"-U"_s, u"calls,name"_s};
    if (trace == Trace::AllThreads)
        command += u"-f"_s;
    command += u"--output="_s;
    return {command, QRegularExpression(u"^ *(\\d+) total$"_s, QRegularExpression::MultilineOption)};
}

Tool callgrind()
{
    return {{u"valgrind"_s, u"--quiet"_s, u"--tool=callgrind"_s, u"--callgrind-out-file="_s},
            QRegularExpression(u"^totals: (\\d+)$"_s, QRegularExpression::MultilineOption)};
}

std::optional<double> count(const Scenario &scenario, const Setting &setting, const Tool &tool)
{
    const QTemporaryDir directory;
    const QString reportName = directory.filePath(u"report"_s);
    QStringList command = tool.command;
    command.last() += reportName;
    if (!measureInChild(scenario, setting, command).measurements)
        return std::nullopt;
    QFile report(reportName);
    if (!report.open(QIODevice::ReadOnly))
        return std::nullopt;
    const auto match = tool.total.match(QString::fromLatin1(report.readAll()));
    return match.hasMatch() ? std::optional(match.captured(1).toDouble()) : std::nullopt;
}

std::optional<double> perOperation(const Scenario &scenario, Setting setting, const Tool &tool)
{
    const qint64 operations = scenario.countedOperations;
    setting.operations = operations;
    const auto once = count(scenario, setting, tool);
    setting.operations = 2 * operations;
    const auto twice = count(scenario, setting, tool);
    if (!once || !twice)
        return std::nullopt;
    return (*twice - *once) / double(operations);
}

} // namespace

std::optional<double> systemCallsPerOperation(const Scenario &scenario, Setting setting)
{
    return perOperation(scenario, setting, strace(scenario.systemCalls));
}

std::optional<double> instructionsPerOperation(const Scenario &scenario, Setting setting)
{
    return perOperation(scenario, setting, callgrind());
}

void endWithTool()
{
    must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
}

} // namespace Flywheel::Bench
