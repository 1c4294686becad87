// SPDX-License-Identifier: MIT
#pragma once

#include "findings.h"
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

/// One loop of a process, with all that is known of it. Lives as long as its process, also after the loop has
/// ended.
class Loop : public QObject
{
    Q_OBJECT

public:
    /// How many stalls are kept.
    static constexpr std::size_t MaxStalls = 1024;
    /// What vitals() cover.
    static constexpr Duration VitalsWindow = std::chrono::seconds(5);
    static constexpr Duration FindingsWindow = std::chrono::seconds(10);

    Loop(Process &process, std::uint64_t id);
    ~Loop() override;

    Process &process() const { return m_process; }
    std::uint64_t id() const { return m_id; }
    /// The thread's name, or "thread 4711" where it has none.
    QString name() const;
    /// "owner", "hosted", "observed"; empty if unknown.
    QString mode() const;
    QString poller() const;
    /// False once a frame came without it.
    bool isRunning() const { return m_running; }
    /// False: its metrics are switched off, figures stand still.
    bool isMeasured() const { return m_latest.enabled; }

    /// The last frame's figures, histograms and tables left out.
    const Telemetry::LoopFrame &latest() const { return m_latest; }
    const LoopHistory &history() const { return m_history; }
    const TableHistory &tables() const { return m_tables; }
    /// Those that ended, oldest first.
    const std::deque<Stall> &stalls() const { return m_stalls; }
    std::vector<Stall> stalls(TimeSpan span) const;
    /// One that goes on; none once the loop has ended.
    const std::optional<Stall> &ongoingStall() const { return m_latest.ongoingStall; }
    /// The stall that the loop, or its program, ended in: the last of stalls(), whose duration is what was
    /// seen of it.
    const std::optional<Stall> &fatalStall() const { return m_fatalStall; }
    bool isFatal(const Stall &stall) const { return m_fatalStall && m_fatalStall->number == stall.number; }
    /// Whether it is the one of the main thread.
    bool isMain() const;
    /// Posted events and tasks that waited at most in the last VitalsWindow; nothing if neither could be
    /// counted.
    std::optional<std::uint64_t> queueDepth() const;
    /// False if posted events can't be counted, so that queueDepth() is of tasks alone.
    bool knowsPostedDepth() const { return m_latest.postedDepth.has_value(); }
    /// Since the loop was made, the one that goes on among them; may exceed what is kept.
    std::uint64_t stallCount() const;

    /// The last VitalsWindow. Nothing measured while the program is silent: what is known of it is of before.
    const SpanFigures &recentFigures() const;
    Health health() const { return m_health.state(); }
    Health healthButForStalls() const { return m_health.stateButForStalls(); }
    QString healthReason() const { return m_health.reason(); }
    const Thresholds &thresholds() const { return m_health.thresholds(); }
    void setThresholds(const Thresholds &thresholds) { m_health.setThresholds(thresholds); }
    /// When the health changed, oldest first; the last 256.
    const std::deque<Crossing> &crossings() const { return m_crossings; }
    /// Of the last FindingsWindow; looked at once a second, and when the loop ends in a stall. They stay
    /// then.
    const std::vector<Finding> &findings() const { return m_findings; }

    /// For Process.
    void take(const Telemetry::LoopFrame &frame, WallTime wall);
    void end();
    void reset();

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
