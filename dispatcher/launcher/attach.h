// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace Flywheel::Preload {

enum class Attachment { Attach, Detach };

/// Lets a debugger load \a module (attachment.cpp) into the process \a wanted, a process id or a program's
/// name, and observe its loops, or ends that. Prints what came of it. Returns the exit code: 0, or 1 if it
/// could not be done.
int attach(Attachment action, const std::string &wanted, const std::string &module);

} // namespace Flywheel::Preload
