// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel::Monitor {

struct CommandLine;

/// Writes what a recording tells to a file, without a window. Returns the exit code.
int runExport(int argc, char **argv, const CommandLine &line);

} // namespace Flywheel::Monitor
