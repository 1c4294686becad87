// SPDX-License-Identifier: MIT
#pragma once

#include "looptablemodel.h"

namespace Flywheel::Monitor {

/// The stalls of one loop that have the same receiver and kind of handler.
struct Culprit
{
    Loop *loop = nullptr;
    QString who; ///< stallBlame() of each of them
    HandlerKind kind = HandlerKind::Timer;
    std::uint64_t count = 0;
    Duration total{};
    Stall worst;
    Stall last;
    bool ongoing = false;                ///< the last one goes on
    std::vector<const Stall *> stalls{}; ///< the newest first; valid until the loop takes its next frame
};

/// Returns who stalled \a loops in \a span (nothing: since they were first seen), the most expensive first. A
/// stall that goes on counts with its duration so far.
std::vector<Culprit> culpritsOf(const QList<Loop *> &loops, const std::optional<TimeSpan> &span);

/// Stalls by culprit, the most expensive first; below each culprit its single stalls, the newest first.
/// BeginRole and DurationRole have the stall to zoom to: of a culprit the worst. TextRole has a sentence.
class CulpritsModel : public LoopTableModel
{
    Q_OBJECT

public:
    enum Column { Who, LoopName, Kind, Count, Total, Worst, Last, ColumnCount };

    explicit CulpritsModel(QObject *parent = nullptr);

    void refresh() override;
    /// The stall of a row, the worst of a culprit; null if there is no such row. Valid until the next
    /// refresh().
    const Stall *stallAt(const QModelIndex &index) const;
    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex & = {}) const override { return ColumnCount; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    struct SingleStall
    {
        Stall stall;
        bool ongoing;
    };
    struct Row
    {
        quintptr serial; ///< what the indexes of its stalls know it by: its place may change
        QPointer<Loop> loop;
        QString loopName;
        Culprit culprit;
        std::vector<SingleStall> stalls;
    };
    static bool sameRow(const Row &a, const Row &b);
    void renewStalls(Row &row, const QModelIndex &parent);
    void removeStall(Row &row, std::size_t at, const QModelIndex &parent);
    const Row *rowOf(const QModelIndex &stall) const;
    QString stallText(const Row &row, const SingleStall &single, int column) const;
    QVariant stallDetail(const Row &row, const SingleStall &single, int role) const;
    QString text(std::size_t row, int column) const override;
    QVariant sortValue(std::size_t row, int column) const override;
    bool isNumber(int column) const override;
    QVariant detail(std::size_t row, int role) const override;

    std::vector<Row> m_rows;
    quintptr m_lastSerial = 0;
};

} // namespace Flywheel::Monitor
