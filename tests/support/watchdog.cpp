// SPDX-License-Identifier: MIT
#include "support/watchdog.h"

#include <cstdio>
#include <cstdlib>

namespace Flywheel::Test {

Watchdog::Watchdog(std::chrono::seconds limit)
    : m_thread([this, limit] {
        std::unique_lock lock(m_mutex);
        if (m_changed.wait_for(lock, limit, [this] { return m_done; }))
            return;
        std::fprintf(stderr, "FAIL!  : watchdog: the test did not end within %lld s\n",
                     static_cast<long long>(limit.count()));
        std::fflush(nullptr);
        std::_Exit(1);
    })
{
}

Watchdog::~Watchdog()
{
    {
        const std::lock_guard lock(m_mutex);
        m_done = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

} // namespace Flywheel::Test
