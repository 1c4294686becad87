// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <QtCore/qstring.h>

#include <algorithm>
#include <cstdint>

namespace Flywheel::Monitor {

enum class Health { Good, Busy, Unwell };

/// Where a loop stops being well. Plain data: fit for settings.
struct Thresholds
{
    double busyUtilisation = 0.70;
    double unwellUtilisation = 0.90;
    Duration busyP99 = std::chrono::milliseconds(10); ///< of handlers
    Duration unwellP99 = std::chrono::milliseconds(50);
    bool operator==(const Thresholds &) const = default;
};

/// What is judged: figures of the last few seconds.
struct Vitals
{
    double utilisation = 0;   ///< 0 to 1
    Duration p99{};           ///< of handlers; 0 if too few ran
    std::uint64_t stalls = 0; ///< in the last StallWindow; one that goes on is one
    Duration stalled{};       ///< how long they lasted, within that window
    int percentile = 99;      ///< what p99 is in fact: of few handlers a lower one
    static constexpr Duration StallWindow = std::chrono::seconds(30);

    double stallShare() const
    {
        return static_cast<double>(stalled.count()) / static_cast<double>(StallWindow.count());
    }
};

/// The state of one loop, with hysteresis: a state is entered at its limit at once, and left only when all
/// figures have been below 60 % of their limits for 30 s. Stalls speak for themselves: a single one in the
/// last 30 s is "busy", more than 1 % of that time in stalls is "unwell". Depends on nothing but what it is
/// told.
class HealthTracker
{
public:
    static constexpr double LeaveShare = 0.6;
    static constexpr Duration LeaveAfter = std::chrono::seconds(30);
    /// From this share of its time in stalls on a loop is unwell.
    static constexpr double UnwellStallShare = 0.01;

    /// True if the state has changed. \a now ascends; a gap in it counts as calm time.
    bool update(Time now, const Vitals &vitals);
    Health state() const { return std::max(m_state, m_stallState); }
    /// As state(), but stalls do not count.
    Health stateButForStalls() const { return m_state; }
    /// Which figure crossed which limit, as a sentence; empty if Good.
    QString reason() const { return m_reason; }
    const Thresholds &thresholds() const { return m_thresholds; }
    /// Judged anew from the next figures on.
    void setThresholds(const Thresholds &thresholds);

private:
    void updateCalm(Time now, const Vitals &vitals);
    void updateStalls(const Vitals &vitals);
    QString describe(Health state, const Vitals &vitals) const;

    Thresholds m_thresholds;
    Health m_state = Health::Good;      ///< but for stalls
    Health m_stallState = Health::Good; ///< by stalls alone
    QString m_reason;
    Time m_heldUntil{}; ///< the last moment that spoke for m_state
};

/// The moment a loop's state changed.
struct Crossing
{
    Time at;
    Health before;
    Health after;
    QString reason;
};

} // namespace Flywheel::Monitor
