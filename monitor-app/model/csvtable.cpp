// SPDX-License-Identifier: MIT
#include "csvtable.h"

#include "format.h"
#include "process.h"
#include "stallspan.h"

#include <QtCore/qdatetime.h>

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

constexpr auto SampleTitles =
    ",time,interval_s,utilisation,handler_p50_ns,handler_p90_ns,"
    "handler_p99_ns,handler_max_ns,"
    "timer_lateness_p99_ns,task_wait_p99_ns,pass_p99_ns,timers_per_s,notifiers_per_s,"
    "posted_batches_per_s,tasks_per_s,"
    "window_events_per_s,task_depth,posted_depth,oldest_task_age_ns,stalls\n";

/// Quoted as RFC 4180 says. What a spreadsheet would take for a formula begins with an apostrophe.
QByteArray quoted(const QString &text)
{
    QString doubled = text;
    if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text.front()))
        doubled.prepend(QLatin1Char('\''));
    doubled.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return '"' + doubled.toUtf8() + '"';
}

QByteArray timeText(WallTime wall)
{
    const auto ms = std::chrono::time_point_cast<std::chrono::milliseconds>(wall).time_since_epoch().count();
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs).toUtf8();
}

QByteArray number(double value)
{
    return QByteArray::number(value, 'g', 6);
}

QByteArray nanoseconds(Duration duration)
{
    return QByteArray::number(qint64(duration.count()));
}

QByteArray quoted(const std::string &text)
{
    return quoted(QString::fromStdString(text));
}

QByteArray onlyIf(bool isKnown, const QByteArray &cell)
{
    return isKnown ? cell : QByteArray();
}

/// What each line begins with.
constexpr auto LoopTitles = "process,pid,loop";

QByteArray loopCells(const Loop &loop)
{
    return quoted(loop.process().name()) + ',' + QByteArray::number(loop.process().processId()) + ',' +
           quoted(loop.name());
}

QByteArray durationText(const SeriesSample &series, ShortDuration duration)
{
    return series.count > 0 ? QByteArray::number(double(duration.count()), 'f', 0) : QByteArray();
}

QByteArray sampleLine(const QByteArray &loop, const Sample &sample)
{
    const SeriesSample &handler = sample.of(SeriesKind::Handler);
    QByteArrayList cells{loop,
                         timeText(sample.wall),
                         number(std::chrono::duration<double>(sample.span.length()).count()),
                         number(sample.utilisation()),
                         durationText(handler, handler.p50),
                         durationText(handler, handler.p90),
                         durationText(handler, handler.p99),
                         durationText(handler, handler.max)};
    for (const SeriesKind kind : {SeriesKind::TimerLateness, SeriesKind::TaskWait, SeriesKind::Pass})
        cells << durationText(sample.of(kind), sample.of(kind).p99);
    for (const HandlerKind kind : {HandlerKind::Timer, HandlerKind::Notifier, HandlerKind::PostedBatch,
                                   HandlerKind::Task, HandlerKind::WindowEvent})
        cells << number(sample.perSecond(sample.runs[static_cast<std::size_t>(kind)]));
    cells << QByteArray::number(sample.taskDepth)
          << (sample.postedDepth ? QByteArray::number(*sample.postedDepth) : QByteArray())
          << QByteArray::number(double(sample.oldestTaskAge.count()), 'f', 0)
          << QByteArray::number(sample.stalls);
    return cells.join(',') + '\n';
}

constexpr auto StallTitles = ",began,duration_ns,state,whole_pass,kind,class,object,id,watched_ns,ran_ns,"
                             "waited_for_processor_ns,slept_ns,stacks\n";

QByteArray stallLine(const Loop &loop, const Stall &stall, bool ongoing)
{
    const bool isWatched = stall.watched > Duration();
    const Duration slept =
        std::max<Duration>(stall.watched - stall.processorTime - stall.readyTime, Duration());
    const QByteArray state = ongoing ? "goes on" : loop.isFatal(stall) ? "ended with its loop" : "ended";
    const QByteArrayList cells{loopCells(loop),
                               timeText(stall.began),
                               nanoseconds(stall.duration),
                               state,
                               stall.wholePass ? "1" : "0",
                               quoted(Format::handlerKind(stall.kind)),
                               quoted(stall.className),
                               quoted(stall.objectName),
                               quoted(Format::handlerId(stall.kind, stall.id)),
                               onlyIf(isWatched, nanoseconds(stall.watched)),
                               onlyIf(isWatched, nanoseconds(stall.processorTime)),
                               onlyIf(isWatched, nanoseconds(stall.readyTime)),
                               onlyIf(isWatched, nanoseconds(slept)),
                               QByteArray::number(qint64(stall.stacks.size()))};
    return cells.join(',') + '\n';
}

/// "at_least": the figures may be higher (RowKnowledge).
constexpr auto TimerTitles = ",class,object,id,interval_ns,type,fired,fired_per_s,share,total_ns,mean_ns,"
                             "max_ns,max_is_bound,lateness_mean_ns,at_least\n";

QByteArray timerLine(const Loop &loop, const TimerRow &timer)
{
    const bool isSum = timer.className == QLatin1String("(others)");
    const QByteArrayList cells{
        loopCells(loop), quoted(timer.className), quoted(timer.objectName),
        onlyIf(!isSum, QByteArray::number(qint64(timer.id))), onlyIf(!isSum, nanoseconds(timer.interval)),
        onlyIf(!isSum, quoted(Format::timerType(timer.type))), QByteArray::number(quint64(timer.fired)),
        onlyIf(timer.known.rate, number(timer.perSecond)), onlyIf(timer.known.rate, number(timer.share)),
        nanoseconds(timer.total), nanoseconds(timer.mean), nanoseconds(timer.max),
        timer.maxIsBound ? "1" : "0",
        // Zero timers have no deadline.
        onlyIf(timer.interval > Duration(), nanoseconds(timer.latenessMean)),
        timer.known.rateIsLeast ? "1" : "0"};
    return cells.join(',') + '\n';
}

constexpr auto ReceiverTitles = ",class,kind,count,per_s,share,total_ns,max_ns,max_is_bound,at_least\n";

QByteArray receiverLine(const Loop &loop, const ReceiverRow &receiver)
{
    const bool isSum = receiver.className == QLatin1String("(others)");
    const QByteArrayList cells{loopCells(loop),
                               quoted(receiver.className),
                               onlyIf(!isSum, quoted(Format::handlerKind(receiver.kind))),
                               QByteArray::number(quint64(receiver.count)),
                               onlyIf(receiver.known.rate, number(receiver.perSecond)),
                               onlyIf(receiver.known.rate, number(receiver.share)),
                               nanoseconds(receiver.total),
                               nanoseconds(receiver.max),
                               receiver.maxIsBound ? "1" : "0",
                               receiver.known.rateIsLeast ? "1" : "0"};
    return cells.join(',') + '\n';
}

} // namespace

QByteArray samplesCsv(const QList<Loop *> &loops, TimeSpan span)
{
    QByteArray text = QByteArray(LoopTitles) + SampleTitles;
    for (const Loop *loop : loops) {
        const QByteArray cells = loopCells(*loop);
        loop->history().forEach(span, [&](const Sample &sample) { text += sampleLine(cells, sample); });
    }
    return text;
}

QByteArray stallsCsv(const QList<Loop *> &loops, TimeSpan span)
{
    QByteArray text = QByteArray(LoopTitles) + StallTitles;
    for (const Loop *loop : loops) {
        for (const Stall &stall : loop->stalls(span))
            text += stallLine(*loop, stall, false);
        const std::optional<Stall> &ongoing = loop->ongoingStall();
        if (ongoing && span.overlaps(spanOf(*ongoing)))
            text += stallLine(*loop, *ongoing, true);
    }
    return text;
}

QByteArray timersCsv(const QList<Loop *> &loops, TimeSpan span)
{
    QByteArray text = QByteArray(LoopTitles) + TimerTitles;
    for (const Loop *loop : loops)
        for (const TimerRow &timer : loop->tables().timers(span))
            text += timerLine(*loop, timer);
    return text;
}

QByteArray receiversCsv(const QList<Loop *> &loops, TimeSpan span)
{
    QByteArray text = QByteArray(LoopTitles) + ReceiverTitles;
    for (const Loop *loop : loops)
        for (const ReceiverRow &receiver : loop->tables().receivers(span))
            text += receiverLine(*loop, receiver);
    return text;
}

} // namespace Flywheel::Monitor
