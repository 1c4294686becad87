// SPDX-License-Identifier: MIT
#pragma once

#include "looptablemodel.h"

namespace Flywheel::Monitor {

/// Stalls, the newest first. A stall that goes on is at the top, with its duration so far. TextRole has a
/// paragraph for a bug report. BeginRole and DurationRole say where to zoom to.
class StallsModel : public LoopTableModel
{
    Q_OBJECT

public:
    enum Column { Began, Lasted, LoopName, Kind, Receiver, Id, ColumnCount };

    explicit StallsModel(QObject *parent = nullptr);

    void refresh() override;
    /// The stall of a row of this model; null if there is no such row. Valid until the next refresh().
    const Stall *stallAt(const QModelIndex &index) const;
    int rowCount(const QModelIndex &parent = {}) const override;

private:
    struct Row
    {
        QPointer<Loop> loop;
        qint64 processId;
        std::uint64_t loopId;
        QString loopName;
        Stall stall;
        bool ongoing;
        bool fatal; ///< its loop ended in it
    };
    static bool isBefore(const Row &a, const Row &b);
    static bool isSame(const Row &a, const Row &b);
    std::vector<Row> currentRows() const;
    void noteEnds(const std::vector<Row> &next);
    void moveRow(std::size_t from);
    void removeRow(std::size_t row);
    QString text(std::size_t row, int column) const override;
    QVariant sortValue(std::size_t row, int column) const override;
    bool isNumber(int column) const override;
    QVariant detail(std::size_t row, int role) const override;

    std::vector<Row> m_rows;
};

} // namespace Flywheel::Monitor
