// SPDX-License-Identifier: MIT
#include "loop.h"

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t MaxCrossings = 256;
constexpr Duration JudgingInterval = 250ms;
constexpr Duration FindingsWindow = 10s;
constexpr Duration FindingsInterval = 1s;

/// \a frame without what the histories keep.
Telemetry::LoopFrame withoutDistributions(Telemetry::LoopFrame frame)
{
    for (Telemetry::SeriesInterval *series :
         {&frame.taskLatency, &frame.wakeUpLatency, &frame.timerLateness, &frame.passTime})
        series->histogram = {};
    for (Telemetry::SeriesInterval &series : frame.handlerTime)
        series.histogram = {};
    frame.stalls.clear();
    frame.receivers.reset();
    frame.topTimers.reset();
    return frame;
}

} // namespace

Loop::Loop(Process &process, std::uint64_t id) : m_process(process), m_id(id) {}

Loop::~Loop() = default;

QString Loop::name() const
{
    if (!m_latest.threadName.empty())
        return QString::fromStdString(m_latest.threadName);
    return m_latest.threadId ? tr("thread %1").arg(m_latest.threadId) : tr("loop %1").arg(m_id);
}

QString Loop::mode() const
{
    return QString::fromStdString(m_latest.mode);
}

QString Loop::poller() const
{
    return QString::fromStdString(m_latest.poller);
}

std::vector<Stall> Loop::stalls(TimeSpan span) const
{
    std::vector<Stall> result;
    for (const Stall &stall : m_stalls) {
        if (span.overlaps({stall.beganMonotonic, stall.beganMonotonic + stall.duration}))
            result.push_back(stall);
    }
    return result;
}

const SpanFigures &Loop::recentFigures() const
{
    const Time now = m_history.span().end;
    if (now != m_recentAt)
        m_recent = m_history.figures({now - VitalsWindow, now});
    m_recentAt = now;
    return m_recent;
}

void Loop::take(const Telemetry::LoopFrame &frame, WallTime wall)
{
    m_running = true;
    takeStalls(frame);
    m_history.append(frame, wall);
    m_tables.advance(frame.takenAt);
    if (frame.receivers)
        m_tables.addReceivers(frame.takenAt, *frame.receivers);
    if (frame.topTimers)
        m_tables.addTimers(frame.takenAt, *frame.topTimers);
    m_latest = withoutDistributions(frame);
    judge();
    lookForFindings();
}

/// With wholeLife come all that are kept, those we know among them.
void Loop::takeStalls(const Telemetry::LoopFrame &frame)
{
    m_stallCount = frame.wholeLife ? frame.stallCount : m_stallCount + frame.stallCount;
    for (const Stall &stall : frame.stalls) {
        if (m_stalls.empty() || stall.number > m_stalls.back().number)
            m_stalls.push_back(stall);
        if (m_stalls.size() > MaxStalls)
            m_stalls.pop_front();
    }
}

void Loop::judge()
{
    const Time now = m_history.span().end;
    if (now - m_judgedAt < JudgingInterval)
        return;
    m_judgedAt = now;
    const SpanFigures &recent = recentFigures();
    const Health before = health();
    const Vitals vitals{.utilisation = recent.utilisation(), .p99 = recent.of(SeriesKind::Handler).p99};
    if (!m_health.update(now, vitals))
        return;
    m_crossings.push_back({now, before, health(), healthReason()});
    if (m_crossings.size() > MaxCrossings)
        m_crossings.pop_front();
    Q_EMIT healthChanged(before, health());
}

void Loop::lookForFindings()
{
    const Time now = m_history.span().end;
    if (now - m_findingsAt < FindingsInterval)
        return;
    m_findingsAt = now;
    m_findings = findingsOf(*this, {now - FindingsWindow, now});
}

void Loop::end()
{
    m_running = false;
    m_latest.ongoingStall.reset();
    m_findings.clear();
}

void Loop::reset()
{
    const Thresholds thresholds = m_health.thresholds();
    end();
    m_history.clear();
    m_tables.clear();
    m_stalls.clear();
    m_stallCount = 0;
    m_recent = {};
    m_recentAt = {};
    m_judgedAt = {};
    m_health = {};
    m_health.setThresholds(thresholds);
    m_crossings.clear();
    m_findingsAt = {};
}

} // namespace Flywheel::Monitor
