// SPDX-License-Identifier: MIT
#pragma once

#include "poller/poller.h"

namespace Flywheel {

/// A poller that this build has.
struct Backend
{
    Poller kind;
    PollerOrError (*create)(ClockFunction clock);
};

/// The default first; the last one can always be had.
std::span<const Backend> backends();

} // namespace Flywheel
