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

/// A table about the selected loops, and about the selected span of time if there is one. Its rows are copies
/// that change in refresh() only, so that a view can be paused. A row keeps its place while it exists, so
/// that selections stay. Sort and filter with a QSortFilterProxyModel by SortRole.
class LoopTableModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    /// Sets the loops or the span, and refreshes.
    void setLoops(const QList<Loop *> &loops);
    /// Nothing means that no span is selected.
    void setSpan(const std::optional<TimeSpan> &span);
    const std::optional<TimeSpan> &span() const { return m_span; }
    /// Copies the current rows.
    virtual void refresh() = 0;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    /// \a titles has one text for each column, and must exist as long as the program.
    LoopTableModel(std::span<const char *const> titles, QObject *parent);

    /// The loops that still exist.
    QList<Loop *> loops() const;
    /// "main", with the program's name in front if the loops belong to several programs.
    QString nameOf(const Loop &loop) const;
    /// The title of a column. For live figures it contains the time that they are about.
    virtual QString title(int column) const;
    /// Lines of a tooltip that say why figures of a row are "–" or "≥"; empty if they are neither.
    static QString knowledgeTip(const RowKnowledge &known);
    /// Replaces \a rows by \a next with as few signals as possible. \a same(a, b) returns whether two rows
    /// are about the same thing. Rows that stay keep their order; new ones come last.
    template <typename Row, typename Same>
    void replaceRows(std::vector<Row> &rows, std::vector<Row> next, Same same)
    {
        replaceRows(rows, std::move(next), same, [](Row &row, Row &&fresh) { row = std::move(fresh); });
    }
    /// \a renew(row, fresh) takes from \a fresh what is new of a row that stays.
    template <typename Row, typename Same, typename Renew>
    void replaceRows(std::vector<Row> &rows, std::vector<Row> next, Same same, Renew renew);

private:
    // The cells of a row; the row exists.
    virtual QString text(std::size_t row, int column) const = 0;
    /// The value to sort the row by.
    virtual QVariant sortValue(std::size_t row, int column) const = 0;
    /// True if the texts of a column are numbers.
    virtual bool isNumber(int column) const = 0;
    /// The full title of a column with the time that its figures are about, for a tooltip; empty for no
    /// tooltip.
    virtual QString titleTip(int) const { return {}; }
    /// The value of the row under any other role; the same in all columns.
    virtual QVariant detail(std::size_t row, int role) const = 0;

    const std::span<const char *const> m_titles;
    QList<QPointer<Loop>> m_loops;
    std::optional<TimeSpan> m_span;
};

template <typename Row, typename Same, typename Renew>
void LoopTableModel::replaceRows(std::vector<Row> &rows, std::vector<Row> next, Same same, Renew renew)
{
    for (std::size_t i = rows.size(); i-- > 0;) {
        const auto found =
            std::find_if(next.begin(), next.end(), [&](const Row &row) { return same(row, rows[i]); });
        if (found != next.end()) {
            renew(rows[i], std::move(*found));
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
