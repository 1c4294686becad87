// SPDX-License-Identifier: MIT
#include "stacks/stacksampler.h"

#include "stacks/linux/registers.h"
#include "stacks/linux/samplesignal.h"
#include "stacks/linux/threadstate.h"

#include <cstdlib>
#include <cstring>

#include <time.h>

namespace Flywheel {

namespace {

constexpr std::chrono::milliseconds LongestWait{10}; ///< for a thread that runs
constexpr int MostAttempts = 4; ///< with a thread that falls asleep and wakes again and again

#if defined(__SANITIZE_THREAD__)
#    define FLYWHEEL_UNDER_TSAN
#elif defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define FLYWHEEL_UNDER_TSAN
#    endif
#endif

/// What is known of it is where it sleeps: its other registers stay in the kernel.
SampledStack copySleeping(pid_t thread, const ThreadState &state)
{
    StackCopy *const copy = sampleBuffer();
    if (!copy)
        return {.problem = "another thread has not ended its copy"};
    copy->isKnown = 0;
    copy->setRegister(StackPointerRegister, state.stackPointer);
    copy->stackPointer = state.stackPointer;
    copy->programCounter = state.programCounter;
    copyMemory(*copy, 0);
    if (copy->bytes == 0)
        return {.problem = "the system does not let its stack be read"};
    if (threadState(thread) != state)
        return {}; // it woke meanwhile
    return {.copy = copy, .systemCall = systemCallName(state.systemCall)};
}

SampledStack copyRunning(pid_t thread)
{
    const int signal = sampleSignal();
    if (signal == 0)
        return {.problem = "the program uses all real-time signals"};
    if (std::string refusal = refusalOfSignal(thread, signal); !refusal.empty())
        return {.problem = std::move(refusal)};
    return {.copy = copyBySignal(thread, signal, LongestWait)};
}

// It holds signals back until a thread comes to a place of its choice.
#ifdef FLYWHEEL_UNDER_TSAN
constexpr bool IsUnderThreadSanitizer = true;
#else
constexpr bool IsUnderThreadSanitizer = false;
#endif

bool isSwitchedOff()
{
    const char *const value = std::getenv("FLYWHEEL_STACKS");
    return value && std::strcmp(value, "0") == 0;
}

} // namespace

std::string stackSamplingProblem()
{
    if (IsUnderThreadSanitizer)
        return "not available under ThreadSanitizer";
    return isSwitchedOff() ? "switched off by FLYWHEEL_STACKS=0" : std::string();
}

SampledStack sampleStack(std::uint64_t threadId)
{
    if (std::string problem = stackSamplingProblem(); !problem.empty())
        return {.problem = std::move(problem)};
    const auto thread = static_cast<pid_t>(threadId);
    for (int attempt = 0; attempt < MostAttempts; ++attempt) {
        const ThreadState state = threadState(thread);
        if (state.activity == ThreadState::Activity::Unknown)
            return {.problem = "the system does not tell what the thread does"};
        SampledStack sample =
            state.activity == ThreadState::Activity::Runs ? copyRunning(thread) : copySleeping(thread, state);
        if (sample.copy || !sample.problem.empty())
            return sample;
    }
    return {.problem = "the thread did not answer in time"};
}

std::optional<ThreadTimes> threadTimesOf(std::uint64_t threadId)
{
    // How the kernel names the processor clock of a thread: pthread_getcpuclockid(3) makes the same of a
    // pthread_t, which must not be used once its thread has ended.
    const auto clock = static_cast<clockid_t>((~static_cast<std::uint32_t>(threadId) << 3) | 6U);
    timespec time{};
    if (threadId == 0 || ::clock_gettime(clock, &time) != 0)
        return std::nullopt;
    return ThreadTimes{std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec),
                       waitedForProcessor(static_cast<pid_t>(threadId))};
}

} // namespace Flywheel
