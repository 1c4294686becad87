// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <utility>

namespace Flywheel {

/// How deep in a chain of timers that start timers a handler runs. 0 is outside all timers, 1 the handler of
/// a timer that was started there, and so on: the "timer nesting level" of the HTML Living Standard (8.7,
/// Timers; timer initialization steps). Levels beyond those that matter are not told apart.
enum class NestingLevel : std::uint8_t { Outside = 0, Deepest = 14, Unclamped = 15 };

/// The level of a timer's handler, given that of the handler which started it. A repeating timer starts
/// itself anew in its own handler. Unclamped timers stay so.
constexpr NestingLevel deeper(NestingLevel level)
{
    return level >= NestingLevel::Deepest ? level : NestingLevel(static_cast<std::uint8_t>(level) + 1);
}

/// The level of the handler that started a timer, given that of its own.
constexpr NestingLevel shallower(NestingLevel level)
{
    return level >= NestingLevel::Deepest ? level : NestingLevel(static_cast<std::uint8_t>(level) - 1);
}

/// What an interval becomes that is started in a handler of \a level: deeper than level 5, at least 4 ms
/// (same place).
constexpr Nanoseconds clampNested(Nanoseconds interval, NestingLevel level)
{
    constexpr Nanoseconds shortest = std::chrono::milliseconds(4);
    const bool isDeep = level > NestingLevel(5) && level != NestingLevel::Unclamped;
    return isDeep && interval < shortest ? shortest : interval;
}

/// The level of the running handler, for as long as it runs.
class NestingScope
{
public:
    NestingScope(NestingLevel &current, NestingLevel level)
        : m_current(current)
        , m_former(std::exchange(current, level))
    {
    }
    ~NestingScope() { m_current = m_former; }
    NestingScope(const NestingScope &) = delete;

private:
    NestingLevel &m_current;
    const NestingLevel m_former;
};

} // namespace Flywheel
