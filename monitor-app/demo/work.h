// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace Flywheel::Demo {

/// Computes for \a duration.
void work(std::chrono::nanoseconds duration);

} // namespace Flywheel::Demo
