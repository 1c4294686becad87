// SPDX-License-Identifier: MIT
// There is no fork(2) here.
#include "telemetry/publisher/forkguard.h"

namespace Flywheel::Telemetry {

ClosedInChild::ClosedInChild(int) : m_slot(0) {}
ClosedInChild::~ClosedInChild() = default;

NoForkMeanwhile::NoForkMeanwhile() = default;
NoForkMeanwhile::~NoForkMeanwhile() = default;

} // namespace Flywheel::Telemetry
