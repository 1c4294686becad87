// SPDX-License-Identifier: MIT
#pragma once

#include "stacks/linux/threadstate.h"

#include <cerrno>
#include <cstring>

#include <sys/syscall.h>
#include <ucontext.h>

namespace Flywheel {

#if defined(__x86_64__)

/// Whether a system call that our signal has interrupted may be made again: it has done nothing yet, and no
/// signal mask of its own makes it wait for another signal.
inline bool mayBeMadeAgain(long number, const greg_t *registers) noexcept
{
    switch (number) {
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_poll:
    case SYS_select:
    case SYS_epoll_wait:
    case SYS_futex:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_accept:
    case SYS_accept4:
    case SYS_semop:
    case SYS_semtimedop:
    case SYS_msgrcv:
        return true;
    case SYS_ppoll:
        return registers[REG_R10] == 0;
    case SYS_epoll_pwait:
#    ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2:
#    endif
        return registers[REG_R8] == 0;
    case SYS_pselect6:
        return registers[REG_R9] == 0;
    default:
        return false;
    }
}

/// Only a thread that runs gets a signal, but it may go to sleep in just that moment. If its call would then
/// return EINTR in spite of SA_RESTART (signal(7)), the call is made again: the program never sees it.
///
/// The C library loads the call's number right before the instruction, and there it is read: registers do not
/// have it any more.
inline void makeInterruptedCallAgain(ucontext_t &context) noexcept
{
    constexpr std::size_t Length = 7; // mov $number, %eax; syscall
    greg_t *const registers = context.uc_mcontext.gregs;
    if (registers[REG_RAX] != -EINTR)
        return;
    std::byte code[Length];
    const auto behind = static_cast<std::uint64_t>(registers[REG_RIP]);
    if (readMemory(behind - Length, code, Length) != Length)
        return;
    const bool isCall =
        code[0] == std::byte(0xb8) && code[5] == std::byte(0x0f) && code[6] == std::byte(0x05);
    std::uint32_t number = 0;
    std::memcpy(&number, code + 1, sizeof number);
    if (!isCall || !mayBeMadeAgain(static_cast<long>(number), registers))
        return;
    registers[REG_RAX] = number;
    registers[REG_RIP] -= 2;
}

#else

/// The first argument of the call is lost there: nothing can be made again.
inline void makeInterruptedCallAgain(ucontext_t &) noexcept {}

#endif

} // namespace Flywheel
