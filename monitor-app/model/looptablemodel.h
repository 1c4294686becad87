// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"
#include "modelroles.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qlist.h>
#include <QtCore/qpointer.h>

#include <optional>

namespace Flywheel::Monitor {

/// A table about the loops that are selected and, if one is, the span of time that is selected. Its rows are
/// copies, which change with refresh() only, so that a view can be paused. Rows keep their places while they
/// exist, so that selections stay; sort and filter with a QSortFilterProxyModel over SortRole.
class LoopTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Both refresh.
    void setLoops(const QList<Loop *> &loops);
    /// Nothing: no span is selected.
    void setSpan(const std::optional<TimeSpan> &span);
    const std::optional<TimeSpan> &span() const { return m_span; }
    /// Takes in what is new.
    virtual void refresh() = 0;

protected:
    /// Those that still exist.
    QList<Loop *> loops() const;

    /// Makes \a rows what \a next is, with as few signals as possible. Rows are the same if `sameRow` of both
    /// says so; those that stay keep their order.
    template <typename Row>
    void replaceRows(std::vector<Row> &rows, std::vector<Row> next);

private:
    QList<QPointer<Loop>> m_loops;
    std::optional<TimeSpan> m_span;
};

} // namespace Flywheel::Monitor
