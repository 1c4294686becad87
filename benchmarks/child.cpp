// SPDX-License-Identifier: MIT
#include "child.h"

#include "counting.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

// --child scenario lane size budget operations
enum Argument { Mode = 1, Name, LaneName, Size, BudgetMs, Operations, Count };
constexpr char childOption[] = "--child";

Setting settingFrom(char **argv)
{
    Setting setting;
    const auto lane = laneFromName(QString::fromLocal8Bit(argv[LaneName]));
    if (!lane)
        qFatal("no such lane: %s", argv[LaneName]);
    setting.lane = *lane;
    setting.size = std::atoi(argv[Size]);
    setting.budget = std::chrono::milliseconds(std::atoi(argv[BudgetMs]));
    if (const int operations = std::atoi(argv[Operations]); operations > 0)
        setting.operations = operations;
    return setting;
}

void print(const Measurements &measurements)
{
    QJsonObject object;
    for (auto it = measurements.begin(); it != measurements.end(); ++it)
        object.insert(it.key(), it.value());
    std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

} // namespace

QStringList childArguments(const Scenario &scenario, const Setting &setting)
{
    return {QString::fromLatin1(childOption),
            QString::fromLatin1(scenario.name),
            laneName(setting.lane),
            QString::number(setting.size),
            QString::number(setting.budget.count()),
            QString::number(setting.operations.value_or(0))};
}

std::optional<int> runChild(int &argc, char **argv)
{
    if (argc != Count || argv[Mode] != std::string_view(childOption))
        return std::nullopt;
    const Scenario *scenario = findScenario(QString::fromLocal8Bit(argv[Name]));
    if (!scenario)
        qFatal("no such scenario: %s", argv[Name]);
    const Setting setting = settingFrom(argv);
    endWithTool();
    const auto application = makeApplication(setting.lane, argc, argv);
    if (!isRunning(setting.lane))
        return childLaneMissing;
    print(measure(*scenario, setting));
    return EXIT_SUCCESS;
}

} // namespace Flywheel::Bench
