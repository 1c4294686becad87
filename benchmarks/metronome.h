// SPDX-License-Identifier: MIT
#pragma once

#include "scenario.h"

namespace Flywheel::Bench {

/// A precise timer whose interval is the size, in milliseconds. Yields periodMeanNs and periodMedianNs.
Measurements measurePeriod(const Setting &setting);

} // namespace Flywheel::Bench
