// SPDX-License-Identifier: MIT
#pragma once

#include "decimate.h"
#include "heatmap.h"
#include "ring.h"
#include "sample.h"
#include "spanfigures.h"

#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace Flywheel::Monitor {

/// A time of which nothing is known, or that the machine slept through.
struct Gap
{
    /// ConnectionLost: or the program stood still, for a debugger or SIGSTOP.
    enum class Cause { ConnectionLost, Suspended };
    Cause cause;
    TimeSpan span;       ///< empty for Suspended: the clock stood still
    Duration duration{}; ///< how long it was
};

/// What one loop did, in samples: the last ten minutes at ten a second, and what is older at one a second, up
/// to an hour and 40 minutes. Takes about 4 MB after ten minutes and 12 MB when full. Times ascend.
class LoopHistory
{
public:
    static constexpr std::size_t FineCapacity = 6000;
    static constexpr std::size_t CoarseCapacity = 6000;
    static constexpr Duration CoarseInterval = std::chrono::seconds(1);
    /// No frame for so long: the program does not run.
    static constexpr Duration LongestSilence = std::chrono::seconds(3);
    /// What rates are a mean of, at least.
    static constexpr Duration RateWindow = std::chrono::seconds(1);

    LoopHistory();

    /// A frame that does not continue the history leaves a gap; one that ends before it is ignored. The
    /// interval of a frame with wholeLife may be hours, which is no sample, unless it is short. Nor is the
    /// first frame if it is long: a recording that goes on after a stop of its program begins with one.
    ///
    /// So does a frame whose interval is far longer than those before it (LongestSilence): its program stood
    /// still, and what it did was done in the moment before it was taken.
    void append(const Telemetry::LoopFrame &frame, WallTime wall);
    /// That the loop stalled, also where it was not watched yet; each once.
    void noteStall(const Stall &stall);
    /// The stall that goes on, with its duration so far, or that the loop ended in; nothing if there is none.
    void noteOpenStall(const std::optional<Stall> &stall) { m_openStall = stall; }
    void clear();

    bool isEmpty() const { return m_fine.isEmpty(); }
    /// From the first to the last moment of which something is known.
    TimeSpan span() const;
    /// Null if empty.
    const Sample *latest() const;
    /// The sample of that moment; null in a gap and outside of span().
    const Sample *at(Time time) const;

    /// Calls \a visit(const Sample &) for each sample that overlaps \a span, ascending.
    template <typename Visitor>
    void forEach(TimeSpan span, Visitor &&visit) const;

    using Quantity = std::function<double(const Sample &)>;
    /// A curve: \a quantity of each sample that overlaps \a span, at its end, and of one more at either side;
    /// a gap point where the history has a gap. A quantity that has no value is NaN. decimate() it to show
    /// it.
    std::vector<Point> curve(TimeSpan span, const Quantity &quantity) const;
    /// How often a second what \a count counts happened, at the end of each sample: the mean of RateWindow
    /// before it, or of the time since a gap, but never of less than half of it. Points as curve() has them.
    std::vector<Point> rateCurve(TimeSpan span, const Quantity &count) const;
    /// Samples that overlap \a span only in part count as a whole.
    SpanFigures figures(TimeSpan span) const;
    HeatMap heatMap(SeriesKind series, TimeSpan span, std::size_t columns) const;
    std::vector<Gap> gaps(TimeSpan span) const;
    /// The last \a count values of the utilisation, one a second, oldest first, 0 to 1; NaN in gaps.
    std::vector<double> recentUtilisation(std::size_t count) const;

private:
    void retire();
    Sample standStill(Sample sample) const;
    bool isUnlikely(const Telemetry::LoopFrame &frame);
    std::uint64_t stallsIn(TimeSpan span) const;
    void addOpenStall(SpanFigures &figures, TimeSpan span) const;
    std::size_t firstAfter(const Ring<Sample> &ring, Time time) const;

    Ring<Sample> m_fine;
    Ring<Sample> m_coarse; ///< ends where m_retiring begins
    std::deque<TimeSpan> m_stalls;
    std::optional<Stall> m_openStall;
    Duration m_lastInterval{};      ///< of the frame before, taken or not
    std::vector<Sample> m_retiring; ///< have left m_fine, not yet a second's worth; ends where m_fine begins
};

template <typename Visitor>
void LoopHistory::forEach(TimeSpan span, Visitor &&visit) const
{
    const auto visitRing = [&](const Ring<Sample> &ring) {
        for (std::size_t i = firstAfter(ring, span.begin); i < ring.size() && ring[i].span.begin < span.end;
             ++i)
            visit(ring[i]);
    };
    visitRing(m_coarse);
    for (const Sample &sample : m_retiring) {
        if (sample.span.overlaps(span))
            visit(sample);
    }
    visitRing(m_fine);
}

} // namespace Flywheel::Monitor
