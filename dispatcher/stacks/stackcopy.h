// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace Flywheel {

/// The registers of a thread and the innermost part of its stack, as they were at one moment. Plain memory: a
/// signal handler fills it, and another thread unwinds it.
struct StackCopy
{
    static constexpr std::size_t MostBytes = std::size_t(64) * 1024;
    /// A function that calls no other may keep things below the stack pointer (x86-64: 128 bytes).
    static constexpr std::size_t BelowStackPointer = 128;

    std::uint64_t programCounter = 0;
    std::uint64_t stackPointer = 0;
    /// By the numbers that DWARF gives the registers of this processor; isKnown has a bit for each.
    std::array<std::uint64_t, 32> registers{};
    std::uint32_t isKnown = 0;

    bool isCut = false;         ///< the stack goes on behind what was copied
    std::uint64_t memoryAt = 0; ///< the address that the copy begins at
    std::size_t bytes = 0;
    alignas(16) std::array<std::byte, MostBytes> memory;

    std::span<const std::byte> contents() const { return {memory.data(), bytes}; }
    void setRegister(std::size_t number, std::uint64_t value)
    {
        registers[number] = value;
        isKnown |= std::uint32_t(1) << number;
    }
};

} // namespace Flywheel
