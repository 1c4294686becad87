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

/// What a row of a table came to.
struct RowFigures
{
    std::uint64_t count = 0;
    Duration total{};
    Duration max{};
    Duration latenessSum{};
    bool maxIsBound = false; ///< the longest is not known, only that it is not longer than max
};

/// How much of a span a row has figures of.
struct RowCoverage
{
    Time since{};         ///< from here on
    bool isLeast = false; ///< the row may have run more often than was counted
};

/// A moment at which a table came, and what it says of its rows.
struct TableMoment
{
    Time at{};
    Time before{};        ///< of the table before
    Time former{};        ///< as before, or later, when it was the same still
    bool isFirst = false; ///< nothing is known of the time before
    bool isFull = false;  ///< rows have had to make room for others
};

/// The totals of one row, as they grew.
class RowMarks
{
public:
    /// A row whose totals fell, or that was not in the table before though others are full, began anew since
    /// then, at 0.
    void add(const TableMoment &table, const RowFigures &totals);
    /// It had to make room for others.
    void leave();
    bool isIn(Time table) const { return !m_marks.empty() && m_latest == table; }
    RowFigures between(Time begin, Time end) const;
    RowCoverage coverage(Time begin, Time end) const;
    /// Of the last table that had the row.
    Time latest() const { return m_latest; }
    /// As last sent; begins anew when a row comes back into its table.
    const RowFigures &raw() const { return m_raw; }
    /// The publisher's totals are not of all that the row did: it has made room and come back.
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
        Time since; ///< what it has is of the time from here on
        bool isLeast;
        Time until; ///< the last table that had it
    };
    void enter(const TableMoment &table, const RowFigures &totals);
    const Mark &at(Time time) const;

    std::vector<Mark> m_marks;
    std::vector<Entry> m_entries;
    RowFigures m_raw;
    Time m_latest{};
    bool m_totalsAreLeast = false;
};

/// When a table was looked at, in order to widen spans to those moments.
class TableTimes
{
public:
    /// The moment of the table before, or of a look that found no change; 0 if there is none.
    Time add(Time time);
    bool isEmpty() const { return m_times.empty(); }
    /// The last moment up to \a span.begin and the first one from \a span.end on, or the last one at which
    /// the publisher can have looked before it.
    TimeSpan widened(const TimeSpan &span) const;

private:
    std::vector<Time> m_times;
};

/// A table whose rows have keys, as it grew. One row may sum up those that had to make room: the publisher
/// adds all that they ever did to it when they go, of which only what no table had yet is new.
template <typename Key>
class RowHistory
{
public:
    static constexpr std::size_t MostRows = 1024;
    using Row = std::pair<Key, RowFigures>;

    /// \a sumsUp: the row that sums up others, if there is one.
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
    /// All 0 if the row is not known.
    RowFigures between(const Key &key, const TimeSpan &widenedSpan) const
    {
        const RowMarks *const row = find(key);
        return row ? row->between(widenedSpan.begin, widenedSpan.end) : RowFigures();
    }
    const std::map<Key, RowMarks> &rows() const { return m_rows; }
    /// Null if the row is not known.
    const RowMarks *find(const Key &key) const
    {
        const auto found = m_rows.find(key);
        return found == m_rows.end() ? nullptr : &found->second;
    }
    /// The row has got another key.
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
    /// Those that were in the table before and are not in this one.
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
    RowFigures m_gone; ///< of those that made room: what was theirs and came to the sum's row a second time
    Time m_time{};
};

} // namespace Flywheel::Monitor
