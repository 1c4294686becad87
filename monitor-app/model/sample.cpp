// SPDX-License-Identifier: MIT
#include "sample.h"

#include <algorithm>
#include <span>

namespace Flywheel::Monitor {

using Telemetry::LoopFrame;
using Telemetry::SeriesInterval;

namespace {

std::uint32_t clamped(std::uint64_t value)
{
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

/// What a frame says need not be true: sums of these must not overflow.
Duration bounded(Duration duration)
{
    return std::clamp<Duration>(duration, Duration::zero(), std::chrono::hours(24));
}

SeriesSample seriesOf(const Histogram &histogram, Duration sum)
{
    SeriesSample sample;
    sample.count = clamped(histogram.count());
    if (sample.count == 0)
        return sample;
    sample.sum = bounded(sum);
    sample.p50 = histogram.quantile(0.5);
    sample.p90 = histogram.quantile(0.9);
    sample.p99 = histogram.quantile(0.99);
    sample.max = histogram.quantile(1);
    sample.histogram = CompactHistogram(histogram);
    return sample;
}

SeriesSample seriesOf(const SeriesInterval &series)
{
    return seriesOf(series.histogram, series.sum);
}

/// The kinds as one, posted events either single or as batches.
SeriesSample handlersOf(const LoopFrame &frame)
{
    std::array<std::uint64_t, HandlerKindCount> counts{};
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        counts[kind] = frame.handlerTime[kind].histogram.count();
    Histogram all;
    Duration sum{};
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind) {
        if (!countsByItself(static_cast<HandlerKind>(kind), counts))
            continue;
        all.merge(frame.handlerTime[kind].histogram);
        sum += bounded(frame.handlerTime[kind].sum);
    }
    return seriesOf(all, sum);
}

void addCounts(Sample &sample, const LoopFrame &frame)
{
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        sample.runs[kind] = clamped(frame.handlerRuns[kind]);
    sample.posts = clamped(frame.posts);
    sample.passes = clamped(frame.passes);
    sample.idlePasses = clamped(frame.idlePasses);
    sample.missedTicks = clamped(frame.missedTicks);
    sample.wakeUps = clamped(frame.wakeUps);
    sample.kernelWakeUps = clamped(frame.kernelWakeUps);
    sample.stalls = clamped(frame.stallCount);
    sample.busy = bounded(frame.busy);
    sample.blocked = bounded(frame.blocked);
    sample.suspended = bounded(frame.suspendedTime);
}

void addMoment(Sample &sample, const LoopFrame &frame)
{
    sample.taskDepth = clamped(frame.taskDepth.current);
    if (frame.postedDepth)
        sample.postedDepth = clamped(frame.postedDepth->current);
    sample.postsPerPass = static_cast<float>(frame.postsPerPass.average);
    sample.oldestTaskAge = bounded(frame.oldestTaskAge);
    sample.timers = clamped(frame.timers.current);
    sample.notifiers = clamped(frame.notifiers.current);
    sample.nestingDepth = frame.nestingDepth;
    sample.ongoingStall = frame.ongoingStall.has_value();
}

SeriesSample mergedSeries(std::span<const Sample> samples, std::size_t kind)
{
    HistogramSum sum;
    SeriesSample result;
    for (const Sample &sample : samples) {
        const SeriesSample &series = sample.series[kind];
        sum.add(series.histogram);
        result.sum += series.sum;
        result.max = std::max(result.max, series.max);
    }
    result.count = clamped(sum.count());
    if (result.count == 0)
        return result;
    const auto longest = std::chrono::duration_cast<Duration>(result.max);
    result.p50 = sum.quantile(0.5, longest);
    result.p90 = sum.quantile(0.9, longest);
    result.p99 = sum.quantile(0.99, longest);
    result.histogram = sum.compact();
    return result;
}

void addCounts(Sample &sum, const Sample &sample)
{
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        sum.runs[kind] += sample.runs[kind];
    sum.posts += sample.posts;
    sum.passes += sample.passes;
    sum.idlePasses += sample.idlePasses;
    sum.missedTicks += sample.missedTicks;
    sum.wakeUps += sample.wakeUps;
    sum.kernelWakeUps += sample.kernelWakeUps;
    sum.stalls += sample.stalls;
    sum.busy += sample.busy;
    sum.blocked += sample.blocked;
    sum.suspended += sample.suspended;
}

void raiseMoment(Sample &peak, const Sample &sample)
{
    peak.taskDepth = std::max(peak.taskDepth, sample.taskDepth);
    peak.postedDepth = std::max(peak.postedDepth, sample.postedDepth);
    peak.postsPerPass = std::max(peak.postsPerPass, sample.postsPerPass);
    peak.oldestTaskAge = std::max(peak.oldestTaskAge, sample.oldestTaskAge);
    peak.timers = std::max(peak.timers, sample.timers);
    peak.notifiers = std::max(peak.notifiers, sample.notifiers);
    peak.nestingDepth = std::max(peak.nestingDepth, sample.nestingDepth);
    peak.ongoingStall = peak.ongoingStall || sample.ongoingStall;
}

} // namespace

double busyShare(double busy, double blocked, double length)
{
    return busy + blocked > 0 ? busy / std::max(busy + blocked, length) : 0;
}

double Sample::utilisation() const
{
    return busyShare(busy.count(), blocked.count(), static_cast<double>(span.length().count()));
}

std::uint32_t Sample::handled(HandlerKind kind) const
{
    const auto runsOf = [this](HandlerKind of) { return runs[static_cast<std::size_t>(of)]; };
    if (kind == HandlerKind::PostedEvent)
        return 0;
    return kind == HandlerKind::PostedBatch ? std::max(runsOf(kind), runsOf(HandlerKind::PostedEvent))
                                            : runsOf(kind);
}

std::uint32_t Sample::events() const
{
    std::uint32_t sum = 0;
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind)
        sum += handled(static_cast<HandlerKind>(kind));
    return sum;
}

double Sample::perSecond(double count) const
{
    const std::chrono::duration<double> length = span.length();
    return length.count() > 0 ? count / length.count() : 0;
}

Sample sampleOf(const LoopFrame &frame, WallTime wall)
{
    Sample sample;
    sample.span = {frame.takenAt - frame.interval, frame.takenAt};
    sample.wall = wall;
    sample.series = {handlersOf(frame), seriesOf(frame.timerLateness), seriesOf(frame.taskLatency),
                     seriesOf(frame.wakeUpLatency), seriesOf(frame.passTime)};
    addCounts(sample, frame);
    addMoment(sample, frame);
    return sample;
}

Sample merged(const Sample *samples, std::size_t count)
{
    const std::span all(samples, count);
    Sample result;
    result.span = {all.front().span.begin, all.back().span.end};
    result.wall = all.back().wall;
    result.gapBefore = all.front().gapBefore;
    result.gapLength = all.front().gapLength;
    for (std::size_t kind = 0; kind < SeriesKindCount; ++kind)
        result.series[kind] = mergedSeries(all, kind);
    for (const Sample &sample : all) {
        addCounts(result, sample);
        raiseMoment(result, sample);
    }
    return result;
}

} // namespace Flywheel::Monitor
