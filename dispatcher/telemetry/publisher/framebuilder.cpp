// SPDX-License-Identifier: MIT
#include "telemetry/publisher/framebuilder.h"

#include "metrics/stallstacks.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Flywheel::Telemetry {

namespace {

/// Figures are read one after another from a running loop, and a loop's metrics may be switched: none is
/// trusted to grow.
template <typename T>
T growth(T now, T before)
{
    return now > before ? now - before : T{};
}

SeriesInterval between(const Series &before, const Series &now)
{
    return {.count = growth(now.count, before.count),
            .sum = growth(now.sum, before.sum),
            .maxEver = now.max,
            .histogram = now.histogram.since(before.histogram)};
}

void addIdentity(LoopFrame &frame, const LoopSnapshot &now)
{
    frame.loopId = now.loopId;
    frame.threadName = now.threadName;
    frame.threadId = now.threadId;
    frame.poller = pollerName(now.poller);
    frame.mode = modeName(now.mode);
    frame.journalFile = now.journalFile;
    frame.enabled = now.enabled;
    frame.stallThreshold = now.stallThreshold;
    frame.takenAt = now.takenAt;
    frame.age = now.age;
}

void addDurations(LoopFrame &frame, const LoopSnapshot &before, const LoopSnapshot &now)
{
    frame.taskLatency = between(before.taskLatency, now.taskLatency);
    frame.wakeUpLatency = between(before.wakeUpLatency, now.wakeUpLatency);
    frame.timerLateness = between(before.timerLateness, now.timerLateness);
    frame.passTime = between(before.passTime, now.passTime);
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        frame.handlerTime[kind] = between(before.handlerTime[kind], now.handlerTime[kind]);
    frame.busy = growth(now.utilisation.busy, before.utilisation.busy);
    frame.blocked = growth(now.utilisation.blocked, before.utilisation.blocked);
    frame.suspendedTime = growth(now.suspendedTime, before.suspendedTime);
}

void addCounts(LoopFrame &frame, const LoopSnapshot &before, const LoopSnapshot &now)
{
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        frame.handlerRuns[kind] = growth(now.handlers[kind].total, before.handlers[kind].total);
    frame.posts = growth(now.posts.total, before.posts.total);
    frame.passes = growth(now.passes.total, before.passes.total);
    frame.idlePasses = growth(now.idlePasses, before.idlePasses);
    frame.missedTicks = growth(now.missedTicks, before.missedTicks);
    frame.wakeUps = growth(now.wakeUps, before.wakeUps);
    frame.kernelWakeUps = growth(now.kernelWakeUps, before.kernelWakeUps);
    frame.coalescedWakeUps = growth(now.coalescedWakeUps, before.coalescedWakeUps);
    frame.suspends = growth(now.suspends, before.suspends);
    frame.stallCount = growth(now.stallCount, before.stallCount);
}

void addMoment(LoopFrame &frame, const LoopSnapshot &now)
{
    frame.taskDepth = now.taskDepth;
    frame.oldestTaskAge = now.oldestTaskAge;
    frame.postsPerPass = now.postsPerPass;
    frame.postedDepth = now.postedDepth;
    frame.timers = now.timers;
    frame.notifiers = now.notifiers;
    frame.readyPerPoll = now.readyPerPoll;
    frame.nestingDepth = now.nestingDepth;
    frame.nestingDepthMax = now.nestingDepthMax;
    frame.taskSlots = now.taskSlots;
    frame.timeoutSlots = now.timeoutSlots;
    frame.ongoingStall = now.ongoingStall;
}

void addStalls(LoopFrame &frame, const LoopSnapshot &before, const LoopSnapshot &now)
{
    const std::uint64_t last = before.stalls.empty() ? 0 : before.stalls.back().number;
    std::copy_if(now.stalls.begin(), now.stalls.end(), std::back_inserter(frame.stalls),
                 [last](const Stall &stall) { return stall.number > last; });
}

/// A stall is sent once: not before its stack is there. Those behind it wait, too, for they are sent by
/// number.
void holdBack(std::vector<Stall> &stalls)
{
    const auto pending = std::ranges::find(stalls, StackIsPending, &Stall::stackProblem);
    stalls.erase(pending, stalls.end());
}

/// \a before: default-constructed for a loop that was not known.
LoopFrame frameOf(const LoopSnapshot &before, const LoopSnapshot &now)
{
    LoopFrame frame;
    addIdentity(frame, now);
    frame.interval = before.loopId == 0 ? now.age : growth(now.takenAt, before.takenAt);
    addDurations(frame, before, now);
    addCounts(frame, before, now);
    addMoment(frame, now);
    addStalls(frame, before, now);
    return frame;
}

bool sameFigures(const ReceiverStats &a, const ReceiverStats &b)
{
    return a.count == b.count && a.max == b.max && a.kind == b.kind && a.className == b.className;
}

bool sameFigures(const TimerStats &a, const TimerStats &b)
{
    return a.fired == b.fired && a.max == b.max && a.id == b.id && a.interval == b.interval &&
           a.className == b.className;
}

/// \a now, if it is not what was \a sent.
template <typename Row>
std::optional<std::vector<Row>> changedTable(const std::vector<Row> &sent, const std::vector<Row> &now)
{
    const bool same = std::equal(now.begin(), now.end(), sent.begin(), sent.end(),
                                 [](const Row &a, const Row &b) { return sameFigures(a, b); });
    return same ? std::nullopt : std::optional(now);
}

void addTables(LoopFrame &frame, const LoopSnapshot &before, const LoopSnapshot &now)
{
    frame.receivers = changedTable(before.receivers, now.receivers);
    frame.topTimers = changedTable(before.topTimers, now.topTimers);
}

/// \a now came without tables: those that were sent stay known.
void keepTables(LoopSnapshot &now, LoopSnapshot &before)
{
    now.receivers = std::move(before.receivers);
    now.topTimers = std::move(before.topTimers);
}

/// The loop of that id in \a loops, which are ascending by id; null if there is none.
LoopSnapshot *find(std::vector<LoopSnapshot> &loops, std::uint64_t loopId)
{
    const auto found =
        std::lower_bound(loops.begin(), loops.end(), loopId,
                         [](const LoopSnapshot &loop, std::uint64_t id) { return loop.loopId < id; });
    return found != loops.end() && found->loopId == loopId ? &*found : nullptr;
}

} // namespace

Frame FrameBuilder::next(const SnapshotSource &source, std::chrono::nanoseconds now)
{
    const bool withTables = now - m_tablesSentAt >= TableInterval;
    m_tablesSentAt = withTables ? now : m_tablesSentAt;
    std::vector<LoopSnapshot> loops = source({.recent = false, .tables = withTables});
    std::ranges::sort(loops, {}, &LoopSnapshot::loopId); // find() needs it, and watchers are promised it

    Frame frame;
    frame.sequence = ++m_sequence;
    frame.takenAt = now;
    for (LoopSnapshot &loop : loops) {
        holdBack(loop.stalls);
        LoopSnapshot unknown;
        LoopSnapshot *const known = find(m_before, loop.loopId);
        LoopSnapshot &before = known ? *known : unknown;
        frame.loops.push_back(frameOf(before, loop));
        frame.loops.back().wholeLife = !known;
        if (withTables)
            addTables(frame.loops.back(), before, loop);
        else
            keepTables(loop, before);
    }
    m_before = std::move(loops);
    return frame;
}

} // namespace Flywheel::Telemetry
