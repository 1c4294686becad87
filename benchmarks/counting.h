// SPDX-License-Identifier: MIT
#pragma once

#include "scenario.h"

#include <functional>

namespace Flywheel::Bench {

/// System calls of one operation, counted by strace between the marks that runCounted() sets; in two runs, as
/// instructions are, for a scenario that startsWithMore. Nothing if strace is missing or not permitted here.
std::optional<double> systemCallsPerOperation(const Scenario &scenario, Setting setting);

/// Instructions of one operation in user space, counted by valgrind's callgrind, all threads together: those
/// of a run with twice the operations less those of a run with them once. Nothing if valgrind is missing.
std::optional<double> instructionsPerOperation(const Scenario &scenario, Setting setting);

/// In the child: does what is to be counted.
void runCounted(const std::function<void()> &operations);

/// In the child: lest one that hangs outlives the tool that was wrapped around it.
void endWithTool();

} // namespace Flywheel::Bench
