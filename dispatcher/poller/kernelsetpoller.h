// SPDX-License-Identifier: MIT
#pragma once

#include "poller/poller.h"

#include <vector>

#include <sys/types.h>

namespace Flywheel {

/// What pollers have in common whose registrations live in the kernel: the kernel's objects can be missing
/// while the process is out of descriptors, belong to one process, and may be closed behind our back.
class KernelSetPoller : public AbstractPoller
{
public:
    bool hasKernelSet() const final { return true; }
    std::error_code reset() override;

protected:
    explicit KernelSetPoller(ClockFunction clock);

    /// Makes the kernel's objects: all or none.
    std::error_code open();
    Outcome doWait(Nanoseconds timeout, WaitFor what) final;

    virtual bool isOpen() const = 0;
    /// Makes each object; whatever was made before an error is closed by closeSets().
    virtual std::error_code openEach() = 0;
    /// Closes what holds registrations. What other threads use for wake-ups stays if it can.
    virtual void closeSets() = 0;
    /// Lets go of everything without closing it: the numbers mean something else.
    virtual void abandon() = 0;
    /// Do the numbers still mean our objects? Only asked while open.
    virtual bool isOurs() const = 0;
    /// Waits in the kernel; \a timeout may be Forever or zero. The number of things that happened, or -1 and
    /// errno.
    virtual int waitInKernel(Nanoseconds timeout, WaitFor what) = 0;
    /// What the last waitInKernel() found, which was not nothing.
    virtual std::span<const ReadyEvent> collect() = 0;

    static constexpr std::size_t FirstBufferSize = 64;
    /// For the next wait, if this one may not have got everything.
    template <typename Event>
    static void growIfFull(std::vector<Event> &buffer, std::size_t used)
    {
        constexpr std::size_t LargestBufferSize = 4096;
        if (used == buffer.size() && used < LargestBufferSize)
            buffer.resize(used * 2);
    }

private:
    pid_t m_owner;
};

} // namespace Flywheel
