// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>

namespace Flywheel {

/// Whether it pays to look for ready descriptors before the host is asked, which looks too: it does while one
/// readiness follows on another. Each look in vain doubles the pause before the next one.
class LookAhead
{
public:
    bool isDue()
    {
        if (m_pause == 0)
            return true;
        --m_pause;
        return false;
    }

    void looked(bool found)
    {
        m_backoff = found ? 0 : std::min(2 * m_backoff + 1, Longest);
        m_pause = m_backoff;
    }

private:
    static constexpr int Longest = 63;

    int m_backoff = 0;
    int m_pause = 0;
};

} // namespace Flywheel
