// SPDX-License-Identifier: MIT
#include "metrics/stallstacks.h"

#include <algorithm>

namespace Flywheel {

namespace {

/// Two clocks may differ by so much: the recorder's (TickClock) and the watchdog's.
constexpr std::chrono::microseconds Slack{5};

bool isOf(const SeenStall &seen, const Stall &stall)
{
    return seen.lastSeen >= stall.beganMonotonic &&
           seen.lastSeen <= stall.beganMonotonic + stall.duration + Slack;
}

std::chrono::nanoseconds lengthOf(const SeenStall &seen)
{
    return seen.lastSeen - seen.began;
}

} // namespace

void StallStacks::put(const SeenStall &seen)
{
    const std::lock_guard lock(m_mutex);
    if (!m_seen.empty() && m_seen.back().began == seen.began) {
        m_seen.back() = seen;
        return;
    }
    if (m_seen.size() == Most)
        makeRoom();
    m_seen.push_back(seen);
    m_isEmpty.store(false, std::memory_order_release);
}

void StallStacks::makeRoom()
{
    const auto shortest = std::ranges::min_element(m_seen.begin(), m_seen.end() - Newest, {}, lengthOf);
    m_seen.erase(shortest);
}

void StallStacks::addTo(Stall &stall) const
{
    const auto found = std::ranges::find_if(m_seen, [&](const SeenStall &seen) { return isOf(seen, stall); });
    if (found == m_seen.end())
        return;
    stall.stacks = found->stacks;
    stall.modules = found->modules;
    stall.stackProblem = found->problem;
    stall.watched = found->lastSeen - found->firstSeen;
    stall.processorTime = found->processorTime;
    stall.readyTime = found->readyTime;
}

void StallStacks::addTo(LoopSnapshot &snapshot) const
{
    if (m_isEmpty.load(std::memory_order_acquire))
        return;
    const std::lock_guard lock(m_mutex);
    for (Stall &stall : snapshot.stalls)
        addTo(stall);
    if (snapshot.ongoingStall)
        addTo(*snapshot.ongoingStall);
}

} // namespace Flywheel
