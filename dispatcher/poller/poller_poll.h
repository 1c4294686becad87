// SPDX-License-Identifier: MIT
#pragma once

#include "base/pagedarray.h"
#include "base/uniquefd.h"
#include "poller/poller.h"

#include <atomic>
#include <vector>

#include <poll.h>
#include <sys/types.h>

namespace Flywheel {

/// poll(2): portable, no kernel object but the wake-up pipe, cost linear in the number of descriptors. Starts
/// even when the process is out of descriptors: until the pipe can be had, wake-ups are looked for every 10
/// ms.
class PollPoller final : public AbstractPoller
{
public:
    explicit PollPoller(ClockFunction clock);

    Poller kind() const override { return Poller::Poll; }
    bool hasKernelSet() const override { return false; }
    std::error_code add(int fd, Interest interest, std::uint64_t token) override;
    std::error_code modify(int fd, Interest interest, std::uint64_t token) override;
    std::error_code remove(int fd) override;
    std::error_code reset() override;

protected:
    Outcome doWait(Nanoseconds timeout, WaitFor what) override;
    void notify() override;

private:
    bool openWakePipe();
    void loseWakePipe();
    void drainWakePipe();
    std::uint32_t *placeOf(int fd);
    Outcome collect(std::size_t first, std::size_t last);

    UniqueFd m_wakeRead;
    UniqueFd m_wakeWrite;
    std::atomic<int> m_wakeTarget{-1}; ///< m_wakeWrite for other threads, -1 while there is no pipe
    pid_t m_owner;
    // Parallel, for poll(2) wants its array dense; the wake-up descriptor is the first.
    std::vector<pollfd> m_polled;
    std::vector<std::uint64_t> m_tokens;
    PagedArray<std::uint32_t> m_places; ///< by descriptor: index into m_polled, 0 for none
    std::vector<ReadyEvent> m_ready;
};

} // namespace Flywheel
