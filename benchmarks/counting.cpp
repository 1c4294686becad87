// SPDX-License-Identifier: MIT
#include "counting.h"

#include "childprocess.h"
#include "must.h"

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

// Names of files that do not exist. Asking for them is a system call that is easy to find in a log.
constexpr char beginMark[] = "/flywheel-bench/begin";
constexpr char endMark[] = "/flywheel-bench/end";

/// The report of the command \a tool, to whose last word the report's file name is appended.
std::optional<QByteArray> reportOf(QStringList tool, const Scenario &scenario, const Setting &setting)
{
    const QTemporaryDir directory;
    const QString reportName = directory.filePath(u"report"_s);
    tool.last() += reportName;
    if (!measureInChild(scenario, setting, tool).measurements)
        return std::nullopt;
    QFile report(reportName);
    return report.open(QIODevice::ReadOnly) ? std::optional(report.readAll()) : std::nullopt;
}

/// Calls that another thread interrupts take two lines; the second one has no parenthesis after the name.
qint64 callsBetweenMarks(const QByteArray &log)
{
    static const QRegularExpression call(u"^(?:\\d+ +)?\\w+\\("_s);
    qint64 calls = 0;
    bool counts = false;
    for (const QByteArray &line : log.split('\n')) {
        if (line.contains(beginMark))
            counts = true;
        else if (line.contains(endMark))
            counts = false;
        else if (counts && call.match(QString::fromLatin1(line)).hasMatch())
            ++calls;
    }
    return calls;
}

std::optional<double> instructionsOf(const Scenario &scenario, const Setting &setting)
{
    static const QRegularExpression total(u"^totals: (\\d+)$"_s, QRegularExpression::MultilineOption);
    const QStringList callgrind{u"valgrind"_s, u"--tool=callgrind"_s, u"--log-file=/dev/null"_s,
                                u"--callgrind-out-file="_s};
    const auto report = reportOf(callgrind, scenario, setting);
    if (!report)
        return std::nullopt;
    const auto match = total.match(QString::fromLatin1(*report));
    return match.hasMatch() ? std::optional(match.captured(1).toDouble()) : std::nullopt;
}

std::optional<double> systemCallsOf(const Scenario &scenario, const Setting &setting)
{
    QStringList strace{u"strace"_s};
    if (scenario.systemCalls == Trace::AllThreads)
        strace += u"-f"_s;
    strace += u"--output="_s;
    const auto log = reportOf(strace, scenario, setting);
    if (!log || !log->contains(endMark))
        return std::nullopt;
    return double(callsBetweenMarks(*log));
}

using Count = std::optional<double> (*)(const Scenario &, const Setting &);

/// What a run with twice the operations has more than one with them once.
std::optional<double> growthPerOperation(Count count, const Scenario &scenario, Setting setting)
{
    setting.operations = scenario.countedOperations;
    const auto once = count(scenario, setting);
    setting.operations = 2 * scenario.countedOperations;
    const auto twice = count(scenario, setting);
    if (!once || !twice)
        return std::nullopt;
    return (*twice - *once) / double(scenario.countedOperations);
}

} // namespace

std::optional<double> systemCallsPerOperation(const Scenario &scenario, Setting setting)
{
    if (scenario.startsWithMore)
        return growthPerOperation(systemCallsOf, scenario, setting);
    setting.operations = scenario.countedOperations;
    const auto calls = systemCallsOf(scenario, setting);
    return calls ? std::optional(*calls / double(scenario.countedOperations)) : std::nullopt;
}

std::optional<double> instructionsPerOperation(const Scenario &scenario, Setting setting)
{
    return growthPerOperation(instructionsOf, scenario, setting);
}

void runCounted(const std::function<void()> &operations)
{
    static_cast<void>(access(beginMark, F_OK)); // fails, as it is meant to
    operations();
    static_cast<void>(access(endMark, F_OK));
}

void endWithTool()
{
    must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
}

} // namespace Flywheel::Bench
