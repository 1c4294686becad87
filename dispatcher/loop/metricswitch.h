// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/options.h>

namespace Flywheel {

/// Whether a loop with \a options records from the start: FLYWHEEL_METRICS, if it is 0 or 1, else
/// Options::metrics. Any thread.
bool recordsFromTheStart(const Options &options);

} // namespace Flywheel
