// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Flywheel::Preload {

/// Copies bytes between the telemetry of the process \a wanted, a process id or a program's name, and
/// standard input and output, until one of them ends. Returns the exit code: 0, or 1 after a line that says
/// why the process cannot be reached.
int relay(const std::string &wanted);

} // namespace Flywheel::Preload
