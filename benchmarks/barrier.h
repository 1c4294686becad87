// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <mutex>

namespace Flywheel::Bench {

/// Holds threads up until all have come. As std::barrier, whose waits (those of std::atomic) can miss their
/// wake-up in GCC 12's library for Windows.
class Barrier
{
public:
    explicit Barrier(int threads) : m_threads(threads), m_missing(threads) {}

    void arriveAndWait()
    {
        std::unique_lock lock(m_mutex);
        if (--m_missing == 0) {
            m_missing = m_threads;
            ++m_round;
            m_changed.notify_all();
            return;
        }
        m_changed.wait(lock, [this, round = m_round] { return m_round != round; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    const int m_threads;
    int m_missing;
    unsigned m_round = 0;
};

} // namespace Flywheel::Bench
