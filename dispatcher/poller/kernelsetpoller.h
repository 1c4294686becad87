// SPDX-License-Identifier: MIT
#pragma once

#include "platform/forkcounter.h"
#include "platform/unix/threadinterrupt.h"
#include "poller/poll/pollset.h"
#include "poller/poller.h"

#include <vector>

namespace Flywheel {

/// What pollers have in common whose registrations live in the kernel: the kernel's objects can be missing
/// while the process is out of descriptors, belong to one process, and may be closed behind our back.
///
/// Descriptors that the kernel's set can't watch are in a set for poll(2), which then watches the kernel's
/// set, too.
class KernelSetPoller : public AbstractPoller
{
public:
    bool hasKernelSet() const final { return true; }
    int descriptor() final;
    bool hasUncovered() const final { return !m_polled.isEmpty(); }
    std::error_code reset() override;

protected:
    explicit KernelSetPoller(ClockFunction clock);

    /// Makes the kernel's objects if they are not there: all or none.
    std::error_code open();
    Outcome doWait(Nanoseconds timeout, WaitFor what) final;

    /// The kernel's set, or -1.
    virtual int set() const = 0;
    /// Makes each object and makes the set known as the own descriptor of m_polled; whatever was made before
    /// an error is closed by closeSets().
    virtual std::error_code openEach() = 0;
    /// Closes what holds registrations. What other threads use for wake-ups stays if it can.
    virtual void closeSets() = 0;
    /// Lets go of everything without closing it: the numbers mean something else.
    virtual void abandon() = 0;
    /// Do the numbers still mean our objects? Only asked while open.
    virtual bool isOurs() const = 0;
    /// Waits in the kernel; \a timeout may be Forever or zero. The number of things that happened, or -1 and
    /// errno.
    virtual int waitInSet(Nanoseconds timeout) = 0;
    virtual int waitForWakeUp(Nanoseconds timeout) = 0;
    /// As if the last waitInSet() had found nothing.
    virtual void forgetReadiness() = 0;
    /// What the last wait found, in the set and in m_polled.
    virtual std::span<const ReadyEvent> collect() = 0;

    /// To be asked after an error that the program may have caused by closing our objects. True: it has, and
    /// the next wait will fail, which leads to reset().
    bool noteIfLost();

    /// The thread that waits, for wake-ups whose descriptor is gone.
    ThreadInterrupt m_thread;
    PollSet m_polled; ///< the kernel's set is its own descriptor

    static constexpr std::size_t FirstBufferSize = 16;
    /// For the next wait, if this one may not have got everything.
    template <typename Event>
    static void growIfFull(std::vector<Event> &buffer, std::size_t used)
    {
        constexpr std::size_t LargestBufferSize = 4096;
        if (used == buffer.size() && used < LargestBufferSize)
            buffer.resize(used * 2);
    }

private:
    bool isOpen() const { return m_isOpen; }
    int waitFor(Nanoseconds timeout, WaitFor what);
    int waitForBoth(Nanoseconds timeout);

    ProcessMark m_processMark;
    bool m_isOpen = false;
    bool m_isLost = false;
};

} // namespace Flywheel
