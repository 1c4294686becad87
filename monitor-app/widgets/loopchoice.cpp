// SPDX-License-Identifier: MIT
#include "loopchoice.h"

#include "model/process.h"

#include <algorithm>
#include <tuple>

namespace Flywheel::Monitor {

namespace {

constexpr double MainBonus = 0.1; ///< of a core: by so much another one must be busier

auto gravity(const Loop &loop)
{
    const bool stalled = !loop.stalls().empty();
    const double busy = loop.recentFigures().utilisation() + (loop.isMain() ? MainBonus : 0);
    return std::tuple(loop.isRunning(), loop.ongoingStall().has_value(), loop.health(), stalled, busy);
}

} // namespace

Loop *worstOf(const std::vector<Loop *> &loops)
{
    const auto worst = std::max_element(
        loops.begin(), loops.end(), [](const Loop *a, const Loop *b) { return gravity(*a) < gravity(*b); });
    return worst == loops.end() ? nullptr : *worst;
}

} // namespace Flywheel::Monitor
