// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"
#include "modelroles.h"

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qlist.h>
#include <QtCore/qpointer.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

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
    /// "main", with the program's name in front where the loops are of several.
    QString nameOf(const Loop &loop) const;
    /// What a cell says under the roles that are alike for all columns. \a number: its text is a number.
    static QVariant cell(int role, const QString &text, const QVariant &sortValue, bool number);
    static QVariant header(const char *const *titles, int count, int section, Qt::Orientation orientation,
                           int role);

    /// Makes \a rows what \a next is, with as few signals as possible. \a same: whether two rows are about
    /// the same thing. Those that stay keep their order, new ones come last.
    template <typename Row, typename Same>
    void replaceRows(std::vector<Row> &rows, std::vector<Row> next, Same same);

private:
    QList<QPointer<Loop>> m_loops;
    std::optional<TimeSpan> m_span;
};

template <typename Row, typename Same>
void LoopTableModel::replaceRows(std::vector<Row> &rows, std::vector<Row> next, Same same)
{
    for (std::size_t i = rows.size(); i-- > 0;) {
        const auto found =
            std::find_if(next.begin(), next.end(), [&](const Row &row) { return same(row, rows[i]); });
        if (found != next.end()) {
            rows[i] = std::move(*found);
            next.erase(found);
            continue;
        }
        const auto row = static_cast<int>(i);
        beginRemoveRows({}, row, row);
        rows.erase(rows.begin() + row);
        endRemoveRows();
    }
    if (!rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(rows.size()) - 1, columnCount() - 1));
    if (next.empty())
        return;
    const auto first = static_cast<int>(rows.size());
    beginInsertRows({}, first, first + static_cast<int>(next.size()) - 1);
    std::move(next.begin(), next.end(), std::back_inserter(rows));
    endInsertRows();
}

} // namespace Flywheel::Monitor
