// SPDX-License-Identifier: MIT
#include "looptablemodel.h"

#include "process.h"

namespace Flywheel::Monitor {

void LoopTableModel::setLoops(const QList<Loop *> &loops)
{
    m_loops.clear();
    for (Loop *loop : loops)
        m_loops.push_back(loop);
    refresh();
}

void LoopTableModel::setSpan(const std::optional<TimeSpan> &span)
{
    m_span = span;
    refresh();
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
    const bool several = std::any_of(m_loops.begin(), m_loops.end(), [&](const QPointer<Loop> &other) {
        return other && &other->process() != &loop.process();
    });
    return several ? QStringLiteral("%1: %2").arg(loop.process().name(), loop.name()) : loop.name();
}

QVariant LoopTableModel::cell(int role, const QString &text, const QVariant &sortValue, bool number)
{
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case SortRole:
        return sortValue;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default:
        return {};
    }
}

QVariant LoopTableModel::header(const char *const *titles, int count, int section,
                                Qt::Orientation orientation, int role)
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= count)
        return {};
    return tr(titles[section]);
}

} // namespace Flywheel::Monitor
