// SPDX-License-Identifier: MIT
#pragma once

#include "base/pagedarray.h"
#include "platform/uniquefd.h"
#include "poller/kernelsetpoller.h"
#include "poller/kqueue/kqueuewaker.h"

#include <atomic>
#include <vector>

namespace Flywheel {

/// kqueue(2): macOS and the BSDs. An event for each descriptor and direction, level-triggered.
///
/// What kqueues can't watch is in a set for poll(2), which then watches the queue, too: descriptors that
/// EV_ADD refuses, and exceptions where there is no filter for them. EVFILT_EXCEPT knows of out-of-band data,
/// not of hang-ups, so it serves only beside another filter of the same descriptor, which knows; and it
/// reports out-of-band data once and not as long as they are there, for on macOS it would report plain data
/// so.
class KqueuePoller final : public KernelSetPoller
{
public:
    static PollerOrError create(ClockFunction clock);
    ~KqueuePoller() override;

    Poller kind() const override { return Poller::Kqueue; }
    std::error_code add(int fd, Interest interest, std::uint64_t token) override;
    std::error_code modify(int fd, Interest interest, std::uint64_t token) override;
    std::error_code remove(int fd) override;
    std::error_code reset() override;

protected:
    int set() const override { return m_queue.get(); }
    std::error_code openEach() override;
    void closeSets() override;
    void abandon() override;
    bool isOurs() const override { return m_waker.isEnrolled(m_queue.get()); }
    int waitInSet(Nanoseconds timeout) override { return waitInQueue(m_queue.get(), timeout); }
    int waitForWakeUp(Nanoseconds timeout) override;
    void forgetReadiness() override { m_reported = 0; }
    std::span<const ReadyEvent> collect() override;
    void notify() override;

private:
    struct Registration
    {
        std::uint64_t token = 0;
        Interest filters = Interest::None; ///< those that are in the queue
        bool polled = false;               ///< in m_polled
        std::size_t place = 0;             ///< in m_ready, if that has the token there

        bool exists() const { return any(filters) || polled; }
    };

    explicit KqueuePoller(ClockFunction clock);

    std::error_code openQueue(UniqueFd &queue);
    std::error_code enrol(int fd, Registration &registration, Interest interest, std::uint64_t token);
    std::error_code addFilters(int fd, Registration &registration, Interest filters);
    void withdraw(int fd, Registration &registration);
    int waitInQueue(int queue, Nanoseconds timeout);
    void collectQueue();
    void collectHangUps();
    void report(int fd, std::uint64_t token, Interest ready, bool invalid = false);

    KqueueWaker m_waker;
    UniqueFd m_queue;
    UniqueFd m_wakeQueue; ///< for waits that exclude descriptors; made by the first
    // For other threads:
    std::atomic<int> m_target{-1};
    std::atomic<int> m_wakeTarget{-1};

    PagedArray<Registration> m_registrations; ///< by descriptor
    std::vector<Kqueue::Event> m_buffer;
    std::size_t m_reported = 0; ///< so much of m_buffer is of the last wait
    std::vector<pollfd> m_hangUps;
    std::vector<ReadyEvent> m_ready;
};

} // namespace Flywheel
