// SPDX-License-Identifier: MIT
#pragma once

#include "platform/uniquefd.h"
#include "poller/epoll/epollwaker.h"
#include "poller/kernelsetpoller.h"

#include <atomic>
#include <vector>

#include <sys/epoll.h>

namespace Flywheel {

/// epoll(7). A wait that excludes sockets has a set of its own, made by the first such wait. A wake-up that
/// one set has reported may be in the other one as well: it is stale and is told from a real one by the wake
/// flag (AbstractPoller::wait).
///
/// Descriptors that the set refuses for reasons of its own (ELOOP: another library's epoll set with many more
/// inside) are polled beside it, and so is everything while the set can't be made.
class EpollPoller final : public KernelSetPoller
{
public:
    static PollerOrError create(ClockFunction clock);
    ~EpollPoller() override;

    Poller kind() const override { return Poller::Epoll; }
    bool isDescriptorExact() const override { return true; }
    std::error_code add(int fd, Interest interest, std::uint64_t token) override;
    std::error_code modify(int fd, Interest interest, std::uint64_t token) override;
    std::error_code remove(int fd) override;

protected:
    int set() const override { return m_set.get(); }
    std::error_code openEach() override;
    void closeSets() override;
    void abandon() override { letGo(); }
    bool isOurs() const override { return m_waker.isEnrolled(m_set.get()); }
    int waitInSet(Nanoseconds timeout) override { return waitIn(m_set.get(), timeout); }
    int waitForWakeUp(Nanoseconds timeout) override;
    void forgetReadiness() override { m_reported = 0; }
    std::span<const ReadyEvent> collect() override;
    void notify() override;

private:
    explicit EpollPoller(ClockFunction clock);

    std::error_code openSet(UniqueFd &set);
    void letGo();
    bool isOwn(int fd) const { return fd == m_set.get() || fd == m_wakeSet.get() || m_waker.has(fd); }
    std::error_code control(int operation, int fd, Interest interest, std::uint64_t token);
    std::error_code settle(int fd, Interest interest, std::uint64_t token, std::error_code error);
    int waitIn(int set, Nanoseconds timeout);

    EpollWaker m_waker;
    UniqueFd m_set;
    UniqueFd m_wakeSet; ///< for waits that exclude descriptors
    // For other threads:
    std::atomic<int> m_target{-1};
    std::atomic<int> m_wakeTarget{-1};

    std::vector<epoll_event> m_buffer;
    std::size_t m_reported = 0; ///< so much of m_buffer is of the last wait
    std::vector<ReadyEvent> m_ready;
};

} // namespace Flywheel
