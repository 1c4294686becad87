// SPDX-License-Identifier: MIT
#include "metronome.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qobject.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Flywheel::Bench {

namespace {

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

} // namespace

Measurements measurePeriod(const Setting &setting)
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

} // namespace Flywheel::Bench
