// SPDX-License-Identifier: MIT
#pragma once

#include "findings.h"
#include "handlerlog.h"
#include "health.h"
#include "history.h"
#include "stalltext.h"
#include "tablehistory.h"

#include <QtCore/qobject.h>

#include <deque>
#include <optional>
#include <vector>

namespace Flywheel::Monitor {

class Process;

/// One loop of a process, and all that is known about it. Exists as long as its process, also after the loop
/// has ended.
class Loop : public QObject
{
    Q_OBJECT

public:
    /// How many stalls are kept.
    static constexpr std::size_t MaxStalls = 1024;
    /// The time that vitals() are about.
    static constexpr Duration VitalsWindow = std::chrono::seconds(5);
    static constexpr Duration FindingsWindow = std::chrono::seconds(10);

    Loop(Process &process, std::uint64_t id);
    ~Loop() override;

    Process &process() const { return m_process; }
    std::uint64_t id() const { return m_id; }
    /// The thread's name, or "thread 4711" if it has none.
    QString name() const;
    /// "owner", "hosted", "observed"; empty if unknown.
    QString mode() const;
    QString poller() const;
    /// False once a frame has come without this loop.
    bool isRunning() const { return m_running; }
    /// False if the loop's metrics are off, so that its figures do not change.
    bool isMeasured() const { return m_latest.enabled; }

    /// The last frame, without histograms and tables.
    const Telemetry::LoopFrame &latest() const { return m_latest; }
    const LoopHistory &history() const { return m_history; }
    const TableHistory &tables() const { return m_tables; }
    /// The single handlers, as far as they are known (HandlerReader).
    const HandlerLog &handlers() const { return m_handlers; }
    /// Why its journal could not be read, for people; empty if it could, or nobody tried.
    QString handlerProblem() const { return m_handlerProblem; }
    /// The stalls that ended, the oldest first.
    const std::deque<Stall> &stalls() const { return m_stalls; }
    std::vector<Stall> stalls(TimeSpan span) const;
    /// A stall that goes on; none once the loop has ended.
    const std::optional<Stall> &ongoingStall() const { return m_latest.ongoingStall; }
    /// The stall in which the loop or its program ended. It is the last of stalls(), with the duration that
    /// was seen.
    const std::optional<Stall> &fatalStall() const { return m_fatalStall; }
    bool isFatal(const Stall &stall) const { return m_fatalStall && m_fatalStall->number == stall.number; }
    /// True for the loop of the main thread.
    bool isMain() const;
    /// The most posted events and tasks that waited in the last VitalsWindow; nothing if neither can be
    /// counted.
    std::optional<std::uint64_t> queueDepth() const;
    /// False if posted events cannot be counted, so that queueDepth() contains tasks only.
    bool knowsPostedDepth() const { return m_latest.postedDepth.has_value(); }
    /// How many stalls the loop had since it was made, including one that goes on. May be more than are kept.
    std::uint64_t stallCount() const;

    /// The figures of the last VitalsWindow. While the program is silent nothing is measured, because all
    /// that is known is older.
    const SpanFigures &recentFigures() const;
    Health health() const { return m_health.state(); }
    Health healthButForStalls() const { return m_health.stateButForStalls(); }
    QString healthReason() const { return m_health.reason(); }
    const Thresholds &thresholds() const { return m_health.thresholds(); }
    void setThresholds(const Thresholds &thresholds) { m_health.setThresholds(thresholds); }
    /// The last 256 changes of health, the oldest first.
    const std::deque<Crossing> &crossings() const { return m_crossings; }
    /// The findings of the last FindingsWindow. They are renewed once a second, and once more if the loop
    /// ends in a stall; then they stay.
    const std::vector<Finding> &findings() const { return m_findings; }

    /// For HandlerReader and replays.
    void takeHandlers(const HandlerBatch &batch);
    void noteHandlerProblem(const QString &problem) { m_handlerProblem = problem; }
    /// For Process.
    void take(const Telemetry::LoopFrame &frame, WallTime wall);
    void end();
    void reset();
    /// Makes it a loop that has ended, of which no frame has come.
    void describe(const Telemetry::LoopFrame &frame);

Q_SIGNALS:
    void healthChanged(Flywheel::Monitor::Health before, Flywheel::Monitor::Health after);

private:
    void takeStalls(const Telemetry::LoopFrame &frame);
    void takeStall(const Stall &stall);
    const SpanFigures &lastFigures() const;
    void revive();
    Vitals vitals(Time now) const;
    void judge();
    void lookForFindings();
    void findNow(Time now);

    Process &m_process;
    const std::uint64_t m_id;
    Telemetry::LoopFrame m_latest;
    LoopHistory m_history;
    TableHistory m_tables;
    HandlerLog m_handlers;
    QString m_handlerProblem;
    std::deque<Stall> m_stalls;
    std::optional<Stall> m_fatalStall;
    std::uint64_t m_stallCount = 0;
    mutable SpanFigures m_recent; ///< as of m_recentAt
    mutable Time m_recentAt{};
    Time m_judgedAt{};
    HealthTracker m_health;
    std::deque<Crossing> m_crossings;
    std::vector<Finding> m_findings;
    Time m_findingsAt{};
    bool m_running = true;
};

} // namespace Flywheel::Monitor
