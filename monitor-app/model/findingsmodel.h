// SPDX-License-Identifier: MIT
#pragma once

#include "looptablemodel.h"

namespace Flywheel::Monitor {

/// The findings of the last 10 s or of the span. FindingViewRole and FindingSubjectRole say where to see
/// them.
class FindingsModel : public LoopTableModel
{
    Q_OBJECT

public:
    enum Column { LoopName, Cause, Figure, Advice, ColumnCount };

    explicit FindingsModel(QObject *parent = nullptr);

    void refresh() override;
    int rowCount(const QModelIndex &parent = {}) const override;

private:
    struct Row
    {
        QPointer<Loop> loop;
        QString loopName;
        Finding finding;
    };
    static bool sameRow(const Row &a, const Row &b);
    QString text(std::size_t row, int column) const override;
    QVariant sortValue(std::size_t row, int column) const override;
    bool isNumber(int column) const override;
    QString title(int column) const override;
    QVariant detail(std::size_t row, int role) const override;

    std::vector<Row> m_rows;
};

} // namespace Flywheel::Monitor
