// SPDX-License-Identifier: MIT
#pragma once

#include "looptablemodel.h"

namespace Flywheel::Monitor {

/// What is worth a look, of the last 10 s or of the span. FindingViewRole and FindingSubjectRole: where it is
/// seen.
class FindingsModel : public LoopTableModel
{
    Q_OBJECT

public:
    enum Column { LoopName, Cause, Figure, Advice, ColumnCount };

    using LoopTableModel::LoopTableModel;

    void refresh() override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        QPointer<Loop> loop;
        QString loopName;
        Finding finding;
    };
    static bool sameRow(const Row &a, const Row &b);
    QString text(const Row &row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace Flywheel::Monitor
