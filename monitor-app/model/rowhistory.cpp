// SPDX-License-Identifier: MIT
#include "rowhistory.h"

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t MostMarks = 600;
constexpr std::size_t MostTimes = 2400;
/// How often a publisher looks whether a table has changed.
constexpr Duration TableInterval = 1s;

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

void RowMarks::add(Time time, Time former, bool first, const RowFigures &totals)
{
    if (m_marks.empty()) {
        const RowFigures before = first ? totals : RowFigures();
        m_marks.push_back({first ? time : former, before});
        m_raw = before;
    }
    const bool anew = totals.count < m_raw.count;
    const RowFigures base = anew ? RowFigures() : m_raw;
    RowFigures sum = m_marks.back().sum;
    sum.count += totals.count - base.count;
    sum.total = saturatedSum(sum.total, growth(totals.total, base.total));
    sum.latenessSum = saturatedSum(sum.latenessSum, growth(totals.latenessSum, base.latenessSum));
    sum.max = totals.max;
    const bool changed = sum.count != m_marks.back().sum.count || sum.max != m_marks.back().sum.max;
    m_raw = totals;
    if (!changed)
        return;
    m_marks.push_back({time, sum});
    if (m_marks.size() > MostMarks)
        thinned(m_marks);
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
    return {afterBegin == m_times.begin() ? span.begin : *std::prev(afterBegin),
            end == m_times.end() ? span.end : *end};
}

} // namespace Flywheel::Monitor
