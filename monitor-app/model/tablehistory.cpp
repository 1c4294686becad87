// SPDX-License-Identifier: MIT
#include "tablehistory.h"

#include <algorithm>
#include <set>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

constexpr std::string_view Others = "(others)";

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

double perSecond(std::uint64_t count, const TimeSpan &span)
{
    const std::chrono::duration<double> length = span.length();
    return length.count() > 0 ? static_cast<double>(count) / length.count() : 0;
}

double shareOf(Duration total, const TimeSpan &span)
{
    if (span.isEmpty())
        return 0;
    return std::min(1.0, static_cast<double>(total.count()) / static_cast<double>(span.length().count()));
}

Duration perRun(Duration total, std::uint64_t count)
{
    return count ? total / static_cast<Duration::rep>(std::min<std::uint64_t>(count, INT64_MAX)) : Duration();
}

/// A mean that was sent, made a sum again, so that spans have means too.
Duration sumOf(Duration mean, std::uint64_t count)
{
    const double sum = static_cast<double>(mean.count()) * static_cast<double>(count);
    return Duration(static_cast<Duration::rep>(std::clamp(sum, 0.0, 4e18)));
}

RowFigures figuresOf(const ReceiverStats &row)
{
    return {.count = row.count, .total = row.total, .max = row.max, .latenessSum = {}, .maxIsBound = false};
}

RowFigures figuresOf(const TimerStats &row)
{
    return {.count = row.fired,
            .total = row.total,
            .max = row.max,
            .latenessSum = sumOf(row.latenessMean, row.fired),
            .maxIsBound = false};
}

auto keyOf(const ReceiverStats &row)
{
    return std::tuple(row.className, row.kind);
}

auto keyOf(const TimerStats &row)
{
    return std::tuple(row.className, row.objectName, Duration(row.interval), row.type, row.id);
}

ReceiverRow receiverRow(const std::tuple<std::string, HandlerKind> &key, const RowFigures &figures)
{
    return {.className = text(std::get<0>(key)),
            .kind = std::get<1>(key),
            .count = figures.count,
            .perSecond = 0,
            .total = figures.total,
            .share = 0,
            .max = figures.max,
            .maxIsBound = figures.maxIsBound,
            .known = {}};
}

template <typename Key>
TimerRow timerRow(const Key &key, const RowFigures &figures)
{
    TimerRow row;
    row.className = text(std::get<0>(key));
    row.objectName = text(std::get<1>(key));
    row.interval = std::get<2>(key);
    row.type = std::get<3>(key);
    row.id = std::get<4>(key);
    row.fired = figures.count;
    row.total = figures.total;
    row.mean = perRun(figures.total, figures.count);
    row.max = figures.max;
    row.maxIsBound = figures.maxIsBound;
    row.latenessMean = perRun(figures.latenessSum, figures.count);
    return row;
}

/// \a marks: of the row; null if nothing is known of how it grew.
template <typename Row>
void setRates(Row &row, const RowMarks *marks, const TimeSpan &span)
{
    if (!marks) {
        row.known = {.rate = false};
        return;
    }
    const RowCoverage coverage = marks->coverage(span.begin, span.end);
    const TimeSpan covered{coverage.since, span.end};
    row.known = {
        .rate = !covered.isEmpty(), .rateIsLeast = coverage.isLeast, .totalIsLeast = marks->totalsAreLeast()};
    if (!row.known.rate)
        return;
    const RowFigures figures = marks->between(covered.begin, covered.end);
    row.perSecond = perSecond(figures.count, covered);
    row.share = shareOf(figures.total, covered);
}

/// The rows of \a table as histories take them, and which of them sums up others.
template <typename Stats, typename Key>
void addTable(RowHistory<Key> &history, Time time, const std::vector<Stats> &table)
{
    std::vector<std::pair<Key, RowFigures>> rows;
    std::optional<Key> sumsUp;
    for (const Stats &row : table) {
        rows.emplace_back(keyOf(row), figuresOf(row));
        if (row.className == Others)
            sumsUp = keyOf(row);
    }
    history.add(time, rows, sumsUp);
}

template <typename Row>
std::vector<Row> sorted(std::vector<Row> rows)
{
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return a.total > b.total; });
    return rows;
}

} // namespace

void TableHistory::addReceivers(Time time, const std::vector<ReceiverStats> &rows)
{
    m_now = std::max(m_now, time);
    addTable(m_receivers, time, rows);
    m_latestReceivers = rows;
}

void TableHistory::addTimers(Time time, const std::vector<TimerStats> &rows)
{
    m_now = std::max(m_now, time);
    renameRestarted(rows);
    addTable(m_timers, time, rows);
    m_latestTimers = rows;
}

/// A timer that was restarted has another id, and is the same row to the publisher.
void TableHistory::renameRestarted(const std::vector<TimerStats> &rows)
{
    std::set<TimerKey> present;
    for (const TimerStats &row : rows)
        present.insert(keyOf(row));
    for (const TimerStats &row : rows) {
        if (m_timers.rows().contains(keyOf(row)))
            continue;
        for (const TimerStats &former : m_latestTimers) {
            TimerKey same = keyOf(former);
            std::get<4>(same) = row.id;
            const bool isSame = same == keyOf(row) && former.fired <= row.fired;
            if (isSame && !present.contains(keyOf(former)) && m_timers.rows().contains(keyOf(former))) {
                m_timers.rename(keyOf(former), keyOf(row));
                break;
            }
        }
    }
}

TimeSpan TableHistory::recent() const
{
    return {m_now - std::min(Recent, m_now), m_now};
}

std::vector<ReceiverRow> TableHistory::receivers(const std::optional<TimeSpan> &span) const
{
    std::vector<ReceiverRow> result;
    const TimeSpan measured = m_receivers.widened(span.value_or(recent()));
    const auto add = [&](const ReceiverKey &key, const RowFigures &shown) {
        ReceiverRow row = receiverRow(key, shown);
        setRates(row, m_receivers.find(key), measured);
        result.push_back(row);
    };
    if (!span) {
        for (const ReceiverStats &row : m_latestReceivers)
            add(keyOf(row), figuresOf(row));
        return sorted(std::move(result));
    }
    for (const auto &[key, marks] : m_receivers.rows()) {
        const RowFigures figures = m_receivers.between(key, measured);
        if (figures.count > 0)
            add(key, figures);
    }
    return sorted(std::move(result));
}

std::vector<TimerRow> TableHistory::timers(const std::optional<TimeSpan> &span) const
{
    std::vector<TimerRow> result;
    const TimeSpan measured = m_timers.widened(span.value_or(recent()));
    const auto add = [&](const TimerKey &key, const RowFigures &shown) -> TimerRow & {
        TimerRow row = timerRow(key, shown);
        setRates(row, m_timers.find(key), measured);
        return result.emplace_back(std::move(row));
    };
    if (!span) {
        for (const TimerStats &row : m_latestTimers)
            add(keyOf(row), figuresOf(row)).latenessP99 = row.latenessP99;
        return sorted(std::move(result));
    }
    for (const auto &[key, marks] : m_timers.rows()) {
        const RowFigures figures = m_timers.between(key, measured);
        if (figures.count > 0)
            add(key, figures);
    }
    return sorted(std::move(result));
}

} // namespace Flywheel::Monitor
