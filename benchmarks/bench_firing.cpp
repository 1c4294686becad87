// SPDX-License-Identifier: MIT
// Repeating timers that fire: what a firing costs, whether all that were due came, and whether the period is
// kept.
#include "metronome.h"
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

const RegisterScenario
    fireCoarseTimers({.name = "timers/fire-coarse", .measure = fireCoarse, .sizes = {1'000, 10'000}});
const RegisterScenario
    firePreciseTimers({.name = "timers/fire-precise", .measure = firePrecise, .sizes = {1'000, 10'000}});
const RegisterScenario
    preciseTimerPeriod({.name = "timers/period-ms", .measure = measurePeriod, .sizes = {1}});

} // namespace

} // namespace Flywheel::Bench
