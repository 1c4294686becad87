// SPDX-License-Identifier: MIT
#pragma once

#include "looptablemodel.h"

namespace Flywheel::Monitor {

/// Stalls, newest first; one that goes on stands on top, with its running time. TextRole: a paragraph fit for
/// a bug report. BeginRole and DurationRole: where to zoom to.
class StallsModel : public LoopTableModel
{
    Q_OBJECT

public:
    enum Column { Began, Lasted, LoopName, Kind, Receiver, Id, ColumnCount };

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
        qint64 processId;
        std::uint64_t loopId;
        QString loopName;
        Stall stall;
        bool ongoing;
    };
    static bool isBefore(const Row &a, const Row &b);
    std::vector<Row> currentRows() const;
    void removeRow(std::size_t row);
    QString text(const Row &row, int column) const;
    QVariant sortValue(const Row &row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace Flywheel::Monitor
