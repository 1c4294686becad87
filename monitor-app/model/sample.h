// SPDX-License-Identifier: MIT
#pragma once

#include "compacthistogram.h"
#include "telemetry/protocol/frame.h"
#include "timespan.h"

#include <array>
#include <limits>
#include <optional>

namespace Flywheel::Monitor {

/// The series of durations that the charts can show.
enum class SeriesKind {
    Handler,       ///< handlers of all kinds as one
    TimerLateness, ///< deadline to the start of the handler
    TaskWait,      ///< post() to the start of the task
    WakeUp,        ///< wakeUp() of a sleeping loop to the start of the pass
    Pass,          ///< one pass, without waiting
};
inline constexpr std::size_t SeriesKindCount = 5;

/// A duration in half the memory, exact to 1 in 10 million.
using ShortDuration = std::chrono::duration<float, std::nano>;

/// The figures of a series in one interval. If count is 0, there are no percentiles.
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
    /// True if nothing is known about the time between the sample before and this one, because the connection
    /// was lost.
    bool gapBefore = false;
    Duration gapLength{};      ///< if gapBefore
    ShortDuration suspended{}; ///< how long the machine was suspended within the interval

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
    /// Returns the utilisation, from 0 to 1; 0 if nothing was measured. Time that is neither busy nor blocked
    /// was outside the loop.
    double utilisation() const;
    /// Returns how many handlers of \a kind ran. All posted events count under PostedBatch, single ones if
    /// they are known, otherwise batches.
    std::uint32_t handled(HandlerKind kind) const;
    /// Returns how many handlers of all kinds ran. No posted event counts twice.
    std::uint32_t events() const;
    /// Returns \a count of the interval as a rate per second.
    double perSecond(double count) const;
};

/// Returns the share of \a length that was busy; 0 if nothing was measured.
double busyShare(double busy, double blocked, double length);

/// Returns a sample of the interval of \a frame.
Sample sampleOf(const Telemetry::LoopFrame &frame, WallTime wall);
/// Returns whether \a kind counts in a sum over all kinds. \a runs says how many handlers of each kind ran.
/// Single posted events count if they are known, otherwise batches do, never both.
template <typename Runs>
bool countsByItself(HandlerKind kind, const Runs &runs)
{
    const auto batches = runs[static_cast<std::size_t>(HandlerKind::PostedBatch)];
    const auto events = runs[static_cast<std::size_t>(HandlerKind::PostedEvent)];
    if (kind == HandlerKind::PostedBatch)
        return batches > events;
    return kind != HandlerKind::PostedEvent || events >= batches;
}

/// Returns \a samples, which must follow each other, as one sample: sums, maxima, and percentiles of all
/// their durations. Quantities of a moment become their maxima, so that no peak is lost.
Sample merged(const Sample *samples, std::size_t count);

} // namespace Flywheel::Monitor
