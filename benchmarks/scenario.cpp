// SPDX-License-Identifier: MIT
#include "scenario.h"

#include "counting.h"
#include "heap.h"
#include "stopwatch.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

std::vector<Scenario> &registered()
{
    static std::vector<Scenario> list;
    return list;
}

struct Limit
{
    QLatin1StringView name;
    Scenario::Measure measure;
};

std::vector<Limit> &registeredLimits()
{
    static std::vector<Limit> list;
    return list;
}

const Limit *findLimit(const Scenario &scenario)
{
    const auto &list = registeredLimits();
    const auto found = std::ranges::find(list, QLatin1StringView(scenario.name), &Limit::name);
    return found == list.end() ? nullptr : &*found;
}

constexpr qint64 warmUpOperations = 32;

/// Returns a batch that takes at least an eighth of the budget.
qint64 warmUp(std::chrono::milliseconds budget, const std::function<void(qint64)> &run)
{
    for (qint64 batch = warmUpOperations;; batch *= 2) {
        const Stopwatch stopwatch;
        run(batch);
        if (stopwatch.wall() >= budget / 8)
            return batch;
    }
}

} // namespace

const std::vector<Scenario> &scenarios()
{
    return registered();
}

const Scenario *findScenario(const QString &name)
{
    const auto &list = registered();
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const Scenario &s) { return name == QLatin1StringView(s.name); });
    return found == list.end() ? nullptr : &*found;
}

RegisterScenario::RegisterScenario(Scenario scenario)
{
    // The order of static initialisation across files is not defined, that of the table should be.
    auto &list = registered();
    const auto before = [](const Scenario &a, const Scenario &b) {
        return QLatin1StringView(a.name) < QLatin1StringView(b.name);
    };
    list.insert(std::upper_bound(list.begin(), list.end(), scenario, before), std::move(scenario));
}

RegisterLimit::RegisterLimit(const char *name, Scenario::Measure measure)
{
    registeredLimits().push_back({QLatin1StringView(name), measure});
}

std::vector<Lane> lanesOf(const Scenario &scenario)
{
    std::vector<Lane> lanes = scenario.lanes;
    if (findLimit(scenario))
        lanes.push_back(Lane::Limit);
    return lanes;
}

Measurements measure(const Scenario &scenario, const Setting &setting)
{
    return setting.lane == Lane::Limit ? findLimit(scenario)->measure(setting) : scenario.measure(setting);
}

Measurements measureOperations(const Setting &setting, const std::function<void(qint64)> &run)
{
    if (setting.operations) {
        run(warmUpOperations);
        runCounted([&] { run(*setting.operations); });
        return {};
    }
    const qint64 batch = warmUp(setting.budget, run);
    const auto allocationsBefore = allocationsOfThread();
    qint64 done = 0;
    const Stopwatch stopwatch;
    do {
        run(batch);
        done += batch;
    } while (stopwatch.wall() < setting.budget);
    const double operations = double(done);
    Measurements result{{u"operationNs"_s, double(stopwatch.wall().count()) / operations},
                        {u"cpuNs"_s, double(stopwatch.cpu().count()) / operations},
                        {u"threadCpuNs"_s, double(stopwatch.threadCpu().count()) / operations}};
    if (const auto allocations = allocationsOfThread())
        result[u"allocations"_s] = double(*allocations - *allocationsBefore) / operations;
    return result;
}

} // namespace Flywheel::Bench
