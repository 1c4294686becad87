// SPDX-License-Identifier: MIT
#include "receiversmodel.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Class", "Loop", "Kind", "Runs", "Total", "Maximum", "Share of loop"};

/// The kind of a row that sums up what others had to make room for means nothing.
bool hasKind(const ReceiverRow &receiver)
{
    return receiver.className != QLatin1String("(others)");
}

} // namespace

ReceiversModel::ReceiversModel(QObject *parent) : LoopTableModel(Titles, parent)
{
    static_assert(std::size(Titles) == ColumnCount);
}

bool ReceiversModel::sameRow(const Row &a, const Row &b)
{
    return a.loop == b.loop && a.receiver.kind == b.receiver.kind &&
           a.receiver.className == b.receiver.className;
}

void ReceiversModel::refresh()
{
    std::vector<Row> next;
    for (Loop *loop : loops()) {
        for (ReceiverRow &receiver : loop->tables().receivers(span()))
            next.push_back({loop, nameOf(*loop), std::move(receiver)});
    }
    replaceRows(m_rows, std::move(next), sameRow);
}

int ReceiversModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString ReceiversModel::text(std::size_t row, int column) const
{
    const ReceiverRow &receiver = m_rows[row].receiver;
    switch (column) {
    case ClassName:
        return receiver.className;
    case LoopName:
        return m_rows[row].loopName;
    case Kind:
        return hasKind(receiver) ? Format::handlerKind(receiver.kind) : Format::none();
    case RunsPerSecond:
        return Format::rate(receiver.perSecond);
    case Total:
        return Format::duration(receiver.total);
    case Max:
        return Format::longest(receiver.max, receiver.maxIsBound);
    case Share:
        return Format::percent(receiver.share);
    default:
        return {};
    }
}

QVariant ReceiversModel::sortValue(std::size_t row, int column) const
{
    const ReceiverRow &receiver = m_rows[row].receiver;
    switch (column) {
    case RunsPerSecond:
        return receiver.perSecond;
    case Total:
        return static_cast<qint64>(receiver.total.count());
    case Max:
        return static_cast<qint64>(receiver.max.count());
    case Share:
        return receiver.share;
    default:
        return text(row, column);
    }
}

bool ReceiversModel::isNumber(int column) const
{
    return column >= RunsPerSecond;
}

QString ReceiversModel::titleTip(int column) const
{
    if (!isNumber(column))
        return {};
    if (span())
        return tr("%1 in the selected span").arg(tr(Titles[column]));
    const bool isRecent = column == RunsPerSecond || column == Share;
    return isRecent ? tr("%1: mean of the last 10 s").arg(tr(Titles[column]))
                    : tr("%1 since the loop was made").arg(tr(Titles[column]));
}

QVariant ReceiversModel::detail(std::size_t row, int role) const
{
    if (role != Qt::ToolTipRole)
        return {};
    return tr("%1 handlers run").arg(Format::count(m_rows[row].receiver.count));
}

} // namespace Flywheel::Monitor
