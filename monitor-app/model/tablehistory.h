// SPDX-License-Identifier: MIT
#pragma once

#include "rowhistory.h"
#include "telemetry/protocol/frame.h"

#include <QtCore/qstring.h>

#include <optional>
#include <tuple>
#include <vector>

namespace Flywheel::Monitor {

/// How much is known about a row. A publisher's table has a fixed size. A row that makes room and comes back
/// begins at 0; what it did before is part of "(others)".
struct RowKnowledge
{
    bool rate = true;          ///< false: the rate and the share are not known
    bool rateIsLeast = false;  ///< rate and share, and the figures of a span, may be higher
    bool totalIsLeast = false; ///< the figures since the loop was made may be higher
    bool operator==(const RowKnowledge &) const = default;
};

/// What the receivers of one class and kind cost in a span of time.
struct ReceiverRow
{
    QString className;
    HandlerKind kind = HandlerKind::Timer;
    std::uint64_t count = 0;
    double perSecond = 0;
    Duration total{};
    double share = 0; ///< of the loop's time, 0 to 1
    Duration max{};
    bool maxIsBound = false; ///< the real maximum in the span is not known, but not longer than this
    RowKnowledge known;
};

/// What one timer cost in a span of time.
struct TimerRow
{
    QString className;
    QString objectName;
    std::int64_t id = 0;
    Duration interval{};
    Qt::TimerType type = Qt::PreciseTimer;
    std::uint64_t fired = 0;
    double perSecond = 0;
    Duration total{};
    Duration mean{};
    double share = 0;
    Duration max{};
    bool maxIsBound = false;
    Duration latenessMean{};
    std::optional<Duration> latenessP99; ///< since the timer was first seen; none for a span
    RowKnowledge known;
};

/// How the tables of receivers and timers of one loop grew, so that it can return tables for any span of
/// time. Tables arrive about once a second, so a span is widened to the tables around it. Of older times
/// fewer tables are kept.
class TableHistory
{
public:
    static constexpr Duration Recent = std::chrono::seconds(10);

    void addReceivers(Time time, const std::vector<ReceiverStats> &rows);
    void addTimers(Time time, const std::vector<TimerStats> &rows);
    /// Sets the current time. Call it also when no table has arrived, because tables arrive only when they
    /// change.
    void advance(Time time) { m_now = time; }
    void clear() { *this = {}; }

    /// Returns the rows of \a span, the most expensive first, without rows that did not run in it. Without a
    /// span, returns totals since the loop was made, with rates and shares of the last Recent. If a row came
    /// into the table within the span, its rates and shares are of the time since.
    std::vector<ReceiverRow> receivers(const std::optional<TimeSpan> &span) const;
    std::vector<TimerRow> timers(const std::optional<TimeSpan> &span) const;

    /// The rows that were sent last; a recording needs them for its key frames.
    const std::vector<ReceiverStats> &latestReceivers() const { return m_latestReceivers; }
    const std::vector<TimerStats> &latestTimers() const { return m_latestTimers; }

private:
    using ReceiverKey = std::tuple<std::string, HandlerKind>;
    using TimerKey = std::tuple<std::string, std::string, Duration, Qt::TimerType, std::int64_t>;

    void renameRestarted(const std::vector<TimerStats> &rows);
    TimeSpan recent() const;

    Time m_now{};
    RowHistory<ReceiverKey> m_receivers;
    RowHistory<TimerKey> m_timers;
    std::vector<ReceiverStats> m_latestReceivers;
    std::vector<TimerStats> m_latestTimers;
};

} // namespace Flywheel::Monitor
