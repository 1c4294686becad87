// SPDX-License-Identifier: MIT
#include "runner.h"

#include "childprocess.h"
#include "counting.h"
#include "stopwatch.h"

#include <QtCore/qdebug.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

bool isPlanned(const Plan &plan, Lane lane)
{
    return std::find(plan.lanes.begin(), plan.lanes.end(), lane) != plan.lanes.end();
}

/// Measured once: so long a measurement does not depend on the moment.
constexpr std::chrono::seconds longEnough{8};

/// All lanes of one scenario and size.
class GroupRun
{
public:
    GroupRun(const Plan &plan, const Scenario &scenario, int size) : m_plan(plan), m_scenario(scenario)
    {
        for (const Lane lane : lanesOf(scenario)) {
            if (isPlanned(plan, lane))
                m_group.push_back({QString::fromLatin1(scenario.name), size, lane, {}});
        }
    }

    bool run()
    {
        for (int repetition = 0; repetition < m_plan.repetitions; ++repetition)
            measureEachLane(repetition);
        // A lane that this Qt does not have.
        std::erase_if(m_group, [](const Row &row) { return row.samples.isEmpty(); });
        for (Row &row : m_group)
            countOutside(row);
        return m_good;
    }

    const Group &group() const { return m_group; }

private:
    Setting settingOf(const Row &row) const { return {row.lane, row.size, m_plan.budget, std::nullopt}; }

    /// Another lane goes first each time.
    void measureEachLane(int repetition)
    {
        for (std::size_t i = 0; i < m_group.size(); ++i)
            measure(m_group[(i + std::size_t(repetition)) % m_group.size()]);
    }

    void measure(Row &row)
    {
        if (row.isDone)
            return;
        const Stopwatch stopwatch;
        const ChildResult result = measureInChild(m_scenario, settingOf(row));
        row.isDone = !result.measurements || stopwatch.wall() > longEnough;
        if (result.laneMissing)
            return;
        if (!result.measurements) {
            qWarning().noquote() << row.scenario << row.size << laneName(row.lane) << result.error;
            m_good = false;
            return;
        }
        for (auto it = result.measurements->begin(); it != result.measurements->end(); ++it)
            row.samples[it.key()].push_back(it.value());
    }

    void countOutside(Row &row)
    {
        if (row.size > m_scenario.largestCounted)
            return;
        if (m_plan.systemCalls && m_scenario.systemCalls != Trace::Nothing)
            add(row, u"systemCalls"_s, systemCallsPerOperation(m_scenario, settingOf(row)));
        if (m_plan.instructions && m_scenario.instructions)
            add(row, u"instructions"_s, instructionsPerOperation(m_scenario, settingOf(row)));
    }

    static void add(Row &row, const QString &measure, std::optional<double> value)
    {
        if (value)
            row.samples[measure].push_back(*value);
    }

    const Plan &m_plan;
    const Scenario &m_scenario;
    Group m_group;
    bool m_good = true;
};

bool isObstructed(const Scenario &scenario)
{
    const QString obstacle = scenario.obstacle ? scenario.obstacle() : QString();
    if (!obstacle.isEmpty())
        qWarning().noquote() << scenario.name << "is left out:" << obstacle;
    return !obstacle.isEmpty();
}

} // namespace

bool run(const Plan &plan, const std::function<void(const Group &)> &done)
{
    bool good = true;
    for (const Scenario &scenario : scenarios()) {
        if (!plan.filter.match(QLatin1StringView(scenario.name)).hasMatch() || isObstructed(scenario))
            continue;
        for (const int size : scenario.sizes) {
            GroupRun groupRun(plan, scenario, size);
            good &= groupRun.run();
            done(groupRun.group());
            if (plan.firstSizesOnly)
                break;
        }
    }
    return good;
}

} // namespace Flywheel::Bench
