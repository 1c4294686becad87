// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace Flywheel::Test {

/// How often operator new was called in this process so far. Only in programs that compile allocations.cpp
/// in.
std::size_t allocations();

/// How many bytes it gave and operator delete did not take back, as the allocator rounds them.
std::size_t allocatedBytes();

/// Calls \a operation twenty times to warm up, then returns how many allocations a hundred more calls make.
template <typename Operation>
std::size_t allocationsOf(Operation operation)
{
    for (int i = 0; i < 20; ++i)
        operation();
    const std::size_t before = allocations();
    for (int i = 0; i < 100; ++i)
        operation();
    return allocations() - before;
}

} // namespace Flywheel::Test
