// SPDX-License-Identifier: MIT
#include "metrics/stallwitness.h"

#include <algorithm>

namespace Flywheel {

namespace {

Nanoseconds now()
{
    return steadyNow().time_since_epoch();
}

/// A thread that has not moved gives the same stack again.
bool isSame(const StackSample &a, const StackSample &b)
{
    return a.frames == b.frames && a.systemCall == b.systemCall;
}

/// The first ones and the last one stay.
void add(std::vector<StackSample> &stacks, StackSample sample, std::size_t most)
{
    if (!stacks.empty() && isSame(stacks.back(), sample)) {
        ++stacks.back().count;
        return;
    }
    if (stacks.size() == most)
        stacks.pop_back();
    stacks.push_back(std::move(sample));
}

} // namespace

void StallWitness::begin(Nanoseconds since, Nanoseconds now, std::uint64_t threadId)
{
    m_seen = {};
    m_seen.began = since;
    m_seen.firstSeen = now;
    m_seen.lastSeen = now;
    m_timesAtFirst = threadTimesOf(threadId).value_or(ThreadTimes());
    m_nextStack = {};
}

void StallWitness::readTimes(Nanoseconds now, std::uint64_t threadId)
{
    const std::optional<ThreadTimes> times = threadTimesOf(threadId);
    if (!times)
        return;
    m_seen.lastSeen = now;
    m_seen.processorTime = times->running - m_timesAtFirst.running;
    m_seen.readyTime = times->ready - m_timesAtFirst.ready;
}

void StallWitness::takeStack(Nanoseconds now, std::uint64_t threadId, StackTaker &taker)
{
    TakenStack taken = taker.take(threadId, m_seen.modules);
    m_seen.problem = std::move(taken.problem);
    if (!taken.sample)
        return;
    taken.sample->takenAt = now;
    add(m_seen.stacks, std::move(*taken.sample), MostStacks);
}

Nanoseconds StallWitness::look(RegisteredLoop &loop, Nanoseconds since, StackTaker &taker)
{
    const Nanoseconds time = now();
    const std::uint64_t threadId = loop.threadId();
    const Nanoseconds threshold = loop.stallThreshold();
    if (m_seen.began != since)
        begin(since, time, threadId);
    const Nanoseconds age = time - since;
    if (age <= threshold)
        return since + threshold;
    readTimes(time, threadId);
    // Each is twice as old as the one before: a stall of a minute costs ten.
    if (age < m_nextStack) {
        loop.stacks.put(m_seen);
        return since + m_nextStack;
    }
    m_nextStack = 2 * age;
    if (m_seen.stacks.empty()) {
        m_seen.problem = StackIsPending;
        loop.stacks.put(m_seen);
    }
    takeStack(time, threadId, taker);
    loop.stacks.put(m_seen);
    return since + m_nextStack;
}

} // namespace Flywheel
