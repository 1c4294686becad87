// SPDX-License-Identifier: MIT
#pragma once

#include "timespan.h"

#include <QtCore/qstring.h>

#include <algorithm>
#include <cstdint>

namespace Flywheel::Monitor {

enum class Health { Good, Busy, Unwell };

/// The limits from which a loop counts as busy or unwell. Plain data, fit for settings.
struct Thresholds
{
    double busyUtilisation = 0.70;
    double unwellUtilisation = 0.90;
    Duration busyP99 = std::chrono::milliseconds(10); ///< of handlers
    Duration unwellP99 = std::chrono::milliseconds(50);
    bool operator==(const Thresholds &) const = default;
};

/// The figures of the last few seconds by which a loop is judged.
struct Vitals
{
    double utilisation = 0;   ///< 0 to 1
    Duration p99{};           ///< of handlers; 0 if too few ran
    std::uint64_t stalls = 0; ///< in the last StallWindow, including one that goes on
    Duration stalled{};       ///< how long they lasted, within that window
    int percentile = 99;      ///< the percentile that p99 contains; a lower one if few handlers ran
    static constexpr Duration StallWindow = std::chrono::seconds(30);

    double stallShare() const
    {
        return static_cast<double>(stalled.count()) / static_cast<double>(StallWindow.count());
    }
};

/// The state of one loop, with hysteresis. A loop enters a state at once when a figure reaches its limit. It
/// leaves the state when all figures have been below 60 % of their limits for 30 s. Stalls are judged
/// separately: one stall in the last 30 s makes a loop busy, more than 1 % of that time in stalls makes it
/// unwell. Reads no clock.
class HealthTracker
{
public:
    static constexpr double LeaveShare = 0.6;
    static constexpr Duration LeaveAfter = std::chrono::seconds(30);
    /// A loop whose share of time in stalls is larger than this is unwell.
    static constexpr double UnwellStallShare = 0.01;

    /// Takes in new figures. Returns true if the state has changed. \a now must not decrease. A gap between
    /// two calls counts as calm time.
    bool update(Time now, const Vitals &vitals);
    Health state() const { return std::max(m_state, m_stallState); }
    /// Like state(), but without stalls.
    Health stateButForStalls() const { return m_state; }
    /// A sentence that says which figure crossed which limit; empty if Good.
    QString reason() const { return m_reason; }
    const Thresholds &thresholds() const { return m_thresholds; }
    /// Starts again as Good, and judges the next figures by the new limits.
    void setThresholds(const Thresholds &thresholds);

private:
    void updateCalm(Time now, const Vitals &vitals);
    void updateStalls(const Vitals &vitals);
    QString describe(Health state, const Vitals &vitals) const;

    Thresholds m_thresholds;
    Health m_state = Health::Good;      ///< without stalls
    Health m_stallState = Health::Good; ///< by stalls only
    QString m_reason;
    Time m_heldUntil{}; ///< the last moment at which the figures were bad enough for m_state
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
