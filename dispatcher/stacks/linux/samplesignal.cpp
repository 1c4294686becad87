// SPDX-License-Identifier: MIT
#include "stacks/linux/samplesignal.h"

#include "platform/unix/syscalls.h"
#include "stacks/linux/registers.h"
#include "stacks/linux/restartedcall.h"
#include "stacks/linux/threadstate.h"

#include <atomic>
#include <csignal>
#include <ctime>

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace Flywheel {

namespace {

using std::chrono::nanoseconds;

/// Waits for an answer are checked so often.
constexpr nanoseconds Step = std::chrono::microseconds(50);
/// A handler that has begun ends within microseconds, unless its thread gets no processor.
constexpr nanoseconds LongestCopy = std::chrono::milliseconds(50);

enum Phase : std::uint32_t { Idle, Asked, Copying, Copied };

/// The number of the request, which the signal carries too, and its Phase. A signal that comes when its
/// request was given up finds another number or phase.
std::atomic<std::uint32_t> s_request{0};
StackCopy s_copy; ///< no memory until it is used

constexpr std::uint32_t stateOf(std::uint32_t serial, Phase phase)
{
    return serial << 2 | phase;
}

/// In the C library's threads, their own data lie above the stack: it ends there. Not so in the main thread.
std::uint64_t endOfOwnStack(std::uint64_t stackPointer) noexcept
{
    constexpr std::uint64_t LargestStack = std::uint64_t(1) << 30;
    const auto own = static_cast<std::uint64_t>(::pthread_self());
    return own > stackPointer && own - stackPointer < LargestStack ? own : 0;
}

void answer(int, siginfo_t *info, void *contextPointer)
{
    if (info->si_code != SI_QUEUE)
        return;
    const auto serial = static_cast<std::uint32_t>(info->si_value.sival_int);
    std::uint32_t expected = stateOf(serial, Asked);
    if (!s_request.compare_exchange_strong(expected, stateOf(serial, Copying), std::memory_order_acquire))
        return;
    auto &context = *static_cast<ucontext_t *>(contextPointer);
    s_copy.isKnown = 0;
    copyRegisters(s_copy, context);
    copyMemory(s_copy, endOfOwnStack(s_copy.stackPointer));
    s_request.store(stateOf(serial, Copied), std::memory_order_release);
    makeInterruptedCallAgain(context);
}

bool isOurs(const struct sigaction &action)
{
    return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == answer;
}

bool isFree(const struct sigaction &action)
{
    return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

bool takeSignal(int signal)
{
    struct sigaction action = {};
    if (::sigaction(signal, nullptr, &action) != 0)
        return false;
    if (isOurs(action))
        return true;
    if (!isFree(action))
        return false;
    action = {};
    action.sa_sigaction = answer;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    // No other handler runs inside ours; faults are the program's.
    ::sigfillset(&action.sa_mask);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        ::sigdelset(&action.sa_mask, fault);
    return ::sigaction(signal, &action, nullptr) == 0;
}

/// Unlike tgkill(2), with a value.
bool send(pid_t thread, int signal, std::uint32_t serial)
{
    siginfo_t info{};
    info.si_signo = signal;
    info.si_code = SI_QUEUE;
    info.si_pid = ::getpid();
    info.si_uid = ::getuid();
    info.si_value.sival_int = static_cast<int>(serial);
    return ::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), thread, signal, &info) == 0;
}

bool waitUntil(std::uint32_t state, nanoseconds bound)
{
    for (nanoseconds waited{}; waited <= bound; waited += Step) {
        if (s_request.load(std::memory_order_acquire) == state)
            return true;
        const timespec step = toTimespec(Step);
        ::nanosleep(&step, nullptr);
    }
    return s_request.load(std::memory_order_acquire) == state;
}

bool isBeingWritten()
{
    return (s_request.load(std::memory_order_acquire) & 3) == Copying;
}

} // namespace

void copyMemory(StackCopy &copy, std::uint64_t end) noexcept
{
    copy.memoryAt = copy.stackPointer - StackCopy::BelowStackPointer;
    const std::uint64_t there = end == 0 ? copy.memory.size() : end - copy.memoryAt;
    const std::size_t most =
        there < copy.memory.size() ? static_cast<std::size_t>(there) : copy.memory.size();
    copy.bytes = readMemory(copy.memoryAt, copy.memory.data(), most);
    copy.isCut = copy.bytes == copy.memory.size();
}

int sampleSignal()
{
    // The last ones: who wants a real-time signal begins with the first.
    for (int signal = SIGRTMAX - 1; signal > SIGRTMIN; --signal) {
        if (takeSignal(signal))
            return signal;
    }
    return 0;
}

StackCopy *sampleBuffer()
{
    return isBeingWritten() ? nullptr : &s_copy;
}

const StackCopy *copyBySignal(pid_t thread, int signal, nanoseconds bound)
{
    if (isBeingWritten())
        return nullptr; // a thread that got no processor since
    const std::uint32_t serial = ((s_request.load(std::memory_order_relaxed) >> 2) + 1) & 0x3fffffffU;
    s_request.store(stateOf(serial, Asked), std::memory_order_release);
    if (!send(thread, signal, serial) || waitUntil(stateOf(serial, Copied), bound)) {
        const bool isThere = s_request.load(std::memory_order_acquire) == stateOf(serial, Copied);
        return isThere ? &s_copy : nullptr;
    }
    std::uint32_t expected = stateOf(serial, Asked);
    if (s_request.compare_exchange_strong(expected, stateOf(serial, Idle)))
        return nullptr;
    return waitUntil(stateOf(serial, Copied), LongestCopy) ? &s_copy : nullptr;
}

} // namespace Flywheel
