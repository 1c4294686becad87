// SPDX-License-Identifier: MIT
#pragma once

#include "base/uniquefd.h"
#include "poller/kernelsetpoller.h"

#include <atomic>
#include <vector>

#include <sys/epoll.h>

namespace Flywheel {

/// epoll(7). Two sets: the main one, and one that holds the wake-up descriptor alone, for waits that exclude
/// sockets.
///
/// The wake-up descriptor is an eventfd(2), registered edge-triggered and never read: each write is an edge,
/// so a wake-up costs the loop no read(2). An edge that the other set reported already is stale and is told
/// from a real one by the wake flag (AbstractPoller::wait).
class EpollPoller final : public KernelSetPoller
{
public:
    static PollerOrError create(ClockFunction clock);

    Poller kind() const override { return Poller::Epoll; }
    int descriptor() const override { return m_set.get(); }
    std::error_code add(int fd, Interest interest, std::uint64_t token) override;
    std::error_code modify(int fd, Interest interest, std::uint64_t token) override;
    std::error_code remove(int fd) override;

protected:
    bool isOpen() const override { return bool(m_set); }
    std::error_code openEach() override;
    void closeSets() override;
    void abandon() override;
    bool isOurs() const override;
    int waitInKernel(Nanoseconds timeout, WaitFor what) override;
    std::span<const ReadyEvent> collect() override;
    void notify() override;

private:
    explicit EpollPoller(ClockFunction clock);

    std::error_code control(int operation, int fd, Interest interest, std::uint64_t token);

    UniqueFd m_wakeFd;
    std::atomic<int> m_wakeTarget{-1}; ///< m_wakeFd, for other threads
    UniqueFd m_set;
    UniqueFd m_wakeSet;
    std::vector<epoll_event> m_buffer;
    std::size_t m_reported = 0; ///< so much of m_buffer is of the last wait
    std::vector<ReadyEvent> m_ready;
};

} // namespace Flywheel
