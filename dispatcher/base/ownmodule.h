// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel {

/// Loads a library that comes with Flywheel, for good: from the folder of the library that this function is
/// in, else from wherever the system looks. Null: dlerror() says why not. Any thread.
///
/// Not the bare name alone: sanitizers and profilers wrap dlopen(3), and it is the wrapper's RUNPATH that
/// would count then.
void *loadOwnModule(const char *fileName);

} // namespace Flywheel
