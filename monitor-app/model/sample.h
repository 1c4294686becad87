// SPDX-License-Identifier: MIT
#pragma once

#include "compacthistogram.h"
#include "telemetry/protocol/frame.h"
#include "timespan.h"

#include <array>
#include <limits>
#include <optional>

namespace Flywheel::Monitor {

/// The series of durations that the charts offer.
enum class SeriesKind {
    Handler,       ///< handlers of all kinds as one
    TimerLateness, ///< deadline to the start of the handler
    TaskWait,      ///< post() to the start of the task
    WakeUp,        ///< wakeUp() of a sleeping loop to the start of the pass
    Pass,          ///< one pass, without waiting
};
inline constexpr std::size_t SeriesKindCount = 5;

/// A duration in half the space; exact to 1 in 10 million.
using ShortDuration = std::chrono::duration<float, std::nano>;

/// What a series came to in one interval. Without durations (count 0) there are no percentiles.
struct SeriesSample
{
    std::uint32_t count = 0;
    ShortDuration sum{};
    ShortDuration p50{}, p90{}, p99{}, max{};
    CompactHistogram histogram;
};

/// One loop in one interval, usually 100 ms.
struct Sample
{
    TimeSpan span;
    WallTime wall; ///< at span.end
    /// Nothing is known of the time between the sample before and this one: the connection was lost.
    bool gapBefore = false;
    Duration gapLength{};      ///< if gapBefore
    ShortDuration suspended{}; ///< how long the machine slept within the interval; 0: it did not

    std::array<SeriesSample, SeriesKindCount> series;
    std::array<std::uint32_t, HandlerKindCount> runs{}; ///< handlers run, by HandlerKind
    std::uint32_t posts = 0;
    std::uint32_t passes = 0;
    std::uint32_t idlePasses = 0;
    std::uint32_t missedTicks = 0;
    std::uint32_t wakeUps = 0;
    std::uint32_t kernelWakeUps = 0;
    std::uint32_t stalls = 0; ///< that ended
    ShortDuration busy{};
    ShortDuration blocked{};

    std::uint32_t taskDepth = 0;
    std::optional<std::uint32_t> postedDepth; ///< posted events queued; only with the depth probe loaded
    float postsPerPass = 0;                   ///< mean arrivals a pass
    ShortDuration oldestTaskAge{};
    std::uint32_t timers = 0;
    std::uint32_t notifiers = 0;
    std::uint32_t nestingDepth = 0;
    bool ongoingStall = false; ///< a handler was still running at span.end, for longer than the threshold

    const SeriesSample &of(SeriesKind kind) const { return series[static_cast<std::size_t>(kind)]; }
    /// 0 to 1; 0 if nothing was measured. What is neither busy nor blocked was outside the loop.
    double utilisation() const;
    /// Handlers run of \a kind. Posted events, timed by themselves or as batches, all count under
    /// PostedBatch: where both are known, the single ones.
    std::uint32_t handled(HandlerKind kind) const;
    /// Handlers run, of all kinds; no posted event counts twice.
    std::uint32_t events() const;
    /// \a count of the interval as a rate per second.
    double perSecond(double count) const;
};

/// The share of \a length that was busy, by what was measured of it; 0 if nothing was.
double busyShare(double busy, double blocked, double length);

/// A sample of what \a frame says of its interval.
Sample sampleOf(const Telemetry::LoopFrame &frame, WallTime wall);
/// Whether runs of \a kind count by themselves in sums over all kinds, given how many of each kind ran:
/// posted events do unless they are known as batches only, and then the batches do not.
template <typename Runs>
bool countsByItself(HandlerKind kind, const Runs &runs)
{
    const auto batches = runs[static_cast<std::size_t>(HandlerKind::PostedBatch)];
    const auto events = runs[static_cast<std::size_t>(HandlerKind::PostedEvent)];
    if (kind == HandlerKind::PostedBatch)
        return batches > events;
    return kind != HandlerKind::PostedEvent || events >= batches;
}

/// \a samples, which follow each other, as one: sums, maxima, and percentiles of all their durations. The
/// quantities of a moment are their maxima, so that no peak is lost.
Sample merged(const Sample *samples, std::size_t count);

} // namespace Flywheel::Monitor
