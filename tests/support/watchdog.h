// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace Flywheel::Test {

/// Ends the process with a message if it still exists when the time is over: a loop that hangs fails its test
/// instead of the whole run. Put one on the stack of each test that runs a loop.
class Watchdog
{
public:
    explicit Watchdog(std::chrono::seconds limit = std::chrono::seconds(20));
    ~Watchdog();

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_done = false;
    std::thread m_thread;
};

} // namespace Flywheel::Test
