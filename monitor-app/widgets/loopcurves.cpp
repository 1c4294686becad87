// SPDX-License-Identifier: MIT
#include "loopcurves.h"

#include "model/format.h"
#include "model/handlertext.h"
#include "model/loopsmodel.h"
#include "model/stallspan.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <array>
#include <utility>

namespace Flywheel::Monitor {

namespace {

constexpr int HeatColumns = 160;
constexpr Duration LongestFrame =
    std::chrono::seconds(3);       ///< frames come each 100 ms, old ones are merged to 1 s
constexpr double NoDurations = -1; ///< of an interval: unlike a gap, it says that nothing happened

/// \a points, with a gap where one is further from the one before than \a bridged.
Points broken(const Points &points, Duration bridged)
{
    Points result;
    for (const Point &point : points) {
        if (!result.empty() && !result.back().isGap() && !point.isGap() &&
            point.at - result.back().at > bridged)
            result.push_back(Point::gap(result.back().at));
        result.push_back(point);
    }
    return result;
}

/// An interval without durations has no percentile. The line goes on over a few of them, and ends where there
/// were none for longer: of sparse events dots remain, not slopes that nobody measured.
Points withoutEmpty(Points points, TimeSpan span)
{
    points.erase(std::remove_if(points.begin(), points.end(),
                                [](const Point &point) { return point.value == NoDurations; }),
                 points.end());
    return broken(points, std::max<Duration>(std::chrono::milliseconds(500), span.length() / 150));
}

/// A frame that tells of many seconds comes from a program that was stopped: no ramp leads there.
Points withoutRamps(const Points &points)
{
    return broken(points, LongestFrame);
}

Points percentile(const Loop &loop, SeriesKind series, TimeSpan span, ShortDuration SeriesSample::*figure)
{
    const auto quantity = [series, figure](const Sample &sample) {
        const SeriesSample &of = sample.of(series);
        return of.count > 0 ? double((of.*figure).count()) : NoDurations;
    };
    return decimate(withoutEmpty(loop.history().curve(span, quantity), span), span, MostPoints);
}

Points curve(const Loop &loop, TimeSpan span, const LoopHistory::Quantity &quantity)
{
    return decimate(withoutRamps(loop.history().curve(span, quantity)), span, MostPoints);
}

/// Those of \a points whose times are in \a times, which has no others.
Points pick(const Points &points, const Points &times)
{
    Points result;
    auto time = times.begin();
    for (const Point &point : points) {
        if (time == times.end())
            break;
        if (point.at == time->at && point.isGap() == time->isGap()) {
            result.push_back(point);
            ++time;
        }
    }
    return result;
}

/// Not 0 where no task waits: nothing has an age then.
double ageOfOldestTask(const Sample &sample)
{
    const double age = sample.oldestTaskAge.count();
    return age > 0 ? age : NoDurations;
}

TimeMark markOf(const Stall &stall, bool ongoing)
{
    const QString duration = Format::duration(stall.duration);
    const QString text = ongoing
                             ? QCoreApplication::translate("Flywheel::Monitor", "Stalled for %1 so far: %2")
                             : QCoreApplication::translate("Flywheel::Monitor", "Stall: %1, %2");
    return {stall.beganMonotonic,
            TimeMark::Shape::Stall,
            text.arg(duration, stallCulprit(stall)),
            spanOf(stall).end,
            ongoing,
            stallLabel(stall)};
}

} // namespace

PercentileChart::Data percentileCurves(const Loop &loop, SeriesKind series, TimeSpan span)
{
    return {percentile(loop, series, span, &SeriesSample::p50),
            percentile(loop, series, span, &SeriesSample::p90),
            percentile(loop, series, span, &SeriesSample::p99),
            percentile(loop, series, span, &SeriesSample::max)};
}

Points p99Curve(const Loop &loop, SeriesKind series, TimeSpan span)
{
    return percentile(loop, series, span, &SeriesSample::p99);
}

std::vector<ThroughputChart::Layer> throughputLayers(const Loop &loop, TimeSpan span)
{
    // Stacked layers must share their times, so those of the total decide: its peaks are kept.
    const Points times =
        decimate(loop.history().rateCurve(span, [](const Sample &sample) { return double(sample.events()); }),
                 span, MostPoints);
    constexpr std::array Kinds{HandlerKind::Timer, HandlerKind::Notifier, HandlerKind::PostedBatch,
                               HandlerKind::Task, HandlerKind::WindowEvent};
    std::vector<ThroughputChart::Layer> layers;
    for (const HandlerKind kind : Kinds) {
        const auto runs = [kind](const Sample &sample) { return double(sample.handled(kind)); };
        Points points = pick(loop.history().rateCurve(span, runs), times);
        if (largest(points) > 0)
            layers.push_back({kind, std::move(points)});
    }
    return layers;
}

QueueChart::Data queueCurves(const Loop &loop, TimeSpan span)
{
    const Sample *latest = loop.history().latest();
    const bool exact = latest && latest->postedDepth;
    return {curve(loop, span, [](const Sample &sample) { return double(sample.taskDepth); }),
            curve(loop, span,
                  [exact](const Sample &sample) {
                      return exact ? double(sample.postedDepth.value_or(0)) : double(sample.postsPerPass);
                  }),
            exact,
            decimate(withoutEmpty(loop.history().curve(span, ageOfOldestTask), span), span, MostPoints)};
}

Points utilisationCurve(const Loop &loop, TimeSpan span)
{
    return curve(loop, span, [](const Sample &sample) { return sample.utilisation(); });
}

HeatMap heatMapOf(const Loop &loop, SeriesKind series, TimeSpan span)
{
    const Duration column = std::max<Duration>(span.length() / HeatColumns, std::chrono::milliseconds(1));
    const Time begin = span.begin - span.begin % column;
    const auto columns = (span.end - begin) / column + 1;
    return loop.history().heatMap(series, {begin, begin + columns * column},
                                  static_cast<std::size_t>(columns));
}

QString stallLabel(const Stall &stall)
{
    Stall handler = stall;
    handler.wholePass = false;
    const QString who = shortBlame(stallBlame(handler));
    const QString blame =
        stall.wholePass ? QCoreApplication::translate("Flywheel::Monitor", "pass, mostly %1").arg(who) : who;
    return QStringLiteral("%1 · %2").arg(Format::duration(stall.duration), blame);
}

std::vector<TimeMark> marksOf(const Loop &loop, TimeSpan span)
{
    std::vector<TimeMark> marks;
    for (const Stall &stall : loop.stalls(span))
        marks.push_back(markOf(stall, false));
    if (const auto &stall = loop.ongoingStall(); stall && span.overlaps(spanOf(*stall)))
        marks.push_back(markOf(*stall, true));
    for (const Crossing &crossing : loop.crossings())
        if (span.contains(crossing.at))
            marks.push_back({crossing.at, TimeMark::Shape::Threshold,
                             healthText(crossing.after) + QStringLiteral(": ") + crossing.reason});
    std::sort(marks.begin(), marks.end(),
              [](const TimeMark &a, const TimeMark &b) { return a.time < b.time; });
    return marks;
}

} // namespace Flywheel::Monitor
