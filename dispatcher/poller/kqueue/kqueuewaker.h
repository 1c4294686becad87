// SPDX-License-Identifier: MIT
#pragma once

#include "platform/unix/wakepipe.h"
#include "poller/kqueue/kqueuecall.h"

#include <system_error>

namespace Flywheel {

/// How other threads end a wait in a kqueue: by an event of EVFILT_USER, or by a pipe where the system has no
/// such filter (OpenBSD, NetBSD before 10).
class KqueueWaker
{
public:
    /// Makes what is needed, if it is not there.
    std::error_code open();
    /// Lets go without closing.
    void abandon() { m_pipe.abandon(); }
    /// Is that a descriptor of its own?
    bool has(int fd) const { return m_pipe.has(fd); }
    /// From now on the queue is woken, too.
    std::error_code enrol(int queue) const;
    /// Is that queue one that was enrolled here?
    bool isEnrolled(int queue) const;

    /// Any thread: ends the wait in both queues; -1 stands for none. False: the numbers mean something else
    /// by now.
    bool wake(int queue, int other) const;

    static bool isWakeUp(const Kqueue::Event &event);
    /// After a wait that reported one.
    void consume();

private:
    WakePipe m_pipe; ///< stays empty where there is EVFILT_USER
};

} // namespace Flywheel
