// SPDX-License-Identifier: MIT
#include "tableproxy.h"

#include "model/format.h"
#include "model/modelroles.h"
#include "sorttitle.h"

namespace Flywheel::Monitor {

TableProxy::TableProxy(QAbstractItemModel *model, QObject *parent) : QSortFilterProxyModel(parent)
{
    setSourceModel(model);
    setSortRole(SortRole);
    setFilterKeyColumn(-1);
    setFilterCaseSensitivity(Qt::CaseInsensitive);
    // Of a tree: what matches is shown with all around it.
    setRecursiveFilteringEnabled(true);
    setAutoAcceptChildRows(true);
}

QVariant TableProxy::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool isTitle = role == Qt::DisplayRole && orientation == Qt::Horizontal;
    if (isTitle) {
        const QVariant whole = QSortFilterProxyModel::headerData(section, orientation, role);
        const QString title = m_shortTitles.value(section, whole.toString());
        return section == sortColumn()
                   ? besideSortArrow(title, headerData(section, orientation, Qt::TextAlignmentRole))
                   : title;
    }
    if (role == Qt::TextAlignmentRole && orientation == Qt::Horizontal && sourceModel()->rowCount() > 0)
        return sourceModel()->index(0, section).data(role);
    return QSortFilterProxyModel::headerData(section, orientation, role);
}

QVariant TableProxy::data(const QModelIndex &index, int role) const
{
    QVariant own = QSortFilterProxyModel::data(index, role);
    // The model's own tooltips are safe already.
    if (role != Qt::ToolTipRole || own.isValid())
        return own;
    return Format::literally(index.data(Qt::DisplayRole).toString());
}

} // namespace Flywheel::Monitor
