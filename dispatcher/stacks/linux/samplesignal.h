// SPDX-License-Identifier: MIT
#pragma once

#include "stacks/stackcopy.h"

#include <chrono>

#include <sys/types.h>

/// Asks a thread that runs for a copy of its stack, by a signal. One caller at a time.
namespace Flywheel {

/// Returns the real-time signal that carries requests; 0 if the program uses all of them. Takes one whose
/// action is the default, and never one that the program handles or ignores.
int sampleSignal();

/// Returns the copy, or null if the thread did not take the signal within \a bound. A signal that comes later
/// does nothing. The copy is valid until the next call.
///
/// The signal restarts system calls (SA_RESTART) and runs on the alternate stack of a thread that has one.
const StackCopy *copyBySignal(pid_t thread, int signal, std::chrono::nanoseconds bound);

/// Where copies go; for threads that need no signal. Null while a handler still writes to it.
StackCopy *sampleBuffer();
/// Fills \a copy.memory from the stack pointer on, up to \a end; 0: as far as there is memory. May be called
/// in a signal handler.
void copyMemory(StackCopy &copy, std::uint64_t end) noexcept;

} // namespace Flywheel
