// SPDX-License-Identifier: MIT
#pragma once

#include "lane.h"

#include <QtCore/qmap.h>

#include <chrono>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace Flywheel::Bench {

/// What one process measures.
struct Setting
{
    Lane lane{};
    int size = 0; ///< how many timers, idle sockets…: what the scenario calls its size
    std::chrono::milliseconds budget{0}; ///< how long to measure
    /// Set when an outside tool counts system calls or instructions: do exactly so many operations after
    /// warming up, in runCounted().
    std::optional<qint64> operations;
};

/// By name; the unit is the end of the name: …Ns, …Bytes, …PerSecond; plain counts are per operation.
using Measurements = QMap<QString, double>;

/// Whose system calls belong to an operation.
enum class Trace { Nothing, MainThread, AllThreads };

/// A reason why a scenario can't be run here; empty if it can.
using Obstacle = QString (*)();

/// One row of docs/benchmarks.md for each size. Registers itself: define one at namespace scope.
struct Scenario
{
    using Measure = Measurements (*)(const Setting &);

    const char *name;
    Measure measure;
    std::vector<int> sizes;                   ///< a quick run takes the first one only
    std::vector<Lane> lanes = consoleLanes(); ///< Limit comes by itself
    Trace systemCalls = Trace::Nothing;
    bool instructions = false;                            ///< deterministic enough for callgrind
    qint64 countedOperations = 2000;                      ///< for system calls and instructions
    int largestCounted = std::numeric_limits<int>::max(); ///< size up to which they are counted
    bool startsWithMore = false;        ///< what is counted begins with work that belongs to no operation
    const char *platform = "offscreen"; ///< Qt's plugin, for programs with a GUI
    Obstacle obstacle = nullptr;        ///< nullptr: there is none
};

const std::vector<Scenario> &scenarios();
const Scenario *findScenario(const QString &name);

class RegisterScenario
{
public:
    explicit RegisterScenario(Scenario scenario);
};

/// Gives the scenario \a name the lane Limit: the same work with this system's bare calls.
class RegisterLimit
{
public:
    RegisterLimit(const char *name, Scenario::Measure measure);
};

/// The lanes that \a scenario has, Limit included.
std::vector<Lane> lanesOf(const Scenario &scenario);

/// Measures \a scenario in this process, which runs the lane of \a setting.
Measurements measure(const Scenario &scenario, const Setting &setting);

/// Warms up, then calls \a run until the budget is used up, with batches long enough to hide what a call
/// costs. \a run does as many operations as it is told. Yields operationNs (wall clock), cpuNs (of the whole
/// process), threadCpuNs (of the calling thread) and, where they can be counted, allocations by the calling
/// thread, each per operation.
Measurements measureOperations(const Setting &setting, const std::function<void(qint64)> &run);

} // namespace Flywheel::Bench
