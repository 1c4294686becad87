// SPDX-License-Identifier: MIT
#include "looptablemodel.h"

#include "process.h"

namespace Flywheel::Monitor {

LoopTableModel::LoopTableModel(std::span<const char *const> titles, QObject *parent)
    : QAbstractItemModel(parent)
    , m_titles(titles)
{
}

void LoopTableModel::setLoops(const QList<Loop *> &loops)
{
    m_loops.clear();
    for (Loop *loop : loops)
        m_loops.push_back(loop);
    refresh();
}

void LoopTableModel::setSpan(const std::optional<TimeSpan> &span)
{
    const bool switched = span.has_value() != m_span.has_value();
    m_span = span;
    refresh();
    if (switched)
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

QList<Loop *> LoopTableModel::loops() const
{
    QList<Loop *> result;
    for (const QPointer<Loop> &loop : m_loops) {
        if (loop)
            result.push_back(loop);
    }
    return result;
}

QString LoopTableModel::nameOf(const Loop &loop) const
{
    return nameAmong(loop, loops());
}

QString LoopTableModel::knowledgeTip(const RowKnowledge &known)
{
    QString tip;
    if (!known.rate)
        tip += tr("\n–: not known yet, since the row has just come into the table");
    if (known.rateIsLeast || known.totalIsLeast)
        tip += tr("\n≥: the program's table is full. This row had to make room for others, or may have had "
                  "to; what it did meanwhile is part of (others)");
    return tip;
}

QModelIndex LoopTableModel::index(int row, int column, const QModelIndex &parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex LoopTableModel::parent(const QModelIndex &) const
{
    return {};
}

int LoopTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_titles.size());
}

QVariant LoopTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case SortRole:
        return sortValue(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default:
        return detail(row, role);
    }
}

QVariant LoopTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::ToolTipRole && !titleTip(section).isEmpty())
        return titleTip(section);
    if (role != Qt::DisplayRole)
        return {};
    return title(section);
}

QString LoopTableModel::title(int column) const
{
    return tr(m_titles[static_cast<std::size_t>(column)]);
}

} // namespace Flywheel::Monitor
