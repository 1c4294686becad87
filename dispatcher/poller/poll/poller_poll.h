// SPDX-License-Identifier: MIT
#pragma once

#include "platform/forkcounter.h"
#include "platform/unix/threadinterrupt.h"
#include "platform/unix/wakepipe.h"
#include "poller/poll/pollset.h"
#include "poller/poller.h"

#include <vector>

namespace Flywheel {

/// poll(2): portable, no kernel object but the wake-up pipe, which the first call that needs it makes; cost
/// linear in the number of descriptors. Starts even when the process is out of descriptors: until the pipe
/// can be had, wake-ups are looked for every 10 ms.
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
    bool openPipe();
    void losePipe();
    void takeWakeUp();
    Outcome collect();

    WakePipe m_pipe;
    unsigned m_brokenPipes = 0;
    ThreadInterrupt m_thread; ///< the one that waits
    ProcessMark m_processMark;
    PollSet m_set; ///< the pipe is its own descriptor
    std::vector<ReadyEvent> m_ready;
};

} // namespace Flywheel
