// SPDX-License-Identifier: MIT
// Repeating timers that fire: what a firing costs, whether all that were due came, and whether the period is
// kept.
#include "scenario.h"
#include "stopwatch.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <random>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Flywheel::Bench {

namespace {

class Ticker : public QObject
{
public:
    Ticker(int intervalMs, Qt::TimerType type) : m_intervalMs(intervalMs) { startTimer(intervalMs, type); }

    qint64 ticks() const { return m_ticks; }
    int intervalMs() const { return m_intervalMs; }

protected:
    void timerEvent(QTimerEvent *) override { ++m_ticks; }

private:
    qint64 m_ticks = 0;
    int m_intervalMs;
};

void runLoopFor(std::chrono::milliseconds duration)
{
    QEventLoop loop;
    QTimer::singleShot(duration, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

class TickerSet
{
public:
    TickerSet(int count, Qt::TimerType type)
    {
        std::minstd_rand random;
        std::uniform_int_distribution intervalMs(50, 150);
        for (int i = 0; i < count; ++i)
            m_tickers.push_back(std::make_unique<Ticker>(intervalMs(random), type));
    }

    qint64 ticks() const
    {
        qint64 sum = 0;
        for (const auto &ticker : m_tickers)
            sum += ticker->ticks();
        return sum;
    }

    double dueWithin(std::chrono::nanoseconds duration) const
    {
        double sum = 0;
        for (const auto &ticker : m_tickers)
            sum += std::chrono::duration<double, std::milli>(duration).count() / ticker->intervalMs();
        return sum;
    }

private:
    std::vector<std::unique_ptr<Ticker>> m_tickers;
};

Measurements fire(const Setting &setting, Qt::TimerType type)
{
    const TickerSet tickers(setting.size, type);
    runLoopFor(200ms);
    const qint64 before = tickers.ticks();
    const Stopwatch stopwatch;
    runLoopFor(std::max(5 * setting.budget, 200ms));
    const auto wall = stopwatch.wall();
    const auto cpu = stopwatch.cpu();
    const double ticks = double(tickers.ticks() - before);
    return {{u"cpuNs"_s, double(cpu.count()) / ticks},
            {u"deliveredShare"_s, ticks / tickers.dueWithin(wall)}};
}

Measurements fireCoarse(const Setting &setting)
{
    return fire(setting, Qt::CoarseTimer);
}
Measurements firePrecise(const Setting &setting)
{
    return fire(setting, Qt::PreciseTimer);
}

/// Notes when each tick of a timer comes.
class Metronome : public QObject
{
public:
    using Clock = std::chrono::steady_clock;

    Metronome(std::chrono::milliseconds interval, std::size_t ticks) : m_wanted(ticks)
    {
        m_ticks.reserve(ticks);
        startTimer(interval, Qt::PreciseTimer);
        m_loop.exec();
    }

    const std::vector<Clock::time_point> &ticks() const { return m_ticks; }

protected:
    void timerEvent(QTimerEvent *) override
    {
        m_ticks.push_back(Clock::now());
        if (m_ticks.size() == m_wanted)
            m_loop.quit();
    }

private:
    QEventLoop m_loop;
    std::vector<Clock::time_point> m_ticks;
    std::size_t m_wanted;
};

Measurements period(const Setting &setting)
{
    const auto interval = std::chrono::milliseconds(setting.size);
    const auto wanted = std::max<std::size_t>(20, std::size_t(5 * setting.budget / interval));
    const Metronome metronome(interval, wanted);
    const auto &ticks = metronome.ticks();
    std::vector<double> periodsNs;
    for (std::size_t i = 1; i < ticks.size(); ++i)
        periodsNs.push_back(double(std::chrono::nanoseconds(ticks[i] - ticks[i - 1]).count()));
    const auto middle = periodsNs.begin() + std::ptrdiff_t(periodsNs.size() / 2);
    std::nth_element(periodsNs.begin(), middle, periodsNs.end());
    const double totalNs = double(std::chrono::nanoseconds(ticks.back() - ticks.front()).count());
    return {{u"periodMedianNs"_s, *middle}, {u"periodMeanNs"_s, totalNs / double(periodsNs.size())}};
}

const RegisterScenario
    fireCoarseTimers({.name = "timers/fire-coarse", .measure = fireCoarse, .sizes = {1'000, 10'000}});
const RegisterScenario
    firePreciseTimers({.name = "timers/fire-precise", .measure = firePrecise, .sizes = {1'000, 10'000}});
const RegisterScenario preciseTimerPeriod(
    {.name = "timers/period-ms", .measure = period, .sizes = {1}, .lanes = dispatcherAndHostingLanes()});

} // namespace

} // namespace Flywheel::Bench
