// SPDX-License-Identifier: MIT
#include "work.h"

namespace Flywheel::Demo {

void work(std::chrono::nanoseconds duration)
{
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {}
}

} // namespace Flywheel::Demo
