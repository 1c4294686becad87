// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#ifdef Q_OS_UNIX
#    include <signal.h>
#endif

namespace Flywheel {

/// While one exists, threads that the calling thread starts begin with all signals blocked. A thread of ours
/// must take none: the program may block a signal in its own threads and read it elsewhere (signalfd(2),
/// sigwait(3)), or count on system(3) to block SIGCHLD. Faults are left out, they are the thread's own: a
/// crash handler of the program has to see them.
class SignalsBlocked
{
public:
#ifdef Q_OS_UNIX
    SignalsBlocked() noexcept
    {
        sigset_t all;
        ::sigfillset(&all);
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL})
            ::sigdelset(&all, fault);
        ::pthread_sigmask(SIG_SETMASK, &all, &m_former);
    }
    ~SignalsBlocked()
    {
        ::pthread_sigmask(SIG_SETMASK, &m_former, nullptr);
    }

private:
    sigset_t m_former;

public:
#else
    SignalsBlocked() noexcept {}
    ~SignalsBlocked() {}
#endif
    SignalsBlocked(const SignalsBlocked &) = delete;
    SignalsBlocked &operator=(const SignalsBlocked &) = delete;
};

} // namespace Flywheel
