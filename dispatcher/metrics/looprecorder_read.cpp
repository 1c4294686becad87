// SPDX-License-Identifier: MIT
// What other threads read of a LoopRecorder.
#include "metrics/looprecorder.h"

#include <algorithm>

namespace Flywheel {

namespace {

Instant sinceOf(std::int64_t packed)
{
    return Instant(Nanoseconds(packed >> 2));
}

/// The share of \a busy in all; 0 if nothing is known.
double shareOf(std::uint64_t busy, std::uint64_t blocked, std::uint64_t outside)
{
    const auto all = static_cast<double>(busy + blocked + outside);
    return all > 0 ? static_cast<double>(busy) / all : 0;
}

} // namespace

void LoopRecorder::read(LoopSnapshot &snapshot, Instant now, bool live, const SnapshotOptions &options) const
{
    snapshot.age = now - m_window.start();
    snapshot.stallThreshold = stallThreshold();
    readSeries(snapshot, options.recent);
    readRates(snapshot, now);
    readUtilisation(snapshot, now, live);
    snapshot.taskDepth = m_taskDepth.snapshot();
    snapshot.postsPerPass = m_postsPerPass.snapshot();
    if (m_knowsPostedDepth.get())
        snapshot.postedDepth = m_postedDepth.snapshot();
    snapshot.timers = m_timerCount.snapshot();
    snapshot.notifiers = m_notifierCount.snapshot();
    snapshot.readyPerPoll = m_readyPerPoll.snapshot();
    snapshot.nestingDepth = m_depth.get();
    snapshot.nestingDepthMax = m_depthMax.get();
    snapshot.suspends = m_suspends.get();
    snapshot.suspendedTime = Nanoseconds(m_suspendedTime.get());
    snapshot.stallCount = m_stalls.count();
    snapshot.stalls = m_stalls.snapshot();
    if (live)
        snapshot.ongoingStall = ongoingStall(now);
    if (options.tables) {
        snapshot.receivers = m_receivers.snapshot();
        snapshot.topTimers = m_timers.snapshot();
    }
}

void LoopRecorder::readSeries(LoopSnapshot &snapshot, bool recent) const
{
    snapshot.taskLatency = m_taskLatency.snapshot(recent);
    snapshot.wakeUpLatency = m_wakeUpLatency.snapshot(recent);
    snapshot.timerLateness = m_timerLateness.snapshot(recent);
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        snapshot.handlerTime[kind] = m_handlerTime[kind].snapshot(recent);
    snapshot.passTime = m_passTime.snapshot(recent);
}

void LoopRecorder::readRates(LoopSnapshot &snapshot, Instant now) const
{
    const auto ten = m_window.lastTenSeconds(now);
    const auto one = m_window.lastSecond(now);
    const auto rateOf = [&](std::size_t column, std::uint64_t total) {
        return Rate{total, ten.perSecond(column), one.perSecond(column)};
    };
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        snapshot.handlers[kind] = rateOf(kind, m_handlerTime[kind].count() + m_untimed[kind].get());
    snapshot.posts = rateOf(Posts, m_totals[Posts].get());
    snapshot.passes = rateOf(Passes, m_passTime.count());
    snapshot.idlePasses = m_idlePasses.get();
    snapshot.missedTicks = m_missedTicks.get();
}

/// The phase that goes on now is not in the sums yet. Its beginning tells if it ended while they were read.
void LoopRecorder::readUtilisation(LoopSnapshot &snapshot, Instant now, bool live) const
{
    for (int attempt = 0; attempt < 8; ++attempt) {
        const std::int64_t packed = m_phase.load(std::memory_order_acquire);
        const auto phase = live ? static_cast<Phase>(packed & 3) : Phase::None;
        auto ten = m_window.lastTenSeconds(now);
        auto one = m_window.lastSecond(now);
        std::array<std::uint64_t, ColumnCount> totals{};
        for (const Column column : {Busy, Blocked, Outside})
            totals[column] = m_totals[column].get();
        if (phase != Phase::None) {
            const Column column = columnOf(phase);
            const auto openSince = [&](Instant begin) {
                const Nanoseconds open = now - std::max(begin, sinceOf(packed));
                return static_cast<std::uint64_t>(std::max(open, Nanoseconds::zero()).count());
            };
            ten.sums[column] += openSince(ten.begin);
            one.sums[column] += openSince(one.begin);
            totals[column] += openSince(Immediately);
        }
        Utilisation &result = snapshot.utilisation;
        result.busy = Nanoseconds(totals[Busy]);
        result.blocked = Nanoseconds(totals[Blocked]);
        result.outside = Nanoseconds(totals[Outside]);
        result.tenSeconds = shareOf(ten.sums[Busy], ten.sums[Blocked], ten.sums[Outside]);
        result.lastSecond = shareOf(one.sums[Busy], one.sums[Blocked], one.sums[Outside]);
        if (m_phase.load(std::memory_order_acquire) == packed)
            return;
    }
}

std::optional<Stall> LoopRecorder::ongoingStall(Instant now) const
{
    const std::int64_t packed = m_activity.load(std::memory_order_acquire);
    const auto activity = static_cast<Activity>(packed & 3);
    const Nanoseconds duration = now - sinceOf(packed);
    if (activity == Activity::None || duration <= stallThreshold())
        return std::nullopt;
    Stall stall;
    stall.number = m_stalls.count() + 1;
    stall.beganMonotonic = sinceOf(packed).time_since_epoch();
    stall.began = std::chrono::system_clock::now() -
                  std::chrono::duration_cast<std::chrono::system_clock::duration>(duration);
    stall.duration = duration;
    stall.wholePass = activity == Activity::Pass;
    if (const std::optional<Frame::Top> top = activity == Activity::Handler ? m_top.load() : std::nullopt) {
        stall.kind = static_cast<HandlerKind>(top->kind);
        stall.id = top->id;
        stall.objectName = top->objectName.toString();
        if (stall.kind != HandlerKind::PostedBatch)
            stall.className = m_receivers.readClassName(top->receiver);
    }
    // Over meanwhile: what was read may belong to the next handler.
    if (m_activity.load(std::memory_order_acquire) != packed)
        return std::nullopt;
    return stall;
}

} // namespace Flywheel
