// SPDX-License-Identifier: MIT
#pragma once

#include <bit>

namespace Flywheel {

/// What is asked or known of a descriptor: a set of QSocketNotifier's three types.
enum class Interest : unsigned char {
    None = 0,
    Read = 1,
    Write = 2,
    Exception = 4,
    All = Read | Write | Exception,
};

constexpr Interest operator|(Interest a, Interest b)
{
    return static_cast<Interest>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr Interest operator&(Interest a, Interest b)
{
    return static_cast<Interest>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}
constexpr Interest operator~(Interest a)
{
    return static_cast<Interest>(~static_cast<unsigned>(a) & static_cast<unsigned>(Interest::All));
}
constexpr Interest &operator|=(Interest &a, Interest b)
{
    return a = a | b;
}
constexpr Interest &operator&=(Interest &a, Interest b)
{
    return a = a & b;
}
/// True if the set is not empty.
constexpr bool any(Interest a)
{
    return a != Interest::None;
}

/// True for one interest alone.
constexpr bool isSingle(Interest interest)
{
    return std::has_single_bit(static_cast<unsigned>(interest));
}

} // namespace Flywheel
