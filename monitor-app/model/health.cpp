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
    const Health before = m_state;
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
    if (m_state != before)
        m_reason = describe(m_state, vitals);
    return m_state != before;
}

void HealthTracker::setThresholds(const Thresholds &thresholds)
{
    if (thresholds == m_thresholds)
        return;
    m_thresholds = thresholds;
    m_state = Health::Good;
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
    if (vitals.p99 >= p99)
        return QStringLiteral("The handlers' p99 reached %1; the limit is %2.")
            .arg(Format::duration(vitals.p99), Format::duration(p99));
    return QStringLiteral("Calmer than before, but not yet below %1 of the limits.")
        .arg(Format::percent(LeaveShare));
}

} // namespace Flywheel::Monitor
