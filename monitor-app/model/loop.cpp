// SPDX-License-Identifier: MIT
#include "loop.h"

#include "process.h"
#include "stallspan.h"

#include <algorithm>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t MaxCrossings = 256;
constexpr Duration JudgingInterval = 250ms;
/// A p99 of fewer handlers than this is their maximum, or nearly so: a stall, which is judged apart.
constexpr std::uint64_t EnoughForP99 = 100;
constexpr std::uint64_t EnoughForP90 = 10;
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
        if (span.overlaps(spanOf(stall)))
            result.push_back(stall);
    }
    return result;
}

const SpanFigures &Loop::recentFigures() const
{
    static const SpanFigures unknown;
    return isRunning() && m_process.silence() > 0ns ? unknown : lastFigures();
}

const SpanFigures &Loop::lastFigures() const
{
    const Time now = m_history.span().end;
    if (now != m_recentAt)
        m_recent = m_history.figures({now - VitalsWindow, now});
    m_recentAt = now;
    return m_recent;
}

bool Loop::isMain() const
{
    const bool isFirstThread = m_latest.threadId != 0 && qint64(m_latest.threadId) == m_process.processId();
    return isFirstThread || m_latest.threadName == "main";
}

std::optional<std::uint64_t> Loop::queueDepth() const
{
    const SpanFigures &recent = recentFigures();
    if (!recent.postedDepthMax && recent.taskDepthMax == 0)
        return {};
    return std::uint64_t(recent.taskDepthMax) + recent.postedDepthMax.value_or(0);
}

void Loop::take(const Telemetry::LoopFrame &frame, WallTime wall)
{
    revive();
    takeStalls(frame);
    m_history.append(frame, wall);
    m_history.noteOpenStall(frame.ongoingStall);
    m_tables.advance(frame.takenAt);
    if (frame.receivers)
        m_tables.addReceivers(frame.takenAt, *frame.receivers);
    if (frame.topTimers)
        m_tables.addTimers(frame.takenAt, *frame.topTimers);
    m_latest = withoutDistributions(frame);
    m_recentAt = {}; // a stall may have begun or ended though the history has not grown
    judge();
    lookForFindings();
}

void Loop::takeHandlers(const HandlerBatch &batch)
{
    m_handlers.add(batch);
    m_handlerProblem.clear();
}

/// With wholeLife come all that are kept, those we know among them.
void Loop::takeStalls(const Telemetry::LoopFrame &frame)
{
    m_stallCount = frame.wholeLife ? frame.stallCount : m_stallCount + frame.stallCount;
    for (const Stall &stall : frame.stalls) {
        if (!m_stalls.empty() && stall.number <= m_stalls.back().number)
            continue;
        takeStall(stall);
        m_history.noteStall(stall);
    }
}

void Loop::takeStall(const Stall &stall)
{
    m_stalls.push_back(stall);
    if (m_stalls.size() > MaxStalls)
        m_stalls.pop_front();
}

std::uint64_t Loop::stallCount() const
{
    return m_stallCount + (ongoingStall() ? 1 : 0);
}

/// What was taken for its end was a pause.
void Loop::revive()
{
    m_running = true;
    if (!m_fatalStall)
        return;
    m_stalls.pop_back();
    --m_stallCount;
    m_fatalStall.reset();
    m_findingsAt = {};
}

Vitals Loop::vitals(Time now) const
{
    const SeriesFigures &handlers = lastFigures().of(SeriesKind::Handler);
    Vitals result{.utilisation = lastFigures().utilisation(), .p99 = {}};
    if (handlers.count >= EnoughForP99) {
        result.p99 = handlers.p99;
    } else if (handlers.count >= EnoughForP90) {
        result.p99 = handlers.p90;
        result.percentile = 90;
    }
    const Time begin = now - Vitals::StallWindow;
    const auto add = [&](const Stall &stall) {
        const Time end = spanOf(stall).end;
        if (end <= begin)
            return;
        ++result.stalls;
        result.stalled += std::min(end, now) - std::max(std::min(stall.beganMonotonic, now), begin);
    };
    std::for_each(m_stalls.begin(), m_stalls.end(), add);
    if (ongoingStall())
        add(*ongoingStall());
    return result;
}

void Loop::judge()
{
    const Time now = m_history.span().end;
    if (now - m_judgedAt < JudgingInterval)
        return;
    m_judgedAt = now;
    const Health before = health();
    if (!m_health.update(now, vitals(now)))
        return;
    m_crossings.push_back({now, before, health(), healthReason()});
    if (m_crossings.size() > MaxCrossings)
        m_crossings.pop_front();
    Q_EMIT healthChanged(before, health());
}

void Loop::lookForFindings()
{
    const Time now = std::max(m_latest.takenAt, Time()); // a stall is found before anything is measured
    if (now - m_findingsAt < FindingsInterval)
        return;
    findNow(now);
}

void Loop::findNow(Time now)
{
    m_findingsAt = now;
    m_findings = findingsOf(*this, {now - FindingsWindow, now});
}

void Loop::describe(const Telemetry::LoopFrame &frame)
{
    m_latest = frame;
    m_running = false;
}

void Loop::end()
{
    m_running = false;
    if (!m_latest.ongoingStall)
        return;
    m_fatalStall = std::exchange(m_latest.ongoingStall, std::nullopt);
    ++m_stallCount;
    takeStall(*m_fatalStall);
    findNow(std::max(m_latest.takenAt, Time()));
}

void Loop::reset()
{
    const Thresholds thresholds = m_health.thresholds();
    m_running = false;
    m_latest.ongoingStall.reset();
    m_fatalStall.reset();
    m_findings.clear();
    m_history.clear();
    m_tables.clear();
    m_handlers.clear();
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
