// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qhash.h>
#include <QtCore/qsortfilterproxymodel.h>

namespace Flywheel::Monitor {

/// Sorts and filters the rows of a model of tables. Titles stand where their column's values do.
class TableProxy : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    TableProxy(QAbstractItemModel *model, QObject *parent);

    /// A title that needs no more room than what stands below it; the tooltip has the whole one.
    void setShortTitle(int section, const QString &title) { m_shortTitles.insert(section, title); }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// What a narrow column cuts off is in its tooltip.
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QHash<int, QString> m_shortTitles;
};

} // namespace Flywheel::Monitor
