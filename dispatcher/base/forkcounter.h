// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel {

/// How often this process image was fork(2)ed, counted in the child: a loop that sees another number than the
/// one its kernel objects were made under shares them with its parent and must make its own. One relaxed
/// load.
unsigned forkCount() noexcept;

} // namespace Flywheel
