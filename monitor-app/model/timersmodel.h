// SPDX-License-Identifier: MIT
#pragma once

#include "looptablemodel.h"

namespace Flywheel::Monitor {

/// What each timer costs. Without a span, totals are since the loop was made, rates and shares of the last 10
/// s.
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

    explicit TimersModel(QObject *parent = nullptr);

    void refresh() override;
    int rowCount(const QModelIndex &parent = {}) const override;

private:
    struct Row
    {
        const Loop *loop; ///< to compare only
        QString loopName;
        TimerRow timer;
    };
    static bool sameRow(const Row &a, const Row &b);
    QString text(std::size_t row, int column) const override;
    QVariant sortValue(std::size_t row, int column) const override;
    bool isNumber(int column) const override;
    QString title(int column) const override;
    QString titleTip(int column) const override;
    QVariant detail(std::size_t row, int role) const override;

    std::vector<Row> m_rows;
};

} // namespace Flywheel::Monitor
