// SPDX-License-Identifier: MIT
#include "timersmodel.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Timer",        "Loop",        "Type",         "Interval",     "Fires",
                                  "Handler mean", "Handler max", "Lateness p99", "Share of loop"};

bool isNumber(int column)
{
    return column >= TimersModel::Interval;
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

int TimersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString TimersModel::text(const Row &row, int column) const
{
    const TimerRow &timer = row.timer;
    switch (column) {
    case Object:
        return objectText(timer);
    case LoopName:
        return row.loopName;
    case Type:
        return Format::timerType(timer.type);
    case Interval:
        return Format::interval(timer.interval);
    case FiresPerSecond:
        return Format::rate(timer.perSecond);
    case HandlerMean:
        return Format::duration(timer.mean);
    case HandlerMax:
        return Format::longest(timer.max, timer.maxIsBound);
    case LatenessP99:
        return timer.latenessP99 ? Format::duration(*timer.latenessP99) : Format::none();
    case Share:
        return Format::percent(timer.share);
    default:
        return {};
    }
}

QVariant TimersModel::sortValue(const Row &row, int column) const
{
    const TimerRow &timer = row.timer;
    switch (column) {
    case Interval:
        return number(timer.interval);
    case FiresPerSecond:
        return timer.perSecond;
    case HandlerMean:
        return number(timer.mean);
    case HandlerMax:
        return number(timer.max);
    case LatenessP99:
        return number(timer.latenessP99.value_or(Duration(-1)));
    case Share:
        return timer.share;
    default:
        return text(row, column);
    }
}

QVariant TimersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole) {
        return tr("%1, fired %2 times, mean lateness %3")
            .arg(Format::handlerId(HandlerKind::Timer, row.timer.id), Format::count(row.timer.fired),
                 Format::duration(row.timer.latenessMean));
    }
    return cell(role, text(row, index.column()), sortValue(row, index.column()), isNumber(index.column()));
}

QVariant TimersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return header(Titles, ColumnCount, section, orientation, role);
}

} // namespace Flywheel::Monitor
