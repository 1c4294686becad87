// SPDX-License-Identifier: MIT
#include "timersmodel.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Timer",        "Loop",        "Type",         "Interval",     "Fires",
                                  "Handler mean", "Handler max", "Lateness p99", "Share of loop"};
/// With the time that each figure is of; short, since the columns are.
constexpr const char *LiveTitles[] = {"Timer",     "Loop",     "Type",          "Interval",   "Rate, 10 s",
                                      "Mean, all", "Max, all", "Late p99, all", "Share, 10 s"};
static_assert(TableHistory::Recent == std::chrono::seconds(10));

/// "(others)": what made room for others in the publisher's table.
bool isSum(const TimerRow &timer)
{
    return timer.className.startsWith(QLatin1String("(others)"));
}

QString objectText(const TimerRow &timer)
{
    return timer.objectName.isEmpty() ? timer.className
                                      : QStringLiteral("%1 \"%2\"").arg(timer.className, timer.objectName);
}

qint64 number(Duration duration)
{
    return static_cast<qint64>(duration.count());
}

} // namespace

TimersModel::TimersModel(QObject *parent) : LoopTableModel(Titles, parent)
{
    static_assert(std::size(Titles) == ColumnCount);
}

bool TimersModel::sameRow(const Row &a, const Row &b)
{
    return a.loop == b.loop && a.timer.id == b.timer.id && a.timer.interval == b.timer.interval &&
           a.timer.type == b.timer.type && a.timer.className == b.timer.className &&
           a.timer.objectName == b.timer.objectName;
}

void TimersModel::refresh()
{
    std::vector<Row> next;
    for (Loop *loop : loops()) {
        for (TimerRow &timer : loop->tables().timers(span()))
            next.push_back({loop, nameOf(*loop), std::move(timer)});
    }
    replaceRows(m_rows, std::move(next), sameRow);
}

int TimersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString TimersModel::text(std::size_t row, int column) const
{
    const TimerRow &timer = m_rows[row].timer;
    switch (column) {
    case Object:
        return objectText(timer);
    case LoopName:
        return m_rows[row].loopName;
    case Type:
        return isSum(timer) ? Format::none() : Format::timerType(timer.type);
    case Interval:
        return isSum(timer) ? Format::none() : Format::interval(timer.interval);
    case FiresPerSecond:
        return timer.known.rate ? Format::atLeast(Format::rate(timer.perSecond), timer.known.rateIsLeast)
                                : Format::none();
    case HandlerMean:
        return Format::duration(timer.mean);
    case HandlerMax:
        return timer.maxIsBound
                   ? Format::longest(timer.max, true)
                   : Format::atLeast(Format::duration(timer.max), !span() && timer.known.totalIsLeast);
    case LatenessP99:
        // Zero timers have no deadline; a span has no percentile of its own.
        return timer.latenessP99 && timer.interval > Duration() ? Format::duration(*timer.latenessP99)
                                                                : Format::none();
    case Share:
        return timer.known.rate ? Format::atLeast(Format::percent(timer.share), timer.known.rateIsLeast)
                                : Format::none();
    default:
        return {};
    }
}

QVariant TimersModel::sortValue(std::size_t row, int column) const
{
    const TimerRow &timer = m_rows[row].timer;
    switch (column) {
    case Interval:
        return number(timer.interval);
    case FiresPerSecond:
        return timer.known.rate ? timer.perSecond : -1;
    case HandlerMean:
        return number(timer.mean);
    case HandlerMax:
        return number(timer.max);
    case LatenessP99:
        return number(timer.latenessP99.value_or(Duration(-1)));
    case Share:
        return timer.known.rate ? timer.share : -1;
    default:
        return text(row, column);
    }
}

bool TimersModel::isNumber(int column) const
{
    return column >= Interval;
}

QString TimersModel::title(int column) const
{
    return span() ? LoopTableModel::title(column) : tr(LiveTitles[column]);
}

QString TimersModel::titleTip(int column) const
{
    if (!isNumber(column) || column == Interval)
        return {};
    if (span())
        return tr("%1 in the selected span").arg(tr(Titles[column]));
    const bool isRecent = column == FiresPerSecond || column == Share;
    return isRecent ? tr("%1: mean of the last 10 s").arg(tr(Titles[column]))
                    : tr("%1 since the loop was made").arg(tr(Titles[column]));
}

QVariant TimersModel::detail(std::size_t row, int role) const
{
    if (role != Qt::ToolTipRole)
        return {};
    const TimerRow &timer = m_rows[row].timer;
    if (isSum(timer))
        return tr("Timers that cost little and had to make room in a table of 128: they fired %1 times")
            .arg(Format::count(timer.fired));
    return tr("%1, fired %2 times, mean lateness %3")
               .arg(Format::handlerId(HandlerKind::Timer, timer.id),
                    Format::atLeast(Format::count(timer.fired),
                                    span() ? timer.known.rateIsLeast : timer.known.totalIsLeast),
                    Format::duration(timer.latenessMean)) +
           knowledgeTip(timer.known);
}

} // namespace Flywheel::Monitor
