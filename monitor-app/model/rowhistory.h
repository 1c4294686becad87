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

/// The totals of one row, as they grew.
class RowMarks
{
public:
    /// \a first: nothing is known of the time before; otherwise the row was not there at \a former.
    void add(Time time, Time former, bool first, const RowFigures &totals);
    RowFigures between(Time begin, Time end) const;
    Time latest() const { return m_marks.empty() ? Time() : m_marks.back().at; }
    const RowFigures &raw() const { return m_raw; }

private:
    struct Mark
    {
        Time at;
        RowFigures sum;
    };
    const Mark &at(Time time) const;
    void thin();

    std::vector<Mark> m_marks;
    RowFigures m_raw; ///< as last sent; begins anew when a row comes back into its table
};

/// When a table was looked at, in order to widen spans to those moments.
class TableTimes
{
public:
    /// The moment of the table before; 0 if there is none.
    Time add(Time time);
    bool isEmpty() const { return m_times.empty(); }
    /// The last moment up to \a span.begin and the first one from \a span.end on.
    TimeSpan widened(const TimeSpan &span) const;

private:
    std::vector<Time> m_times;
};

/// A table whose rows have keys, as it grew.
template <typename Key>
class RowHistory
{
public:
    static constexpr std::size_t MostRows = 1024;

    /// Once for each table, before its rows.
    void begin(Time time)
    {
        m_first = m_times.isEmpty();
        m_former = m_times.add(time);
        m_time = time;
    }
    void add(const Key &key, const RowFigures &totals)
    {
        m_rows[key].add(m_time, m_former, m_first, totals);
        if (m_rows.size() > MostRows)
            dropOldest();
    }
    TimeSpan widened(const TimeSpan &span) const { return m_times.widened(span); }
    /// All 0 if the row is not known.
    RowFigures between(const Key &key, const TimeSpan &widenedSpan) const
    {
        const auto found = m_rows.find(key);
        return found == m_rows.end() ? RowFigures()
                                     : found->second.between(widenedSpan.begin, widenedSpan.end);
    }
    const std::map<Key, RowMarks> &rows() const { return m_rows; }
    /// The row has got another key.
    void rename(const Key &from, const Key &to)
    {
        auto node = m_rows.extract(from);
        node.key() = to;
        m_rows.insert(std::move(node));
    }

private:
    void dropOldest()
    {
        m_rows.erase(std::min_element(m_rows.begin(), m_rows.end(), [](const auto &a, const auto &b) {
            return a.second.latest() < b.second.latest();
        }));
    }

    TableTimes m_times;
    std::map<Key, RowMarks> m_rows;
    Time m_time{};
    Time m_former{};
    bool m_first = false;
};

} // namespace Flywheel::Monitor
