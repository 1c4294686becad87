// SPDX-License-Identifier: MIT
#include "findingsmodel.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Loop", "What happens", "Figure", "What to do"};

} // namespace

bool FindingsModel::sameRow(const Row &a, const Row &b)
{
    return a.loop == b.loop && a.finding.kind == b.finding.kind && a.finding.subject == b.finding.subject;
}

void FindingsModel::refresh()
{
    std::vector<Row> next;
    for (Loop *loop : loops()) {
        for (const Finding &finding : span() ? findingsOf(*loop, *span()) : loop->findings())
            next.push_back({loop, nameOf(*loop), finding});
    }
    replaceRows(m_rows, std::move(next), sameRow);
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString FindingsModel::text(const Row &row, int column) const
{
    switch (column) {
    case LoopName:
        return row.loopName;
    case Cause:
        return row.finding.cause;
    case Figure:
        return row.finding.figure;
    case Advice:
        return row.finding.advice;
    default:
        return {};
    }
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const QString shown = text(row, index.column());
    switch (role) {
    case TextRole:
    case Qt::ToolTipRole:
        return QStringLiteral("%1: %2 %3. %4")
            .arg(row.loopName, row.finding.cause, row.finding.figure, row.finding.advice);
    case LoopRole:
        return QVariant::fromValue(row.loop.data());
    case FindingViewRole:
        return static_cast<int>(row.finding.view);
    case FindingSubjectRole:
        return row.finding.subject;
    default:
        return cell(role, shown, index.column() == Figure ? QVariant(row.finding.weight) : QVariant(shown),
                    false);
    }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return header(Titles, ColumnCount, section, orientation, role);
}

} // namespace Flywheel::Monitor
