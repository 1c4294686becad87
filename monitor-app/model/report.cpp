// SPDX-License-Identifier: MIT
#include "report.h"

#include "format.h"
#include "session.h"
#include "stalltext.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr std::size_t PrintedStalls = 10; ///< of each loop

double seconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

QString isoTime(WallTime time)
{
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

QJsonValue nanoseconds(const SeriesFigures &series, Duration figure)
{
    return series.count > 0 ? QJsonValue(static_cast<qint64>(figure.count())) : QJsonValue();
}

QJsonObject jsonOf(const SeriesFigures &series)
{
    return {{QStringLiteral("count"), static_cast<qint64>(series.count)},
            {QStringLiteral("p50Ns"), nanoseconds(series, series.p50)},
            {QStringLiteral("p90Ns"), nanoseconds(series, series.p90)},
            {QStringLiteral("p99Ns"), nanoseconds(series, series.p99)},
            {QStringLiteral("maxNs"), nanoseconds(series, series.max)},
            {QStringLiteral("meanNs"), nanoseconds(series, series.mean)}};
}

QJsonObject jsonOf(const Stall &stall)
{
    return {{QStringLiteral("began"), isoTime(stall.began)},
            {QStringLiteral("durationNs"), static_cast<qint64>(stall.duration.count())},
            {QStringLiteral("culprit"), stallCulprit(stall)}};
}

/// Those of the span, with the one that goes on.
std::vector<Stall> stallsOf(const Loop &loop, TimeSpan span)
{
    std::vector<Stall> stalls = loop.stalls(span);
    if (loop.ongoingStall() && loop.ongoingStall()->beganMonotonic < span.end)
        stalls.push_back(*loop.ongoingStall());
    return stalls;
}

QJsonObject jsonOf(const Loop &loop, const SpanFigures &figures, TimeSpan span)
{
    QJsonArray stalls;
    for (const Stall &stall : stallsOf(loop, span))
        stalls.append(jsonOf(stall));
    const bool isBusyKnown = figures.busy + figures.blocked > Duration();
    const auto rate = [&](std::uint64_t count) {
        return figures.measured > Duration() ? QJsonValue(figures.perSecond(count)) : QJsonValue();
    };
    return {{QStringLiteral("name"), loop.name()},
            {QStringLiteral("main"), loop.isMain()},
            {QStringLiteral("mode"), loop.mode()},
            {QStringLiteral("measuredSeconds"), seconds(figures.measured)},
            {QStringLiteral("busy"), isBusyKnown ? QJsonValue(figures.utilisation()) : QJsonValue()},
            {QStringLiteral("eventsPerSecond"), rate(figures.events)},
            {QStringLiteral("handlers"), jsonOf(figures.of(SeriesKind::Handler))},
            {QStringLiteral("timerLateness"), jsonOf(figures.of(SeriesKind::TimerLateness))},
            {QStringLiteral("taskWait"), jsonOf(figures.of(SeriesKind::TaskWait))},
            {QStringLiteral("wakeUp"), jsonOf(figures.of(SeriesKind::WakeUp))},
            {QStringLiteral("pass"), jsonOf(figures.of(SeriesKind::Pass))},
            {QStringLiteral("missedTicks"), static_cast<qint64>(figures.missedTicks)},
            {QStringLiteral("taskQueueMax"), static_cast<qint64>(figures.taskDepthMax)},
            {QStringLiteral("postedQueueMax"), figures.postedDepthMax
                                                   ? QJsonValue(static_cast<qint64>(*figures.postedDepthMax))
                                                   : QJsonValue()},
            {QStringLiteral("stallCount"), static_cast<qint64>(figures.stalls)},
            {QStringLiteral("stalls"), stalls}};
}

QString stateName(LimitResult::State state)
{
    switch (state) {
    case LimitResult::State::Kept:
        return QStringLiteral("kept");
    case LimitResult::State::Broken:
        return QStringLiteral("broken");
    case LimitResult::State::NotMeasured:
        break;
    }
    return QStringLiteral("not measured");
}

} // namespace

Report::Report(const Session &session, TimeSpan span, const QList<Limit> &limits)
    : m_session(session)
    , m_span(span)
{
    for (const Loop *loop : session.loops())
        m_loops.push_back({loop, loop->history().figures(span)});
    for (const Limit &limit : limits)
        m_limits.push_back(judge(limit));
}

LimitResult Report::judge(const Limit &limit) const
{
    LimitResult result{limit, LimitResult::State::NotMeasured, {}};
    for (const Measured &measured : m_loops) {
        if (!limit.loopName().isEmpty() && measured.loop->name() != limit.loopName())
            continue;
        const std::optional<double> value = limit.valueIn(measured.figures);
        if (!value)
            continue;
        if (limit.isBrokenBy(*value))
            result.breaches.push_back({measured.loop, *value});
        else if (result.state == LimitResult::State::NotMeasured)
            result.state = LimitResult::State::Kept;
    }
    if (!result.breaches.empty())
        result.state = LimitResult::State::Broken;
    // The worst is the one that lies farthest on the wrong side of the bound.
    std::stable_sort(result.breaches.begin(), result.breaches.end(), [&](const auto &a, const auto &b) {
        return limit.isUpper() ? a.value > b.value : a.value < b.value;
    });
    return result;
}

bool Report::isAny(LimitResult::State state) const
{
    return std::any_of(m_limits.begin(), m_limits.end(),
                       [&](const LimitResult &result) { return result.state == state; });
}

bool Report::isEmpty() const
{
    return std::none_of(m_loops.begin(), m_loops.end(),
                        [](const Measured &loop) { return loop.figures.measured > Duration(); });
}

QString Report::nameOf(const Loop &loop) const
{
    std::vector<const Process *> all;
    for (const auto &process : m_session.processes())
        all.push_back(process.get());
    return QStringLiteral("%1, %2").arg(distinctName(loop.process(), all), loop.name());
}

QString Report::limitLine(const LimitResult &result) const
{
    QStringList words;
    for (const LimitResult::Breach &breach : result.breaches)
        words << QStringLiteral("%1: %2").arg(nameOf(*breach.loop), result.limit.valueText(breach.value));
    const QString names =
        words.isEmpty() ? QString() : QStringLiteral(" by ") + words.join(QStringLiteral("; "));
    return QStringLiteral("limit %1: %2%3\n")
        .arg(Format::plain(result.limit.text()), stateName(result.state), names);
}

QString Report::text() const
{
    QString text;
    for (const auto &[loop, figures] : m_loops) {
        const SeriesFigures &handlers = figures.of(SeriesKind::Handler);
        if (figures.measured <= Duration()) {
            text += QStringLiteral("%1: nothing measured\n").arg(nameOf(*loop));
            continue;
        }
        text += QStringLiteral("%1, %2: busy %3, %4 events, handlers p50 %5, p99 %6, max %7, stalls %8\n")
                    .arg(nameOf(*loop), Format::duration(figures.measured), figures.utilisationText(),
                         figures.rateText(figures.events), figureText(handlers, handlers.p50),
                         figureText(handlers, handlers.p99), figureText(handlers, handlers.max),
                         Format::count(figures.stalls));
        const std::vector<Stall> stalls = stallsOf(*loop, m_span);
        const std::size_t first = stalls.size() > PrintedStalls ? stalls.size() - PrintedStalls : 0;
        if (first > 0)
            text += QStringLiteral("  %1 stalls before these\n").arg(first);
        for (std::size_t i = first; i < stalls.size(); ++i)
            text += QStringLiteral("  %1  %2  %3\n")
                        .arg(Format::clockTime(stalls[i].began), Format::duration(stalls[i].duration),
                             stallCulprit(stalls[i]));
    }
    for (const LimitResult &result : m_limits)
        text += limitLine(result);
    return text;
}

QJsonObject Report::json() const
{
    QJsonArray processes;
    for (const auto &process : m_session.processes()) {
        QJsonArray loops;
        for (const auto &[loop, figures] : m_loops) {
            if (&loop->process() == process.get())
                loops.append(jsonOf(*loop, figures, m_span));
        }
        processes.append(QJsonObject{{QStringLiteral("name"), process->name()},
                                     {QStringLiteral("processId"), process->processId()},
                                     {QStringLiteral("loops"), loops}});
    }
    QJsonArray limits;
    for (const LimitResult &result : m_limits) {
        QJsonArray breaches;
        for (const LimitResult::Breach &breach : result.breaches)
            breaches.append(QJsonObject{{QStringLiteral("processId"), breach.loop->process().processId()},
                                        {QStringLiteral("loop"), breach.loop->name()},
                                        {QStringLiteral("value"), result.limit.valueText(breach.value)}});
        limits.append(QJsonObject{{QStringLiteral("limit"), result.limit.text()},
                                  {QStringLiteral("state"), stateName(result.state)},
                                  {QStringLiteral("brokenBy"), breaches}});
    }
    return {{QStringLiteral("from"), isoTime(m_session.wallAt(m_span.begin))},
            {QStringLiteral("to"), isoTime(m_session.wallAt(m_span.end))},
            {QStringLiteral("seconds"), seconds(m_span.length())},
            {QStringLiteral("processes"), processes},
            {QStringLiteral("limits"), limits}};
}

} // namespace Flywheel::Monitor
