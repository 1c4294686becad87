// SPDX-License-Identifier: MIT
#pragma once

#include "stacks/stackcopy.h"

#include <chrono>
#include <optional>
#include <string>

/// Looks at the stack of another thread of this process, while that thread goes on. Linux on x86-64 and
/// arm64; elsewhere nothing can be had.
///
/// A thread that runs is asked by a signal: its handler copies the registers and up to 64 KiB of the stack,
/// and does nothing else. A thread that sleeps in a system call gets no signal, because that could end the
/// call with EINTR: the system tells where it sleeps, and its stack is read from outside.
namespace Flywheel {

struct SampledStack
{
    const StackCopy *copy = nullptr; ///< valid until the next sample; null: see problem
    std::string systemCall{};        ///< in which it slept: "read"; empty if it ran
    std::string problem{};           ///< why there is none, for people: "the thread blocks the signal"
};

/// Returns why there are no stacks in this process; empty if they can be had. FLYWHEEL_STACKS=0 says so, and
/// so do systems, processors and builds that have no sampler.
std::string stackSamplingProblem();

/// Samples the thread with the system's number \a threadId. Takes less than a tenth of a second, whatever the
/// thread does. Not for two threads at a time, and not for the calling thread.
SampledStack sampleStack(std::uint64_t threadId);

/// What a thread of this process did since it began; in the rest of its time it slept.
struct ThreadTimes
{
    std::chrono::nanoseconds running{}; ///< on a processor
    std::chrono::nanoseconds ready{};   ///< waiting for one; 0 where the system does not tell
};

/// Returns nothing where the system does not tell, or if the thread has ended.
std::optional<ThreadTimes> threadTimesOf(std::uint64_t threadId);

} // namespace Flywheel
