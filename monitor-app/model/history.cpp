// SPDX-License-Identifier: MIT
#include "history.h"

#include "stallspan.h"

#include <algorithm>
#include <cmath>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

/// Two readings of one clock differ by less than this if one continues the other.
constexpr Duration Tolerance = 1ms;
/// The first frame of a connection covers all of a loop's life: more than this is no sample.
constexpr Duration LongestSample = 1s;
/// A curve without values for so long is broken: nothing happened there that it could show.
constexpr Duration Quiet = 3s;

/// The mean of what is counted over the last second.
class RateMeter
{
public:
    /// The rate at the end of \a sample, which comes after those before.
    double add(const Sample &sample, double count);

private:
    struct Part
    {
        TimeSpan span;
        double count;
    };
    std::deque<Part> m_parts;
};

double RateMeter::add(const Sample &sample, double count)
{
    if (sample.gapBefore)
        m_parts.clear();
    m_parts.push_back({sample.span, count});
    const Time begin = sample.span.end - LoopHistory::RateWindow - Tolerance;
    while (m_parts.size() > 1 && m_parts.front().span.begin < begin)
        m_parts.pop_front();
    double sum = 0;
    for (const Part &part : m_parts)
        sum += part.count;
    const std::chrono::duration<double> length = sample.span.end - m_parts.front().span.begin;
    return length.count() > 0 ? sum / length.count() : 0;
}

/// Takes values one after another and makes a curve of them.
class CurveBuilder
{
public:
    void add(const Sample &sample, double value);
    std::vector<Point> take() { return std::move(m_points); }

private:
    bool isBroken(const Sample &sample) const { return sample.span.begin - m_last > Quiet; }

    std::vector<Point> m_points;
    Time m_last{};
    bool m_gap = false; ///< since the last value
};

void CurveBuilder::add(const Sample &sample, double value)
{
    m_gap = m_gap || sample.gapBefore;
    if (std::isnan(value))
        return;
    if (!m_points.empty() && (m_gap || isBroken(sample))) {
        m_points.push_back(Point::gap(m_last));
        // Two points, since a line of one point would not be seen.
        m_points.push_back({sample.span.begin, value});
    }
    m_points.push_back({sample.span.end, value});
    m_last = sample.span.end;
    m_gap = false;
}

} // namespace

LoopHistory::LoopHistory() : m_fine(FineCapacity), m_coarse(CoarseCapacity) {}

void LoopHistory::append(const Telemetry::LoopFrame &frame, WallTime wall)
{
    const bool possible = frame.interval > 0ns && frame.interval <= frame.takenAt;
    if (!possible || isUnlikely(frame))
        return;
    Sample sample = sampleOf(frame, wall);
    if (!isEmpty()) {
        sample = standStill(std::move(sample));
        const Time end = m_fine.back().span.end;
        if (sample.span.end <= end)
            return;
        sample.gapBefore = sample.span.begin > end + Tolerance;
        sample.gapLength = sample.gapBefore ? sample.span.begin - end : 0ns;
        sample.span.begin = std::max(sample.span.begin, end);
    }
    if (m_fine.isFull())
        retire();
    m_fine.add(std::move(sample));
}

/// Whether \a frame probably covers time in which its program was not watched or did not run. Frames that are
/// all long do not.
bool LoopHistory::isUnlikely(const Telemetry::LoopFrame &frame)
{
    const Duration before = std::exchange(m_lastInterval, frame.interval);
    if (frame.interval <= LongestSample)
        return false;
    return frame.wholeLife || (isEmpty() && (before == 0ns || frame.interval / 4 >= before));
}

/// \a sample, or what is left of it if its program can't have run all the time.
Sample LoopHistory::standStill(Sample sample) const
{
    const Duration usual = std::max<Duration>(m_fine.back().span.length(), Telemetry::ShortestInterval);
    const Duration length = sample.span.length();
    if (length < LongestSilence || length < 4 * usual)
        return sample;
    sample.span.begin = sample.span.end - usual;
    const float share = static_cast<float>(usual.count()) / static_cast<float>(length.count());
    sample.busy *= share;
    sample.blocked *= share;
    return sample;
}

void LoopHistory::noteStall(const Stall &stall)
{
    const TimeSpan span = spanOf(stall);
    if (!m_stalls.empty() && m_stalls.back().begin == span.begin)
        m_stalls.pop_back(); // more is known of it now
    m_stalls.push_back(span);
    if (m_stalls.size() > FineCapacity)
        m_stalls.pop_front();
}

std::uint64_t LoopHistory::stallsIn(TimeSpan span) const
{
    return static_cast<std::uint64_t>(
        std::ranges::count_if(m_stalls, [&](const TimeSpan &stall) { return stall.overlaps(span); }));
}

/// What the samples do not have yet: the handler has not returned.
void LoopHistory::addOpenStall(SpanFigures &figures, TimeSpan span) const
{
    if (!m_openStall || !spanOf(*m_openStall).overlaps(span))
        return;
    ++figures.stalls;
    const auto raise = [&](SeriesKind kind) {
        Duration &max = figures.series[static_cast<std::size_t>(kind)].max;
        max = std::max<Duration>(max, m_openStall->duration);
    };
    raise(SeriesKind::Pass);
    if (!m_openStall->wholePass)
        raise(SeriesKind::Handler);
}

void LoopHistory::clear()
{
    m_stalls.clear();
    m_openStall.reset();
    m_lastInterval = {};
    m_fine.clear();
    m_coarse.clear();
    m_retiring.clear();
}

/// The oldest fine sample goes over to the coarse ones: by the second, and never across a gap.
void LoopHistory::retire()
{
    const Sample &oldest = m_fine.front();
    const bool complete =
        !m_retiring.empty() &&
        (oldest.gapBefore || oldest.span.end - m_retiring.front().span.begin > CoarseInterval + Tolerance);
    if (complete) {
        m_coarse.add(merged(m_retiring.data(), m_retiring.size()));
        m_retiring.clear();
    }
    m_retiring.push_back(oldest);
}

std::size_t LoopHistory::firstAfter(const Ring<Sample> &ring, Time time) const
{
    std::size_t low = 0;
    std::size_t high = ring.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (ring[middle].span.end > time)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

TimeSpan LoopHistory::span() const
{
    if (isEmpty())
        return {};
    const Sample &oldest = !m_coarse.isEmpty()   ? m_coarse.front()
                           : !m_retiring.empty() ? m_retiring.front()
                                                 : m_fine.front();
    return {oldest.span.begin, m_fine.back().span.end};
}

const Sample *LoopHistory::latest() const
{
    return isEmpty() ? nullptr : &m_fine.back();
}

const Sample *LoopHistory::at(Time time) const
{
    const Sample *found = nullptr;
    forEach({time, time + 1ns}, [&](const Sample &sample) { found = &sample; });
    return found;
}

std::vector<Point> LoopHistory::curve(TimeSpan span, const Quantity &quantity) const
{
    CurveBuilder builder;
    forEach({span.begin - CoarseInterval, span.end + CoarseInterval},
            [&](const Sample &sample) { builder.add(sample, quantity(sample)); });
    return builder.take();
}

std::vector<Point> LoopHistory::rateCurve(TimeSpan span, const Quantity &count) const
{
    CurveBuilder builder;
    RateMeter meter;
    forEach({span.begin - CoarseInterval - RateWindow, span.end + CoarseInterval}, [&](const Sample &sample) {
        const double rate = meter.add(sample, count(sample));
        if (sample.span.end > span.begin - CoarseInterval)
            builder.add(sample, rate);
    });
    return builder.take();
}

SpanFigures LoopHistory::figures(TimeSpan span) const
{
    FigureSums sums;
    forEach(span, [&](const Sample &sample) { sums.add(sample); });
    SpanFigures result = sums.finished();
    // Samples count stalls that are no longer kept by themselves, the others those of before the first one.
    result.stalls = std::max(result.stalls, stallsIn(span));
    addOpenStall(result, span);
    return result;
}

HeatMap LoopHistory::heatMap(SeriesKind series, TimeSpan span, std::size_t columns) const
{
    HeatMap map(span, columns);
    forEach(span, [&](const Sample &sample) { map.add(sample, series); });
    return map;
}

std::vector<Gap> LoopHistory::gaps(TimeSpan span) const
{
    std::vector<Gap> gaps;
    // The sample after the span tells of a gap at its end.
    forEach({span.begin, Time::max()}, [&](const Sample &sample) {
        const TimeSpan gap{sample.span.begin - sample.gapLength, sample.span.begin};
        if (sample.gapBefore && gap.overlaps(span))
            gaps.push_back({Gap::Cause::ConnectionLost, gap, gap.length()});
        if (sample.span.begin >= span.end)
            return;
        if (sample.suspended > ShortDuration::zero()) {
            gaps.push_back({Gap::Cause::Suspended,
                            {sample.span.begin, sample.span.begin},
                            toDuration(static_cast<double>(sample.suspended.count()))});
        }
    });
    return gaps;
}

std::vector<double> LoopHistory::recentUtilisation(std::size_t count) const
{
    std::vector<double> result(count, std::numeric_limits<double>::quiet_NaN());
    if (isEmpty())
        return result;
    // Bound to the clock, so that a value does not change any more once its second is over.
    const auto last = std::chrono::floor<std::chrono::seconds>(m_fine.back().span.end - 1ns).count();
    const auto first = last + 1 - static_cast<std::int64_t>(count);
    std::vector<SpanFigures> sums(count); // of these only the time
    forEach({std::chrono::seconds(first), m_fine.back().span.end}, [&](const Sample &sample) {
        const auto second = std::chrono::floor<std::chrono::seconds>(sample.span.end - 1ns).count();
        if (second < first || second > last)
            return;
        SpanFigures &sum = sums[static_cast<std::size_t>(second - first)];
        sum.busy += toDuration(sample.busy.count());
        sum.blocked += toDuration(sample.blocked.count());
        sum.measured += sample.span.length();
    });
    for (std::size_t i = 0; i < count; ++i) {
        if (sums[i].busy + sums[i].blocked > Duration())
            result[i] = sums[i].utilisation();
    }
    return result;
}

} // namespace Flywheel::Monitor
