// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

namespace Flywheel {

/// When to look whether the descriptors that are registered with the kernel are still the ones we mean.
///
/// epoll and kqueue drop a descriptor in silence when it is closed, and know nothing of the file that takes
/// its number; poll(2) would answer POLLNVAL at once or watch the new file, and that is what
/// QSocketNotifier's users expect. So a loop that asks its poller renews its registrations, once a second at
/// most, some at a time. A loop that fell idle less than a second after the last look is woken one time
/// more; one that stays idle is left alone.
class RegistrationAudit
{
public:
    static constexpr Nanoseconds Period = std::chrono::seconds(1);
    /// Descriptors to renew at a time: about 20 us of epoll_ctl(2).
    static constexpr unsigned Chunk = 64;

    /// To be called before each wait: how long it may block before this is to be called again.
    /// Zero means: renew now, then wait as long as you like. \a coarseNow need not be exact.
    Nanoseconds allowance(Instant coarseNow)
    {
        const Nanoseconds sinceLast = coarseNow - m_last;
        if (sinceLast < Period)
            return Period - sinceLast;
        m_last = coarseNow;
        return Nanoseconds::zero();
    }

    /// When the next look is due, at the earliest.
    Instant next() const { return m_last + Period; }

private:
    Instant m_last{};
};

} // namespace Flywheel
