// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

#include <sys/types.h>

namespace Flywheel {

/// The last way to wake a thread: ends the system call in which it waits with EINTR, by a signal. For
/// wake-ups whose descriptor was closed by the program or means another file.
///
/// The signal is SIGURG, whose default is to be ignored, so it can harm nobody; should the program handle it,
/// then SIGWINCH, which is like it. A thread that blocks both is not woken.
class ThreadInterrupt
{
public:
    /// The calling thread is the one to interrupt.
    void adopt();
    /// Any thread. Does nothing before adopt().
    void send() const;

private:
#ifdef __linux__
    std::atomic<pid_t> m_thread{0}; ///< a number, and not a pthread_t: the thread may have ended
#else
    std::atomic<pthread_t> m_thread{};
#endif
};

} // namespace Flywheel
