// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <QtCore/qstring.h>

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
    double utilisation = 0; ///< 0 to 1
    Duration p99{};         ///< of handlers; 0 if none ran
};

/// The state of one loop, with hysteresis: a state is entered at its limit at once, and left only when all
/// figures have been below 60 % of their limits for 30 s. Depends on nothing but what it is told.
class HealthTracker
{
public:
    static constexpr double LeaveShare = 0.6;
    static constexpr Duration LeaveAfter = std::chrono::seconds(30);

    /// True if the state has changed. \a now ascends; a gap in it counts as calm time.
    bool update(Time now, const Vitals &vitals);
    Health state() const { return m_state; }
    /// Which figure crossed which limit, as a sentence; empty if Good.
    QString reason() const { return m_reason; }
    const Thresholds &thresholds() const { return m_thresholds; }
    /// Judged anew from the next figures on.
    void setThresholds(const Thresholds &thresholds);

private:
    QString describe(Health state, const Vitals &vitals) const;

    Thresholds m_thresholds;
    Health m_state = Health::Good;
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
