// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <atomic>
#include <mutex>

namespace Flywheel {

/// What the watchdog has seen of one stall. Times are monotonic.
struct SeenStall
{
    std::chrono::nanoseconds began{};
    std::chrono::nanoseconds firstSeen{}; ///< may be before it was long enough for a stall
    std::chrono::nanoseconds lastSeen{};
    std::chrono::nanoseconds processorTime{}; ///< between the two
    std::chrono::nanoseconds readyTime{};
    std::vector<StackSample> stacks;
    std::vector<StackModule> modules;
    std::string problem;
};

/// Stall::stackProblem while a stack is looked at.
inline constexpr char StackIsPending[] = "the stack is being looked at";

/// What was seen of the stalls of one loop: those that began last, and the longest of the others. The loop
/// itself never touches it.
class StallStacks
{
public:
    static constexpr std::size_t Most = 32;
    static constexpr std::size_t Newest = 8; ///< of them, whatever their length

    /// Adds a stall, or renews what is known of one that goes on.
    void put(const SeenStall &seen);
    /// Tells the stalls in \a snapshot what was seen of them.
    void addTo(LoopSnapshot &snapshot) const;

    /// Before and after a fork(2).
    void lockForFork() { m_mutex.lock(); }
    void unlockAfterFork() { m_mutex.unlock(); }

private:
    void addTo(Stall &stall) const;
    void makeRoom();

    std::atomic<bool> m_isEmpty{true};
    mutable std::mutex m_mutex;
    std::vector<SeenStall> m_seen; ///< by their beginning
};

} // namespace Flywheel
