// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qsortfilterproxymodel.h>

namespace Flywheel::Monitor {

/// LoopsModel, sorted, as the list shows it: beside the number of stalls stands the worst, programs are
/// sorted by the worst of their loops, and tooltips are plain text.
class LoopsProxy : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QVariant sortValue(const QModelIndex &source) const;
};

} // namespace Flywheel::Monitor
