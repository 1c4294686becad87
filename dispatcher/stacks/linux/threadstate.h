// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/types.h>

/// What the system tells of another thread of this process.
namespace Flywheel {

struct ThreadState
{
    enum class Activity {
        Unknown, ///< the thread has ended, or the system does not tell
        Runs,
        Sleeps,
    };

    Activity activity = Activity::Unknown;
    long systemCall = -1; ///< Sleeps: its number; -1 outside of any, in a page fault
    std::uint64_t stackPointer = 0;
    std::uint64_t programCounter = 0; ///< behind the instruction that made the call

    bool operator==(const ThreadState &) const = default;
};

ThreadState threadState(pid_t thread);
/// Reads a line of /proc/PID/task/TID/syscall (proc(5)).
ThreadState parseThreadState(const std::string &line);

/// "poll" for its number, "system call 434" for what is not among those that threads usually sleep in, "page
/// fault" for -1.
std::string systemCallName(long number);

/// Returns why \a thread must not get \a signal now, for people; empty if it may. One that blocks the signal
/// would get it some other time, and under a debugger each signal stops the program.
std::string refusalOfSignal(pid_t thread, int signal);

/// How long \a thread could have run, and others had the processors; 0 where the system does not tell.
std::chrono::nanoseconds waitedForProcessor(pid_t thread);

/// Reads this process's memory up to the first address that can't be read. Returns how many bytes. May be
/// called in a signal handler; leaves errno as it was.
std::size_t readMemory(std::uint64_t address, std::byte *into, std::size_t most) noexcept;

} // namespace Flywheel
