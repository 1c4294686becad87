// SPDX-License-Identifier: MIT
#pragma once

namespace Flywheel {

/// How often this process image was fork(2)ed, counted in the child: a loop that sees another number than the
/// one its kernel objects were made under shares them with its parent and must make its own. One relaxed
/// load.
unsigned forkCount() noexcept;

/// What to do around each fork(2), in the forking thread.
struct ForkGuard
{
    void (*before)();
    void (*after)(bool inChild); ///< in the child only what signal handlers may do (pthread_atfork(3))
};

/// For good. Guards that come later are called earlier before a fork, and later after it. One at most of each
/// library.
bool guardForks(const ForkGuard &guard);

} // namespace Flywheel
