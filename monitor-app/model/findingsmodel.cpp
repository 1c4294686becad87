// SPDX-License-Identifier: MIT
#include "findingsmodel.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

constexpr const char *Titles[] = {"Loop", "What happens", "Figure", "What to do"};

} // namespace

FindingsModel::FindingsModel(QObject *parent) : LoopTableModel(Titles, parent)
{
    static_assert(std::size(Titles) == ColumnCount);
}

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

QString FindingsModel::text(std::size_t row, int column) const
{
    switch (column) {
    case LoopName:
        return m_rows[row].loopName;
    case Cause:
        return m_rows[row].finding.cause;
    case Figure:
        return m_rows[row].finding.figure;
    case Advice:
        return m_rows[row].finding.advice;
    default:
        return {};
    }
}

QVariant FindingsModel::sortValue(std::size_t row, int column) const
{
    return column == Figure ? QVariant(m_rows[row].finding.weight) : QVariant(text(row, column));
}

QString FindingsModel::title(int column) const
{
    return column == Figure && !span() ? tr("Figure, %1").arg(Format::interval(Loop::FindingsWindow))
                                       : LoopTableModel::title(column);
}

bool FindingsModel::isNumber(int) const
{
    return false;
}

QVariant FindingsModel::detail(std::size_t row, int role) const
{
    const Finding &finding = m_rows[row].finding;
    switch (role) {
    case Qt::ToolTipRole:
        return Format::literally(detail(row, TextRole).toString());
    case TextRole:
        return QStringLiteral("%1: %2 %3. %4")
            .arg(m_rows[row].loopName, finding.cause, finding.figure, finding.advice);
    case LoopRole:
        return QVariant::fromValue(m_rows[row].loop.data());
    case FindingViewRole:
        return static_cast<int>(finding.view);
    case FindingSubjectRole:
        return finding.subject;
    default:
        return {};
    }
}

} // namespace Flywheel::Monitor
