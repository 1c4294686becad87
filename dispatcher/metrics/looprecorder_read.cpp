// SPDX-License-Identifier: MIT
// What other threads read of a LoopRecorder.
#include "metrics/looprecorder.h"

#include <QtCore/qstring.h>

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

void LoopRecorder::read(LoopSnapshot &snapshot, Instant now, bool live, const SnapshotOptions &options)
{
    const HandlerFigures::Guard guard(m_figures);
    snapshot.age = now - m_figures.window.start();
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
        snapshot.receivers = m_figures.receivers.snapshot();
        snapshot.topTimers = m_figures.timers.snapshot();
    }
}

void LoopRecorder::readSeries(LoopSnapshot &snapshot, bool recent) const
{
    snapshot.taskLatency = m_taskLatency.snapshot(recent);
    snapshot.wakeUpLatency = m_wakeUpLatency.snapshot(recent);
    snapshot.timerLateness = m_timerLateness.snapshot(recent);
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        snapshot.handlerTime[kind] = m_figures.handlerTime[kind].snapshot(recent);
    snapshot.passTime = m_figures.passTime.snapshot(recent);
}

void LoopRecorder::readRates(LoopSnapshot &snapshot, Instant now) const
{
    const auto ten = m_figures.window.lastTenSeconds(now);
    const auto one = m_figures.window.lastSecond(now);
    const auto rateOf = [&](std::size_t column, std::uint64_t total) {
        return Rate{total, ten.perSecond(column), one.perSecond(column)};
    };
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        snapshot.handlers[kind] = rateOf(kind, m_figures.handlerTime[kind].count() + m_untimed[kind].get());
    snapshot.posts = rateOf(HandlerFigures::Posts, m_totals[HandlerFigures::Posts].get());
    snapshot.passes = rateOf(HandlerFigures::Passes, m_figures.passTime.count());
    snapshot.idlePasses = m_idlePasses.get();
    snapshot.missedTicks = m_missedTicks.get();
}

/// The phase that goes on now is not in the sums yet. Its beginning tells if it ended while they were read.
void LoopRecorder::readUtilisation(LoopSnapshot &snapshot, Instant now, bool live) const
{
    for (int attempt = 0; attempt < 8; ++attempt) {
        const std::int64_t packed = m_phase.load(std::memory_order_acquire);
        const auto phase = live ? static_cast<Phase>(packed & 3) : Phase::None;
        auto ten = m_figures.window.lastTenSeconds(now);
        auto one = m_figures.window.lastSecond(now);
        std::array<std::uint64_t, HandlerFigures::ColumnCount> totals{};
        for (const Column column : {HandlerFigures::Busy, HandlerFigures::Blocked, HandlerFigures::Outside})
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
        result.busy = Nanoseconds(totals[HandlerFigures::Busy]);
        result.blocked = Nanoseconds(totals[HandlerFigures::Blocked]);
        result.outside = Nanoseconds(totals[HandlerFigures::Outside]);
        result.tenSeconds = shareOf(ten.sums[HandlerFigures::Busy], ten.sums[HandlerFigures::Blocked],
                                    ten.sums[HandlerFigures::Outside]);
        result.lastSecond = shareOf(one.sums[HandlerFigures::Busy], one.sums[HandlerFigures::Blocked],
                                    one.sums[HandlerFigures::Outside]);
        if (m_phase.load(std::memory_order_acquire) == packed)
            return;
    }
}

std::optional<Instant> LoopRecorder::busySince() const
{
    const std::int64_t packed = m_journal.activity();
    return static_cast<Activity>(packed & 3) == Activity::None ? std::nullopt
                                                               : std::optional(sinceOf(packed));
}

std::optional<Stall> LoopRecorder::ongoingStall(Instant now) const
{
    const std::int64_t packed = m_journal.activity();
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
    if (activity == Activity::Handler)
        readRunning(stall);
    // Over meanwhile: what was read may belong to the next handler.
    if (m_journal.activity() != packed)
        return std::nullopt;
    return stall;
}

void LoopRecorder::readRunning(Stall &stall) const
{
    const Journal::Running running = m_journal.running();
    stall.kind = static_cast<HandlerKind>(std::min<std::uint32_t>(running.kind, HandlerKindCount - 1));
    stall.id = running.id;
    if (stall.kind == HandlerKind::PostedBatch)
        return;
    if (const std::optional<Journaling::Names> names = m_journal.names(running.subject)) {
        // The journal may be a file that somebody has changed.
        const auto end = std::ranges::find(names->className, '\0');
        stall.className.assign(names->className.begin(), end);
        const auto length = std::min<std::size_t>(names->objectNameLength, names->objectName.size());
        const QStringView name(names->objectName.data(), static_cast<qsizetype>(length));
        stall.objectName = name.toUtf8().toStdString();
    }
}

} // namespace Flywheel
