// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <optional>

namespace Flywheel::Monitor {

/// Returns \a frame with all names made plain by Format::plain(), or nothing if they are plain already, which
/// is nearly always so. Process uses this for all frames, so that no view has to care about what a name may
/// contain.
std::optional<Telemetry::Frame> withPlainNames(const Telemetry::Frame &frame);
Telemetry::ProcessInfo withPlainNames(Telemetry::ProcessInfo info);

} // namespace Flywheel::Monitor
