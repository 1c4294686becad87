// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel {

/// A dynamic property, true for the QThreads of Flywheel itself: they are none of the program's, so their
/// loops are neither listed nor recorded nor replaced by the launcher.
inline constexpr char InternalThreadProperty[] = "flywheelInternal";

} // namespace Flywheel
