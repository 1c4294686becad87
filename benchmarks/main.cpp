// SPDX-License-Identifier: MIT
#include "child.h"
#include "machine.h"
#include "report.h"
#include "runner.h"
#include "tcpclient.h"

#include <QtCore/qcommandlineparser.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qsavefile.h>
#include <QtCore/qtemporarydir.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Flywheel::Bench {

namespace {

constexpr int usageError = 2;

const QCommandLineOption filterOption(u"filter"_s, u"Run the scenarios whose name matches."_s,
                                      u"expression"_s);
const QCommandLineOption lanesOption(u"lanes"_s, u"Only these lanes, separated by commas."_s, u"lanes"_s);
const QCommandLineOption repetitionsOption(u"repetitions"_s, u"Measure so many times."_s, u"number"_s,
                                           u"5"_s);
const QCommandLineOption jsonOption(u"json"_s, u"Write the results to this file."_s, u"file"_s);
const QCommandLineOption quickOption(u"quick"_s,
                                     u"See that all works: once, small, briefly. Measures nothing."_s);
const QCommandLineOption callgrindOption(u"callgrind"_s, u"Count instructions, too (slow)."_s);
const QCommandLineOption listOption(u"list"_s, u"Print the scenarios."_s);

std::optional<std::vector<Lane>> lanesFrom(const QString &names)
{
    std::vector<Lane> lanes;
    for (const QString &name : names.split(u',')) {
        const auto lane = laneFromName(name);
        if (!lane)
            return std::nullopt;
        lanes.push_back(*lane);
    }
    return lanes;
}

std::optional<Plan> planFrom(const QCommandLineParser &parser)
{
    Plan plan;
    plan.filter.setPattern(parser.value(filterOption));
    plan.repetitions = parser.value(repetitionsOption).toInt();
    plan.instructions = parser.isSet(callgrindOption);
    const auto lanes = parser.isSet(lanesOption) ? lanesFrom(parser.value(lanesOption)) : allLanes();
    if (!lanes || plan.repetitions < 1 || !plan.filter.isValid())
        return std::nullopt;
    plan.lanes = *lanes;
    if (parser.isSet(quickOption)) {
        plan.repetitions = 1;
        plan.budget = 5ms;
        plan.firstSizesOnly = true;
        plan.systemCalls = false;
        plan.instructions = false;
    }
    return plan;
}

bool writeJson(const QString &fileName, const QJsonObject &content)
{
    QSaveFile file(fileName);
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QJsonDocument(content).toJson());
        if (file.commit())
            return true;
    }
    std::fprintf(stderr, "%s: %s\n", qPrintable(fileName), qPrintable(file.errorString()));
    return false;
}

int runPlan(const Plan &plan, const QString &jsonFile)
{
    // Programs with a GUI complain if they have none.
    const QTemporaryDir runtime;
    if (qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR"))
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime.path()));
    const QJsonObject context = machineContext();
    std::vector<Group> groups;
    bool written = true;
    const bool measured = run(plan, [&](const Group &group) {
        groups.push_back(group);
        std::fputs(qPrintable(tableLines(group)), stdout);
        std::fflush(stdout);
        // Each time: a full run takes long, and one that is interrupted should not be lost.
        written = jsonFile.isEmpty() || writeJson(jsonFile, report(context, plan, groups));
    });
    return measured && written ? EXIT_SUCCESS : EXIT_FAILURE;
}

int runTool(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Runs the same work on Qt's event dispatchers and on Flywheel's and compares them."_s);
    parser.addHelpOption();
    parser.addOptions(
        {filterOption, lanesOption, repetitionsOption, jsonOption, quickOption, callgrindOption, listOption});
    parser.process(application);
    if (parser.isSet(listOption)) {
        for (const Scenario &scenario : scenarios())
            std::puts(scenario.name);
        return EXIT_SUCCESS;
    }
    const auto plan = planFrom(parser);
    if (!plan) {
        std::fputs("flywheel-bench: invalid filter, lanes or repetitions\n", stderr);
        return usageError;
    }
    return runPlan(*plan, parser.value(jsonOption));
}

} // namespace

} // namespace Flywheel::Bench

int main(int argc, char **argv)
{
    using namespace Flywheel::Bench;
    // Before any application object: what a child measures is how that is made.
    if (const auto result = runChild(argc, argv))
        return *result;
    if (const auto result = TcpClient::run(argc, argv))
        return *result;
    return runTool(argc, argv);
}
