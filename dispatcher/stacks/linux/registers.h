// SPDX-License-Identifier: MIT
#pragma once

#include "stacks/stackcopy.h"

#include <ucontext.h>

/// The registers of a thread that a signal interrupted. For signal handlers.
namespace Flywheel {

#if defined(__x86_64__)
inline constexpr std::size_t StackPointerRegister = 7;

/// The numbers are those of DWARF (System V ABI for x86-64, figure 3.36).
inline void copyRegisters(StackCopy &copy, const ucontext_t &context) noexcept
{
    constexpr std::array<int, 16> places = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                            REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                            REG_R12, REG_R13, REG_R14, REG_R15};
    const auto &registers = context.uc_mcontext.gregs;
    for (std::size_t number = 0; number < places.size(); ++number)
        copy.setRegister(number, static_cast<std::uint64_t>(registers[places[number]]));
    copy.stackPointer = static_cast<std::uint64_t>(registers[REG_RSP]);
    copy.programCounter = static_cast<std::uint64_t>(registers[REG_RIP]);
}
#elif defined(__aarch64__)
inline constexpr std::size_t StackPointerRegister = 31;

inline void copyRegisters(StackCopy &copy, const ucontext_t &context) noexcept
{
    for (std::size_t number = 0; number < 31; ++number)
        copy.setRegister(number, context.uc_mcontext.regs[number]);
    copy.setRegister(StackPointerRegister, context.uc_mcontext.sp);
    copy.stackPointer = context.uc_mcontext.sp;
    copy.programCounter = context.uc_mcontext.pc;
}
#endif

} // namespace Flywheel
