// SPDX-License-Identifier: MIT
#include "loopsproxy.h"

#include "model/format.h"
#include "model/loopsmodel.h"
#include "model/process.h"
#include "sorttitle.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

QString stallsText(const Loop &loop)
{
    if (const auto &stall = loop.ongoingStall())
        return LoopsProxy::tr("%1 now").arg(Format::duration(stall->duration));
    Duration worst{};
    for (const Stall &stall : loop.stalls())
        worst = std::max(worst, stall.duration);
    const QString count = Format::count(loop.stallCount());
    return worst > Duration::zero() ? QStringLiteral("%1 · %2").arg(count, Format::duration(worst)) : count;
}

bool isLess(const QVariant &a, const QVariant &b)
{
    return QVariant::compare(a, b) == QPartialOrdering::Less;
}

} // namespace

QVariant LoopsProxy::data(const QModelIndex &index, int role) const
{
    QVariant own = QSortFilterProxyModel::data(index, role);
    if (role != Qt::DisplayRole || index.column() != LoopsModel::Stalls)
        return own;
    const Loop *loop = index.data(LoopRole).value<Loop *>();
    return loop && !loop->process().isFromJournals() ? stallsText(*loop) : own;
}

QVariant LoopsProxy::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (section == LoopsModel::Stalls && role == Qt::ToolTipRole)
        return tr("Stalls since the loop was made, and the longest of those that are kept");
    QVariant own = QSortFilterProxyModel::headerData(section, orientation, role);
    if (role != Qt::DisplayRole)
        return own;
    const QString title = section == LoopsModel::Stalls ? tr("Stalls · worst") : own.toString();
    if (section != sortColumn())
        return title;
    return besideSortArrow(title, headerData(section, orientation, Qt::TextAlignmentRole));
}

QVariant LoopsProxy::sortValue(const QModelIndex &source) const
{
    const QAbstractItemModel &model = *sourceModel();
    const int loops = source.parent().isValid() ? 0 : model.rowCount(source.siblingAtColumn(0));
    if (loops == 0 || source.column() == LoopsModel::Name)
        return source.data(sortRole());
    QVariant most = model.index(0, source.column(), source.siblingAtColumn(0)).data(sortRole());
    for (int row = 1; row < loops; ++row) {
        const QVariant value = model.index(row, source.column(), source.siblingAtColumn(0)).data(sortRole());
        if (isLess(most, value))
            most = value;
    }
    return most;
}

bool LoopsProxy::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    return isLess(sortValue(left), sortValue(right));
}

} // namespace Flywheel::Monitor
