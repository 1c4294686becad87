// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace Flywheel::Test {

/// Runs \a body in a child made by fork(2) without exec, and waits for it. True if it returned true. A child
/// that hangs is killed by SIGALRM.
bool succeedsInChild(const std::function<bool()> &body);

/// Runs \a body in such a child, and waits for it. The code with which the body ended the program, 100 if it
/// returned, or minus the number of the signal that killed the child.
int exitCodeOfChild(const std::function<void()> &body);

/// For use in a child: closes every descriptor from 3 on, as daemons do.
void closeAllDescriptors();

} // namespace Flywheel::Test
