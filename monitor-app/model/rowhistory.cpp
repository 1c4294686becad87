// SPDX-License-Identifier: MIT
#include "rowhistory.h"

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t MostMarks = 600;
constexpr std::size_t MostTimes = 2400;
constexpr std::size_t MostEntries = 64;
/// How often a publisher looks whether a table has changed.
constexpr Duration TableInterval = 1s;
/// It looks when it sends a frame, so that looks are farther apart than that.
constexpr Duration LongestTableInterval = 1250ms;

/// Of the older half every second one goes.
template <typename T>
void thinned(std::vector<T> &values)
{
    const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    auto keep = values.begin();
    for (auto at = values.begin(); at < half; at += 2)
        *keep++ = std::move(*at);
    values.erase(keep, half);
}

/// How much a total grew. One that fell has begun anew.
template <typename T>
T growth(T now, T before)
{
    return now >= before ? now - before : now;
}

} // namespace

void RowMarks::enter(const TableMoment &table, const RowFigures &totals)
{
    const bool isNew = m_marks.empty();
    const bool isKnownFromHere = isNew && table.isFirst;
    m_raw = isKnownFromHere ? totals : RowFigures();
    if (isNew)
        m_marks.push_back({isKnownFromHere ? table.at : table.former, m_raw});
    m_entries.push_back({.at = table.at,
                         .since = isKnownFromHere ? table.at : table.former,
                         .isLeast = !isKnownFromHere && (table.isFull || !isNew),
                         .until = Time::max()});
    if (m_entries.size() > MostEntries)
        m_entries.erase(m_entries.begin());
    m_totalsAreLeast = table.isFull || !isNew;
}

void RowMarks::leave()
{
    if (!m_entries.empty())
        m_entries.back().until = m_latest;
}

void RowMarks::add(const TableMoment &table, const RowFigures &totals)
{
    if (m_marks.empty() || totals.count < m_raw.count || (table.isFull && !isIn(table.before)))
        enter(table, totals);
    m_latest = table.at;
    const RowFigures base = std::exchange(m_raw, totals);
    RowFigures sum = m_marks.back().sum;
    sum.count += totals.count - base.count;
    sum.total = saturatedSum(sum.total, growth(totals.total, base.total));
    sum.latenessSum = saturatedSum(sum.latenessSum, growth(totals.latenessSum, base.latenessSum));
    sum.max = totals.max;
    const bool changed = sum.count != m_marks.back().sum.count || sum.max != m_marks.back().sum.max;
    if (!changed)
        return;
    m_marks.push_back({table.at, sum});
    if (m_marks.size() > MostMarks)
        thinned(m_marks);
}

RowCoverage RowMarks::coverage(Time begin, Time end) const
{
    const auto after = std::find_if(m_entries.begin(), m_entries.end(),
                                    [end](const Entry &entry) { return entry.at > end; });
    if (after == m_entries.begin())
        return {.since = begin, .isLeast = false};
    const Entry &last = *std::prev(after);
    const bool isLeft = last.until < end;
    if (last.at <= begin)
        return {.since = begin, .isLeast = isLeft};
    return {.since = std::max(begin, last.since), .isLeast = last.isLeast || isLeft};
}

const RowMarks::Mark &RowMarks::at(Time time) const
{
    const auto after = std::upper_bound(m_marks.begin(), m_marks.end(), time,
                                        [](Time wanted, const Mark &mark) { return wanted < mark.at; });
    return after == m_marks.begin() ? m_marks.front() : *std::prev(after);
}

RowFigures RowMarks::between(Time begin, Time end) const
{
    if (m_marks.empty())
        return {};
    const RowFigures &before = at(begin).sum;
    const RowFigures &after = at(end).sum;
    return {.count = after.count - before.count,
            .total = after.total - before.total,
            .max = after.max,
            .latenessSum = after.latenessSum - before.latenessSum,
            .maxIsBound = after.max <= before.max};
}

Time TableTimes::add(Time time)
{
    const Time former = m_times.empty() ? Time() : m_times.back();
    // A table that comes after a pause had not changed until a moment ago.
    if (!m_times.empty() && time - former > 2 * TableInterval)
        m_times.push_back(time - TableInterval);
    const Time before = m_times.empty() ? Time() : m_times.back();
    m_times.push_back(time);
    if (m_times.size() > MostTimes)
        thinned(m_times);
    return before;
}

TimeSpan TableTimes::widened(const TimeSpan &span) const
{
    const auto afterBegin = std::upper_bound(m_times.begin(), m_times.end(), span.begin);
    const auto end = std::lower_bound(m_times.begin(), m_times.end(), span.end);
    const Time begin = afterBegin == m_times.begin() ? span.begin : *std::prev(afterBegin);
    if (end != m_times.end() || m_times.empty())
        return {begin, end == m_times.end() ? span.end : *end};
    // No table since the last one: as far as the publisher has looked, nothing has changed.
    const auto looks = (span.end - m_times.back()) / LongestTableInterval;
    return {begin, m_times.back() + looks * TableInterval};
}

} // namespace Flywheel::Monitor
