// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include <sys/syscall.h>
#include <unistd.h>

/// A thread that does something until the test ends, and whose number is known.
class SampledThread
{
public:
    explicit SampledThread(std::function<void(const std::atomic<bool> &isOver)> work)
        : m_thread([this, work = std::move(work)] {
            m_id.store(static_cast<std::uint64_t>(::syscall(SYS_gettid)));
            work(m_isOver);
        })
    {
        while (m_id.load() == 0)
            std::this_thread::yield();
    }
    ~SampledThread() { end(); }
    SampledThread(const SampledThread &) = delete;

    std::uint64_t id() const { return m_id.load(); }
    void end()
    {
        m_isOver.store(true);
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    std::atomic<std::uint64_t> m_id{0};
    std::atomic<bool> m_isOver{false};
    std::thread m_thread;
};
