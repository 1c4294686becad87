// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel::Monitor {

struct CommandLine;

/// Watches without a window, for scripts and tests: records, and at the end prints the figures of the whole
/// time and says which limits they break. Returns the exit code.
int runWatch(int argc, char **argv, const CommandLine &line);

} // namespace Flywheel::Monitor
