// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace Flywheel::Test {

/// How often operator new was called in this process so far. Only in programs that compile allocations.cpp
/// in.
std::size_t allocations();

} // namespace Flywheel::Test
