// SPDX-License-Identifier: MIT
#include "hosting/exactalarm.h"

namespace Flywheel {

bool ExactAlarm::arm(Instant deadline)
{
    if (deadline == m_deadline && m_timer.isOurs())
        return true;
    const bool isArmed = m_timer.set(deadline);
    m_deadline = isArmed ? deadline : Never;
    watch(m_timer.descriptor());
    return isArmed;
}

/// The native dispatcher goes on watching: the next alarm is probably near.
void ExactAlarm::disarm()
{
    if (m_deadline == Never && m_timer.isOurs())
        return;
    m_deadline = Never;
    m_timer.clear();
    watch(m_timer.descriptor());
}

} // namespace Flywheel
