// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace Flywheel::Monitor {

/// The figures of a row of a table.
struct RowFigures
{
    std::uint64_t count = 0;
    Duration total{};
    Duration max{};
    Duration latenessSum{};
    bool maxIsBound = false; ///< the real maximum is not known, but not longer than max
};

/// The part of a span for which a row has figures.
struct RowCoverage
{
    Time since{};         ///< from here on
    bool isLeast = false; ///< the row may have run more often than was counted
};

/// The time at which a table arrived, and what that means for its rows.
struct TableMoment
{
    Time at{};
    Time before{};        ///< of the table before
    Time former{};        ///< like before, or a later time at which the table was still the same
    bool isFirst = false; ///< nothing is known about the time before
    bool isFull = false;  ///< rows had to make room for others
};

/// How the totals of one row grew.
class RowMarks
{
public:
    /// Adds the totals of a row. If the totals have become smaller, or the table is full and did not contain
    /// the row before, the row began again at 0 since then.
    void add(const TableMoment &table, const RowFigures &totals);
    /// Notes that the row had to make room for others.
    void leave();
    bool isIn(Time table) const { return !m_marks.empty() && m_latest == table; }
    RowFigures between(Time begin, Time end) const;
    RowCoverage coverage(Time begin, Time end) const;
    /// The time of the last table that contained the row.
    Time latest() const { return m_latest; }
    /// The totals that were sent last. They begin again at 0 when a row comes back into its table.
    const RowFigures &raw() const { return m_raw; }
    /// True if the row made room and came back, so that the publisher's totals do not contain all that it
    /// did.
    bool totalsAreLeast() const { return m_totalsAreLeast; }

private:
    struct Mark
    {
        Time at;
        RowFigures sum;
    };
    /// The row came into the table.
    struct Entry
    {
        Time at;
        Time since; ///< its figures are about the time from here on
        bool isLeast;
        Time until; ///< the last table that contained it
    };
    void enter(const TableMoment &table, const RowFigures &totals);
    const Mark &at(Time time) const;

    std::vector<Mark> m_marks;
    std::vector<Entry> m_entries;
    RowFigures m_raw;
    Time m_latest{};
    bool m_totalsAreLeast = false;
};

/// The times at which a table was looked at. A span is widened to these times.
class TableTimes
{
public:
    /// Adds a time. Returns the time of the table before, or of a look that found no change; 0 if there is
    /// none.
    Time add(Time time);
    bool isEmpty() const { return m_times.empty(); }
    /// Returns the span from the last time up to \a span.begin to the first time from \a span.end on, or to
    /// the last time before it at which the publisher can have looked.
    TimeSpan widened(const TimeSpan &span) const;

private:
    std::vector<Time> m_times;
};

/// How a table whose rows have keys grew. One row may sum up the rows that had to make room. When a row makes
/// room, the publisher adds its totals to that sum; only the part that no earlier table contained is new.
template <typename Key>
class RowHistory
{
public:
    static constexpr std::size_t MostRows = 1024;
    using Row = std::pair<Key, RowFigures>;

    /// Adds a table. \a sumsUp is the key of the row that sums up others, if there is one.
    void add(Time time, const std::vector<Row> &rows, const std::optional<Key> &sumsUp)
    {
        TableMoment table{.at = time,
                          .before = std::exchange(m_time, time),
                          .isFirst = m_times.isEmpty(),
                          .isFull = sumsUp.has_value()};
        table.former = m_times.add(time);
        for (const auto &[key, totals] : rows) {
            if (key != sumsUp)
                addRow(table, m_rows[key], totals);
        }
        if (table.isFull)
            letGo(table, *sumsUp);
        for (const auto &[key, totals] : rows) {
            if (key == sumsUp)
                addSum(table, m_rows[key], totals);
        }
        while (m_rows.size() > MostRows)
            dropOldest();
    }
    TimeSpan widened(const TimeSpan &span) const { return m_times.widened(span); }
    /// Returns the figures of a row in a span; all are 0 if the row is not known.
    RowFigures between(const Key &key, const TimeSpan &widenedSpan) const
    {
        const RowMarks *const row = find(key);
        return row ? row->between(widenedSpan.begin, widenedSpan.end) : RowFigures();
    }
    const std::map<Key, RowMarks> &rows() const { return m_rows; }
    /// Returns null if the row is not known.
    const RowMarks *find(const Key &key) const
    {
        const auto found = m_rows.find(key);
        return found == m_rows.end() ? nullptr : &found->second;
    }
    /// Gives a row another key.
    void rename(const Key &from, const Key &to)
    {
        auto node = m_rows.extract(from);
        node.key() = to;
        m_rows.insert(std::move(node));
    }

private:
    void goes(const RowFigures &figures)
    {
        m_gone.count += figures.count;
        m_gone.total = saturatedSum(m_gone.total, figures.total);
        m_gone.latenessSum = saturatedSum(m_gone.latenessSum, figures.latenessSum);
    }
    void addRow(const TableMoment &table, RowMarks &row, const RowFigures &totals)
    {
        if (table.isFull && row.isIn(table.before) && totals.count < row.raw().count)
            goes(row.raw()); // and has come back since
        row.add(table, totals);
    }
    /// Handles rows that were in the table before and are not in this one.
    void letGo(const TableMoment &table, const Key &sumsUp)
    {
        for (auto &[key, row] : m_rows) {
            if (table.isFirst || key == sumsUp || !row.isIn(table.before))
                continue;
            goes(row.raw());
            row.leave();
        }
    }
    void addSum(TableMoment table, RowMarks &row, RowFigures totals)
    {
        const auto rest = [](auto all, auto gone, auto before) {
            return std::max(all > gone ? all - gone : decltype(all)(), before);
        };
        totals.count = rest(totals.count, m_gone.count, row.raw().count);
        totals.total = rest(totals.total, m_gone.total, row.raw().total);
        totals.latenessSum = rest(totals.latenessSum, m_gone.latenessSum, row.raw().latenessSum);
        table.isFull = false; // this row never makes room
        row.add(table, totals);
    }
    void dropOldest()
    {
        m_rows.erase(std::min_element(m_rows.begin(), m_rows.end(), [](const auto &a, const auto &b) {
            return a.second.latest() < b.second.latest();
        }));
    }

    TableTimes m_times;
    std::map<Key, RowMarks> m_rows;
    RowFigures m_gone; ///< of rows that made room: totals that are counted again in the sum's row
    Time m_time{};
};

} // namespace Flywheel::Monitor
