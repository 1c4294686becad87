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

/// A time about which nothing is known, or in which the machine was suspended.
struct Gap
{
    /// ConnectionLost also means that the program stood still, in a debugger or after SIGSTOP.
    enum class Cause { ConnectionLost, Suspended };
    Cause cause;
    TimeSpan span;       ///< empty for Suspended, because the clock stood still
    Duration duration{}; ///< how long it was
};

/// What one loop did, in samples: ten a second for the last ten minutes, and one a second for older times, up
/// to an hour and 40 minutes. Takes about 4 MB after ten minutes and 12 MB when full. Times ascend.
class LoopHistory
{
public:
    static constexpr std::size_t FineCapacity = 6000;
    static constexpr std::size_t CoarseCapacity = 6000;
    static constexpr Duration CoarseInterval = std::chrono::seconds(1);
    /// If no frame comes for so long, the program does not run.
    static constexpr Duration LongestSilence = std::chrono::seconds(3);
    /// The shortest time that a rate is the mean of.
    static constexpr Duration RateWindow = std::chrono::seconds(1);

    LoopHistory();

    /// Adds a frame. If the frame does not continue the history, a gap comes before it. A frame that ends
    /// before the history does is ignored. A frame with wholeLife becomes a sample only if its interval is
    /// short, because it may be hours. The same is true for the first frame: a recording that goes on after
    /// its program was stopped begins with a long one.
    ///
    /// If the interval of a frame is much longer than those before it (LongestSilence), the program stood
    /// still. Then a gap comes before it, and what the frame contains counts for its last moment.
    void append(const Telemetry::LoopFrame &frame, WallTime wall);
    /// Notes a stall, which may lie before the first frame. Call it once for each stall.
    void noteStall(const Stall &stall);
    /// Notes the stall that goes on, with its duration so far, or the one in which the loop ended; nothing if
    /// there is none.
    void noteOpenStall(const std::optional<Stall> &stall) { m_openStall = stall; }
    void clear();

    bool isEmpty() const { return m_fine.isEmpty(); }
    /// From the first to the last moment about which something is known.
    TimeSpan span() const;
    /// Null if empty.
    const Sample *latest() const;
    /// Returns the sample of that moment, or null in a gap and outside of span().
    const Sample *at(Time time) const;

    /// Calls \a visit(const Sample &) for each sample that overlaps \a span, ascending.
    template <typename Visitor>
    void forEach(TimeSpan span, Visitor &&visit) const;

    using Quantity = std::function<double(const Sample &)>;
    /// Returns a curve of \a quantity. It has a point at the end of each sample that overlaps \a span, of one
    /// more sample on each side, and a gap point in each gap of the history. \a quantity returns NaN for no
    /// value. Use decimate() before you show the curve.
    std::vector<Point> curve(TimeSpan span, const Quantity &quantity) const;
    /// Returns a curve of \a count as a rate per second, with points like curve(). Each is the mean of the
    /// RateWindow before it, or of the time since a gap, but of at least half a RateWindow.
    std::vector<Point> rateCurve(TimeSpan span, const Quantity &count) const;
    /// Returns the figures of \a span. A sample that overlaps \a span only in part counts completely.
    SpanFigures figures(TimeSpan span) const;
    HeatMap heatMap(SeriesKind series, TimeSpan span, std::size_t columns) const;
    std::vector<Gap> gaps(TimeSpan span) const;
    /// Returns the last \a count values of the utilisation, one a second, the oldest first, from 0 to 1; NaN
    /// in gaps.
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
    Duration m_lastInterval{}; ///< of the frame before, even if it was ignored
    std::vector<Sample>
        m_retiring; ///< have left m_fine, but are less than a second together; ends where m_fine begins
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
