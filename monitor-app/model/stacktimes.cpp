// SPDX-License-Identifier: MIT
#include "stacktimes.h"

#include "base/plaintext.h"
#include "stallspan.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

/// The overlap of both; empty if there is none.
TimeSpan within(const TimeSpan &a, const std::optional<TimeSpan> &b)
{
    return b ? TimeSpan{std::max(a.begin, b->begin), std::min(a.end, b->end)} : a;
}

/// When \a sample was seen for the last time: each time that it was seen, the stall was twice as old.
Time lastSeen(const StackSample &sample, const TimeSpan &stall)
{
    Duration age = std::clamp(sample.takenAt, stall.begin, stall.end) - stall.begin;
    for (std::uint32_t i = 1; i < sample.count && age > Duration::zero() && age < stall.length(); ++i)
        age = saturatedSum(age, age);
    return stall.begin + std::min(age, stall.length());
}

/// Where the time of \a sample ends and that of \a next begins.
Time middle(const StackSample &sample, const StackSample &next, const TimeSpan &stall)
{
    const Time first = lastSeen(sample, stall);
    const Time second = std::clamp(next.takenAt, stall.begin, stall.end);
    return first < second ? first + (second - first) / 2 : second;
}

void add(StackTimes &result, const Loop &loop, const Stall &stall, const std::optional<TimeSpan> &span)
{
    const TimeSpan whole = spanOf(stall);
    const Duration seen = within(whole, span).length();
    if (seen == Duration::zero())
        return;
    ++result.stalls;
    result.stalled = saturatedSum(result.stalled, seen);
    if (stall.stacks.empty()) {
        ++result.unseen;
        result.unseenTime = saturatedSum(result.unseenTime, seen);
        result.problem = QString::fromStdString(plainText(stall.stackProblem));
        return;
    }
    Time begin = whole.begin;
    for (std::size_t i = 0; i < stall.stacks.size(); ++i) {
        const bool isLast = i + 1 == stall.stacks.size();
        const Time end =
            isLast ? whole.end : std::max(begin, middle(stall.stacks[i], stall.stacks[i + 1], whole));
        const Duration time = within({begin, end}, span).length();
        if (time > Duration::zero())
            result.stacks.push_back({&loop, &stall, &stall.stacks[i], time});
        begin = end;
    }
}

} // namespace

StackTimes stackTimesOf(const QList<Loop *> &loops, const std::optional<TimeSpan> &span)
{
    StackTimes result;
    for (const Loop *loop : loops) {
        for (const Stall &stall : loop->stalls())
            add(result, *loop, stall, span);
        if (loop->ongoingStall())
            add(result, *loop, *loop->ongoingStall(), span);
    }
    return result;
}

} // namespace Flywheel::Monitor
