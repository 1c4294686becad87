// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace Flywheel::Test {

/// How often operator new was called in this process so far. Only in programs that compile allocations.cpp
/// in.
std::size_t allocations();

/// How many bytes it gave and operator delete did not take back, as the allocator rounds them.
std::size_t allocatedBytes();

} // namespace Flywheel::Test
