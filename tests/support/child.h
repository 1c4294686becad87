// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

namespace Flywheel::Test {

/// Runs \a body in a child made by fork(2) without exec, and waits for it. True if it returned true. A child
/// that hangs is killed by SIGALRM.
bool succeedsInChild(const std::function<bool()> &body);

/// For use in a child: closes every descriptor from 3 on, as daemons do.
void closeAllDescriptors();

} // namespace Flywheel::Test
