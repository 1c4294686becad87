// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "platform/forkcounter.h"
#include "platform/uniquefd.h"

namespace Flywheel {

/// A descriptor that becomes readable at an instant, to the nanosecond, for whoever waits for descriptors.
/// Only Linux has that; elsewhere set() fails.
///
/// It need not be read: set() and clear() end that it is readable. One thread only.
class ExactTimer
{
public:
    ExactTimer() = default;
    ExactTimer(const ExactTimer &) = delete;
    ~ExactTimer() { drop(); }

    /// Makes the descriptor readable at \a due, and not before; one system call. Makes it anew in a forked
    /// child, which would set its parent's. False: there is none, and descriptor() is -1.
    bool set(Instant due);
    /// It does not become readable, and is not. In a forked child there is none afterwards.
    void clear();

    int descriptor() const { return m_fd.get(); }
    /// False in a child that was forked since.
    bool isOurs() const { return !m_fd || m_process.isSameProcess(); }

private:
    bool open();
    bool arm(Nanoseconds due);
    void drop();

    UniqueFd m_fd;
    ProcessMark m_process;
    [[maybe_unused]] int m_pause = 0; ///< so many calls are refused before the system is asked again
};

} // namespace Flywheel
