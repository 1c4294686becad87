// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <optional>

namespace Flywheel::Monitor {

/// \a frame with all names as Format::plain() has them; nothing if they are so already, as they nearly always
/// are. Processes take frames through this, so that no view has to think of what a name may contain.
std::optional<Telemetry::Frame> withPlainNames(const Telemetry::Frame &frame);
Telemetry::ProcessInfo withPlainNames(Telemetry::ProcessInfo info);

} // namespace Flywheel::Monitor
