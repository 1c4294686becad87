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
    bool ongoing = false; ///< the last one goes on
};

/// Returns who stalled \a loops in \a span (nothing: since they were first seen), the most expensive first. A
/// stall that goes on counts with its duration so far.
std::vector<Culprit> culpritsOf(const QList<Loop *> &loops, const std::optional<TimeSpan> &span);

/// Stalls by culprit, the most expensive first. BeginRole and DurationRole have the worst stall, to zoom to.
/// FindingSubjectRole has the text to filter the table of stalls by. TextRole has a sentence.
class CulpritsModel : public LoopTableModel
{
    Q_OBJECT

public:
    enum Column { Who, LoopName, Kind, Count, Total, Worst, Last, ColumnCount };

    explicit CulpritsModel(QObject *parent = nullptr);

    void refresh() override;
    int rowCount(const QModelIndex &parent = {}) const override;

private:
    struct Row
    {
        QPointer<Loop> loop;
        QString loopName;
        Culprit culprit;
    };
    static bool sameRow(const Row &a, const Row &b);
    QString text(std::size_t row, int column) const override;
    QVariant sortValue(std::size_t row, int column) const override;
    bool isNumber(int column) const override;
    QVariant detail(std::size_t row, int role) const override;

    std::vector<Row> m_rows;
};

} // namespace Flywheel::Monitor
