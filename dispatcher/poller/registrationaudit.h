// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <algorithm>
#include <cstddef>

namespace Flywheel {

/// When to look whether the descriptors that are registered with the kernel are still the ones we mean.
///
/// epoll and kqueue drop a descriptor in silence when it is closed, and know nothing of the file that takes
/// its number; poll(2) would answer POLLNVAL at once or watch the new file, and that is what
/// QSocketNotifier's users expect. Handlers close files, so all registrations are renewed after handlers have
/// run and before the loop sleeps. A loop that sleeps and wakes a hundred thousand times a second can't pay
/// for that: a renewal that comes too soon after the last one is left out, and the sleep is limited instead.
/// A loop that stays idle is so woken once more at most, renews, and is left alone for ever.
class RegistrationAudit
{
public:
    /// Renewing takes about 0.3 us a descriptor (epoll_ctl(2)): at most 1.5 % of the time.
    static constexpr Nanoseconds PeriodPerDescriptor = std::chrono::microseconds(20);
    static constexpr Nanoseconds ShortestPeriod = std::chrono::milliseconds(100);
    /// Longer than the intervals of most timers, which so cause no additional wake-up.
    static constexpr Nanoseconds ShortestSleep = std::chrono::seconds(1);
    /// Descriptors to renew at a time: about 20 us.
    static constexpr unsigned Chunk = 64;

    /// May the descriptors be renewed now? \a coarseNow need not be exact.
    bool isDue(Instant coarseNow, std::size_t descriptors) const
    {
        return coarseNow - m_last >= period(descriptors);
    }
    /// How long the loop may sleep if they may not. Much longer than a period, so that it is due afterwards
    /// by any clock.
    static Nanoseconds longestSleep(std::size_t descriptors)
    {
        return std::max(ShortestSleep, 2 * period(descriptors));
    }
    void noteRenewal(Instant coarseNow) { m_last = coarseNow; }

    /// For a loop that somebody else waits for: when to look again, if it may not now. Never: not at all.
    ///
    /// Such a loop can't tell whether handlers ran since it was asked last, or whether its own alarm woke it.
    /// So what happens at the time of the alarm counts as the alarm, and one alarm may follow another, but
    /// no third.
    Instant nextAlarm(Instant coarseNow, std::size_t descriptors)
    {
        if (isAt(coarseNow, m_alarm)) {
            m_lastAlarm = m_alarm;
            ++m_alarmsInARow;
        } else if (!isAt(coarseNow, m_lastAlarm)) {
            m_alarmsInARow = 0;
        }
        m_alarm = m_alarmsInARow > 1 ? Never : coarseNow + longestSleep(descriptors);
        return m_alarm;
    }

private:
    /// The coarse clock lags by up to 10 ms, busy machines are late, and a wake-up may take several passes.
    static bool isAt(Instant now, Instant alarm)
    {
        constexpr Nanoseconds Tolerance = std::chrono::milliseconds(100);
        return now >= alarm - Tolerance && now - Tolerance <= alarm;
    }

    static Nanoseconds period(std::size_t descriptors)
    {
        return std::max(ShortestPeriod, PeriodPerDescriptor * static_cast<Nanoseconds::rep>(descriptors));
    }

    Instant m_last{};
    Instant m_alarm{};
    Instant m_lastAlarm{}; ///< that came
    unsigned m_alarmsInARow = 0;
};

} // namespace Flywheel
