// SPDX-License-Identifier: MIT
#include "health.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

Duration scaled(Duration duration, double factor)
{
    return Duration(static_cast<Duration::rep>(static_cast<double>(duration.count()) * factor));
}

/// The gravest state of which \a vitals reach a \a share of a limit.
Health reached(const Thresholds &limits, const Vitals &vitals, double share)
{
    const auto beyond = [&](double utilisation, Duration p99) {
        return vitals.utilisation >= utilisation * share || vitals.p99 >= scaled(p99, share);
    };
    if (beyond(limits.unwellUtilisation, limits.unwellP99))
        return Health::Unwell;
    return beyond(limits.busyUtilisation, limits.busyP99) ? Health::Busy : Health::Good;
}

} // namespace

bool HealthTracker::update(Time now, const Vitals &vitals)
{
    const Health before = state();
    updateCalm(now, vitals);
    updateStalls(vitals);
    if (state() != before)
        m_reason = describe(state(), vitals);
    return state() != before;
}

void HealthTracker::updateStalls(const Vitals &vitals)
{
    const double limit = m_stallState == Health::Unwell ? UnwellStallShare * LeaveShare : UnwellStallShare;
    m_stallState = vitals.stalls == 0            ? Health::Good
                   : vitals.stallShare() > limit ? Health::Unwell
                                                 : Health::Busy;
}

void HealthTracker::updateCalm(Time now, const Vitals &vitals)
{
    const Health entered = reached(m_thresholds, vitals, 1);
    const Health held = reached(m_thresholds, vitals, LeaveShare);
    if (entered > m_state)
        m_state = entered;
    if (held >= m_state) {
        m_heldUntil = now;
    } else if (now - m_heldUntil >= LeaveAfter) {
        m_state = held;
        m_heldUntil = now;
    }
}

void HealthTracker::setThresholds(const Thresholds &thresholds)
{
    if (thresholds == m_thresholds)
        return;
    m_thresholds = thresholds;
    m_state = Health::Good;
    m_stallState = Health::Good;
    m_reason.clear();
}

QString HealthTracker::describe(Health state, const Vitals &vitals) const
{
    if (state == Health::Good)
        return {};
    const bool unwell = state == Health::Unwell;
    const double utilisation = unwell ? m_thresholds.unwellUtilisation : m_thresholds.busyUtilisation;
    const Duration p99 = unwell ? m_thresholds.unwellP99 : m_thresholds.busyP99;
    if (vitals.utilisation >= utilisation)
        return QStringLiteral("Utilisation reached %1; the limit is %2.")
            .arg(Format::percent(vitals.utilisation), Format::percent(utilisation));
    if (vitals.p99 >= p99) {
        return QStringLiteral("The handlers' p%1 reached %2; the limit is %3.")
            .arg(vitals.percentile)
            .arg(Format::duration(vitals.p99), Format::duration(p99));
    }
    if (m_stallState == state) {
        return QStringLiteral("%1 in the last %2, %3 of the time; from %4 on it is unwell.")
            .arg(vitals.stalls == 1 ? QStringLiteral("1 stall")
                                    : QStringLiteral("%1 stalls").arg(Format::count(vitals.stalls)),
                 Format::interval(Vitals::StallWindow), Format::percent(vitals.stallShare()),
                 Format::percent(UnwellStallShare));
    }
    return QStringLiteral("Calmer than before, but not yet below %1 of the limits.")
        .arg(Format::percent(LeaveShare));
}

} // namespace Flywheel::Monitor
