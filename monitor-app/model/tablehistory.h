// SPDX-License-Identifier: MIT
#pragma once

#include "rowhistory.h"
#include "telemetry/protocol/frame.h"

#include <QtCore/qstring.h>

#include <optional>
#include <tuple>
#include <vector>

namespace Flywheel::Monitor {

/// How much is known of a row. A publisher's table is of fixed size: a row that makes room for another one
/// and comes back begins at 0, and what it did meanwhile is part of "(others)".
struct RowKnowledge
{
    bool rate = true;          ///< false: of the rate and the share nothing is known
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
    bool maxIsBound = false; ///< the longest in the span is not known, only that it is not longer than this
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

/// How the tables of receivers and timers of one loop grew, so that each span of time can have its own.
/// Tables come about once a second, so a span is widened to the tables around it. Of older times fewer are
/// kept.
class TableHistory
{
public:
    static constexpr Duration Recent = std::chrono::seconds(10);

    void addReceivers(Time time, const std::vector<ReceiverStats> &rows);
    void addTimers(Time time, const std::vector<TimerStats> &rows);
    /// It is \a time, whether tables have come or not: they come only when they change.
    void advance(Time time) { m_now = time; }
    void clear() { *this = {}; }

    /// \a span: nothing for the totals since the loop was made, with rates and shares of the last Recent.
    /// Rows without a single run in the span are left out. Most expensive first. Rates and shares of a row
    /// that came into the table within the span are of the time since.
    std::vector<ReceiverRow> receivers(const std::optional<TimeSpan> &span) const;
    std::vector<TimerRow> timers(const std::optional<TimeSpan> &span) const;

    /// As last sent: what a recording needs to stand for itself.
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
