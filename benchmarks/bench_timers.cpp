// SPDX-License-Identifier: MIT
// Starting, restarting and asking QObject timers, as many of them alive as the size says.
#include "heap.h"
#include "scenario.h"
#include "stopwatch.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qobject.h>

#include <algorithm>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

// Far enough that nothing fires while it is measured, near enough that coarse timers are not treated as very
// coarse.
constexpr int shortestMs = 10'000;
constexpr int longestMs = 19'999;

std::vector<int> ascendingIntervals(int count)
{
    std::vector<int> intervals(std::size_t(count), 0);
    for (std::size_t i = 0; i < intervals.size(); ++i)
        intervals[i] = shortestMs + int(i * std::size_t(longestMs - shortestMs) / intervals.size());
    return intervals;
}

/// One timer an object, as with QTimer: QObject looks through its own list of timers when one is killed.
class TimerSet
{
public:
    explicit TimerSet(int count)
        : m_objects(std::size_t(count))
        , m_ids(std::size_t(count), 0)
        , m_intervals(ascendingIntervals(count))
    {
    }

    std::size_t randomIndex() { return m_random() % m_objects.size(); }
    int id(std::size_t index) const { return m_ids[index]; }
    void start(std::size_t index) { m_ids[index] = m_objects[index].startTimer(m_intervals[index]); }
    void kill(std::size_t index) { m_objects[index].killTimer(m_ids[index]); }

    /// In the order of their deadlines, which is cheap on every lane.
    void startAll()
    {
        for (std::size_t i = 0; i < m_objects.size(); ++i)
            start(i);
    }

    void killAll()
    {
        for (std::size_t i = 0; i < m_objects.size(); ++i)
            kill(i);
    }

    std::vector<std::size_t> randomOrder()
    {
        std::vector<std::size_t> order(m_objects.size());
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), m_random);
        return order;
    }

private:
    std::vector<QObject> m_objects;
    std::vector<int> m_ids;
    std::vector<int> m_intervals;
    std::minstd_rand m_random;
};

/// The timers of this process. Never destroyed: each QObject would look for its timers, and the stock
/// dispatchers scan all of them for it, which takes minutes for a hundred thousand.
TimerSet &timersOf(const Setting &setting)
{
    static auto *const s_timers = new TimerSet(setting.size);
    return *s_timers;
}

Measurements start(const Setting &setting)
{
    TimerSet &timers = timersOf(setting);
    const auto order = timers.randomOrder();
    timers.startAll();
    std::chrono::nanoseconds wall{0}, cpu{0};
    double rounds = 0;
    std::uint64_t allocations = 0;
    const Stopwatch whole;
    while (whole.wall() < setting.budget || rounds == 0) {
        timers.killAll();
        const auto allocationsBefore = allocationsOfThread().value_or(0);
        const Stopwatch round;
        for (const std::size_t index : order)
            timers.start(index);
        wall += round.wall();
        cpu += round.cpu();
        allocations += allocationsOfThread().value_or(0) - allocationsBefore;
        ++rounds;
    }
    const double operations = rounds * setting.size;
    Measurements result{{u"operationNs"_s, double(wall.count()) / operations},
                        {u"cpuNs"_s, double(cpu.count()) / operations}};
    if (allocationsOfThread())
        result[u"allocations"_s] = double(allocations) / operations;
    return result;
}

// A batch ends with a pass, lest work that a dispatcher puts off until then goes uncounted.
constexpr qint64 operationsAPass = 64;

Measurements restart(const Setting &setting)
{
    TimerSet &timers = timersOf(setting);
    timers.startAll();
    return measureOperations(setting, [&](qint64 count) {
        for (qint64 i = 1; i <= count; ++i) {
            const std::size_t index = timers.randomIndex();
            timers.kill(index);
            timers.start(index);
            if (i % operationsAPass == 0)
                QCoreApplication::processEvents();
        }
    });
}

Measurements remainingTime(const Setting &setting)
{
    TimerSet &timers = timersOf(setting);
    timers.startAll();
    QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    return measureOperations(setting, [&](qint64 count) {
        for (qint64 i = 0; i < count; ++i) {
            if (dispatcher->remainingTime(timers.id(timers.randomIndex())) <= 0)
                qFatal("a timer is gone");
        }
    });
}

const RegisterScenario
    startTimer({.name = "timers/start", .measure = start, .sizes = {100, 1'000, 10'000, 100'000}});
const RegisterScenario restartTimer({.name = "timers/restart",
                                     .measure = restart,
                                     .sizes = {100, 1'000, 10'000, 100'000},
                                     .systemCalls = Trace::MainThread,
                                     .instructions = true,
                                     .countedOperations = 6400,
                                     .largestCounted = 100});
const RegisterScenario askTimer({.name = "timers/remaining-time",
                                 .measure = remainingTime,
                                 .sizes = {100, 1'000, 10'000, 100'000},
                                 .systemCalls = Trace::MainThread,
                                 .instructions = true,
                                 .largestCounted = 1'000});

} // namespace

} // namespace Flywheel::Bench
