// SPDX-License-Identifier: MIT
#include "platform/unix/threadinterrupt.h"

#include <csignal>

#include <pthread.h>
#include <unistd.h>
#ifdef __linux__
#    include <sys/syscall.h>
#endif

namespace Flywheel {

namespace {

void ignoreSignal(int) {} // being called is enough: the wait ends

/// True if the signal does nothing but end waits. A handler of the program's stays.
bool takeSignal(int signal)
{
    struct sigaction action
    {
    };
    if (::sigaction(signal, nullptr, &action) != 0)
        return false;
    const bool hasInfo = (action.sa_flags & SA_SIGINFO) != 0;
    if (!hasInfo && action.sa_handler == ignoreSignal)
        return true;
    if (hasInfo || (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN))
        return false;
    action = {};
    action.sa_handler = ignoreSignal;
    action.sa_flags = SA_RESTART; // other system calls of that thread go on; poll(2) and its kind never do
    return ::sigaction(signal, &action, nullptr) == 0;
}

} // namespace

#ifdef __linux__

void ThreadInterrupt::adopt()
{
    m_thread.store(static_cast<pid_t>(::syscall(SYS_gettid)), std::memory_order_relaxed);
}

void ThreadInterrupt::send() const
{
    const pid_t thread = m_thread.load(std::memory_order_relaxed);
    if (thread == 0)
        return;
    for (const int signal : {SIGURG, SIGWINCH}) {
        if (takeSignal(signal)) {
            ::syscall(SYS_tgkill, ::getpid(), thread, signal);
            return;
        }
    }
}

#else

void ThreadInterrupt::adopt()
{
    m_thread.store(::pthread_self(), std::memory_order_relaxed);
}

void ThreadInterrupt::send() const
{
    const pthread_t thread = m_thread.load(std::memory_order_relaxed);
    if (thread == pthread_t())
        return;
    for (const int signal : {SIGURG, SIGWINCH}) {
        if (takeSignal(signal)) {
            ::pthread_kill(thread, signal);
            return;
        }
    }
}

#endif

} // namespace Flywheel
