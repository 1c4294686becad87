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
#include <span>
#include <vector>

namespace Flywheel::Monitor {

/// A table about the loops that are selected and, if one is, the span of time that is selected. Its rows are
/// copies, which change with refresh() only, so that a view can be paused. Rows keep their places while they
/// exist, so that selections stay; sort and filter with a QSortFilterProxyModel over SortRole.
class LoopTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// Both refresh.
    void setLoops(const QList<Loop *> &loops);
    /// Nothing: no span is selected.
    void setSpan(const std::optional<TimeSpan> &span);
    const std::optional<TimeSpan> &span() const { return m_span; }
    /// Takes in what is new.
    virtual void refresh() = 0;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    /// \a titles: one for each column, of static life.
    LoopTableModel(std::span<const char *const> titles, QObject *parent);

    /// Those that still exist.
    QList<Loop *> loops() const;
    /// "main", with the program's name in front where the loops are of several.
    QString nameOf(const Loop &loop) const;
    /// The title of a column; those of live figures name the time that they cover.
    virtual QString title(int column) const;
    /// Why figures of a row are "–" or "≥", as lines of a tooltip; empty if they are neither.
    static QString knowledgeTip(const RowKnowledge &known);
    /// Makes \a rows what \a next is, with as few signals as possible. \a same: whether two rows are about
    /// the same thing. Those that stay keep their order, new ones come last.
    template <typename Row, typename Same>
    void replaceRows(std::vector<Row> &rows, std::vector<Row> next, Same same);

private:
    // What the cells of a row that exists say.
    virtual QString text(std::size_t row, int column) const = 0;
    /// What the row is sorted by.
    virtual QVariant sortValue(std::size_t row, int column) const = 0;
    /// Whether the texts of a column are numbers.
    virtual bool isNumber(int column) const = 0;
    /// The title of a column in full, with the time that its figures cover; for a tooltip. Empty: none.
    virtual QString titleTip(int) const { return {}; }
    /// The same in all columns: what the row says under any other role.
    virtual QVariant detail(std::size_t row, int role) const = 0;

    const std::span<const char *const> m_titles;
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
