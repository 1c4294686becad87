// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <cstdint>
#include <utility>

namespace Flywheel {

/// How deep a handler is in a chain of timers that start timers: the "timer nesting level" of the HTML Living
/// Standard (8.7, Timers; timer initialization steps). 0 is outside of all timers, 1 is the handler of a
/// timer that was started there, and so on. All levels from Deepest on count as one.
enum class NestingLevel : std::uint8_t { Outside = 0, Deepest = 14, Unclamped = 15 };

/// Returns the level of a timer's handler; \a level is that of the handler that started the timer. A
/// repeating timer starts itself again in its own handler. Unclamped timers stay unclamped.
constexpr NestingLevel deeper(NestingLevel level)
{
    return level >= NestingLevel::Deepest ? level : NestingLevel(static_cast<std::uint8_t>(level) + 1);
}

/// Returns the level of the handler that started a timer; \a level is that of the timer's own handler.
constexpr NestingLevel shallower(NestingLevel level)
{
    return level >= NestingLevel::Deepest ? level : NestingLevel(static_cast<std::uint8_t>(level) - 1);
}

/// Returns the interval of a timer that is started in a handler of \a level. Deeper than level 5 it is at
/// least 4 ms (same standard).
constexpr Nanoseconds clampNested(Nanoseconds interval, NestingLevel level)
{
    constexpr Nanoseconds shortest = std::chrono::milliseconds(4);
    const bool isDeep = level > NestingLevel(5) && level != NestingLevel::Unclamped;
    return isDeep && interval < shortest ? shortest : interval;
}

/// Sets the level of the running handler while it runs.
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
