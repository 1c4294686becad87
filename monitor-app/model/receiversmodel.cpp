// SPDX-License-Identifier: MIT
#include "receiversmodel.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Class", "Loop", "Kind", "Runs", "Total", "Maximum", "Share of loop"};

bool isNumber(int column)
{
    return column >= ReceiversModel::RunsPerSecond;
}

/// The kind of a row that sums up what others had to make room for means nothing.
bool hasKind(const ReceiverRow &receiver)
{
    return receiver.className != QLatin1String("(others)");
}

} // namespace

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

int ReceiversModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ReceiversModel::text(const Row &row, int column) const
{
    const ReceiverRow &receiver = row.receiver;
    switch (column) {
    case ClassName:
        return receiver.className;
    case LoopName:
        return row.loopName;
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

QVariant ReceiversModel::sortValue(const Row &row, int column) const
{
    const ReceiverRow &receiver = row.receiver;
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

QVariant ReceiversModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole)
        return tr("%1 handlers run").arg(Format::count(row.receiver.count));
    return cell(role, text(row, index.column()), sortValue(row, index.column()), isNumber(index.column()));
}

QVariant ReceiversModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return header(Titles, ColumnCount, section, orientation, role);
}

} // namespace Flywheel::Monitor
