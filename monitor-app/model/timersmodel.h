// SPDX-License-Identifier: MIT
#pragma once

#include "looptablemodel.h"

namespace Flywheel::Monitor {

/// What each timer costs. Without a span: totals since the loop was made, rates and shares of the last 10 s.
class TimersModel : public LoopTableModel
{
    Q_OBJECT

public:
    enum Column {
        Object,
        LoopName,
        Type,
        Interval,
        FiresPerSecond,
        HandlerMean,
        HandlerMax,
        LatenessP99,
        Share,
        ColumnCount
    };

    using LoopTableModel::LoopTableModel;

    void refresh() override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        const Loop *loop; ///< to compare only
        QString loopName;
        TimerRow timer;
    };
    static bool sameRow(const Row &a, const Row &b);
    QString text(const Row &row, int column) const;
    QVariant sortValue(const Row &row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace Flywheel::Monitor
