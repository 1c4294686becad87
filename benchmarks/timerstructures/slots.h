// SPDX-License-Identifier: MIT
#pragma once

#include "timers/deadlineheap.h"

#include <cstdint>
#include <vector>

namespace Flywheel::Bench {

inline constexpr std::uint32_t None = UINT32_MAX;

/// What TimerQueue keeps of a timer besides its place in the order.
struct Payload
{
    std::uint64_t object, interval;
    std::uint32_t id, generation, link, previous;
};

/// A timer's slot: the payload, and what a structure wants to have beside it.
template <typename Node>
struct Slot
{
    Payload payload;
    [[no_unique_address]] Node node;
};

template <typename Node>
using Slots = std::vector<Slot<Node>>;

/// Nothing: for structures that keep everything elsewhere.
struct NoNode
{
};

} // namespace Flywheel::Bench
