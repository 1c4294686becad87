// SPDX-License-Identifier: MIT
#include "findings.h"

#include "format.h"
#include "loop.h"
#include "stallfindings.h"

#include <algorithm>
#include <optional>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

/// Less measured time than this says too little.
constexpr Duration ShortestSpan = 3s;

constexpr double ZeroTimerRate = 200; ///< firings a second
constexpr double ZeroTimerUtilisation = 0.5;
constexpr double SaturatedUtilisation = 0.9;
constexpr Duration FrameBudget = 16'667us; ///< one picture of 60 a second
constexpr std::uint64_t OverBudgetOften = 3;
constexpr double QueueGrowth = 2; ///< the last third against the first one
constexpr double LongQueue = 100;
constexpr Duration FastInterval = 10ms;
constexpr double FastRate = 50;
constexpr double IdleUtilisation = 0.2;
constexpr double ShareOfPasses = 0.5;
constexpr Duration NoticeableLateness = 2ms;
constexpr Duration LongestWatchedInterval = 500ms; ///< of coarse timers: slower ones may well be late by ms
constexpr double CalmUtilisation = 0.3;
constexpr std::uint32_t DeepNesting = 4;
constexpr std::uint32_t ManyNotifiers = 100;
constexpr double BackloggedUtilisation = 0.8;
constexpr double NoticeableBacklog = 0.1; ///< share of what arrived that was not handled
const QLatin1String Others("(others)");   ///< a row that sums up many

using Kind = Finding::Kind;
using View = Finding::View;

/// What the rules look at.
struct Evidence
{
    const Loop &loop;
    TimeSpan span;
    SpanFigures figures;
    double utilisation;
    std::vector<TimerRow> timers;
    std::vector<ReceiverRow> receivers;
};

/// The row that scores highest among those that \a fits.
template <typename Row, typename Fits, typename Score>
const Row *best(const std::vector<Row> &rows, Fits fits, Score score)
{
    const Row *found = nullptr;
    for (const Row &row : rows) {
        if (fits(row) && (!found || score(row) > score(*found)))
            found = &row;
    }
    return found;
}

/// The length of a span, or of what is measured of it.
QString lengthText(Duration length)
{
    return Format::interval(std::chrono::round<std::chrono::seconds>(length));
}

const TimerRow *spinningTimer(const Evidence &evidence)
{
    if (evidence.utilisation < ZeroTimerUtilisation)
        return nullptr;
    return best(
        evidence.timers,
        [](const TimerRow &timer) {
            return timer.interval == 0ns && timer.perSecond >= ZeroTimerRate && timer.className != Others;
        },
        [](const TimerRow &timer) { return timer.perSecond; });
}

std::optional<Finding> zeroTimerSpins(const Evidence &evidence)
{
    const TimerRow *const timer = spinningTimer(evidence);
    if (!timer)
        return {};
    return Finding{.kind = Kind::ZeroTimerSpins,
                   .cause = QStringLiteral("A zero timer of %1 keeps this loop at %2.")
                                .arg(timerName(*timer), Format::percent(evidence.utilisation)),
                   .figure = QStringLiteral("%1 firings").arg(Format::rate(timer->perSecond)),
                   .advice =
                       QStringLiteral("Stop it while there is nothing to do, or give it an interval; move "
                                      "long work to a thread."),
                   .view = View::Timers,
                   .weight = evidence.utilisation + 1,
                   .subject = timer->className};
}

std::optional<Finding> loopSaturated(const Evidence &evidence)
{
    if (evidence.utilisation < SaturatedUtilisation || spinningTimer(evidence))
        return {};
    const ReceiverRow *const receiver = evidence.receivers.empty() ? nullptr : &evidence.receivers.front();
    QString cause = QStringLiteral("This loop has no time left: what comes in has to wait.");
    if (receiver)
        cause =
            QStringLiteral("This loop has no time left. %2 takes %1 of it.")
                .arg(Format::percent(receiver->share), receiverName(evidence.loop, evidence.span, *receiver));
    return Finding{.kind = Kind::LoopSaturated,
                   .cause = cause,
                   .figure = QStringLiteral("%1 busy").arg(Format::percent(evidence.utilisation)),
                   .advice =
                       QStringLiteral("Move the most expensive receivers to another thread, or have them "
                                      "do less at a time."),
                   .view = View::Receivers,
                   .weight = evidence.utilisation + 1,
                   .subject = receiver ? receiver->className : QString()};
}

std::uint64_t handlersOverBudget(const Evidence &evidence)
{
    std::uint64_t result = 0;
    evidence.loop.history().forEach(evidence.span, [&](const Sample &sample) {
        if (sample.of(SeriesKind::Handler).max <= FrameBudget)
            return;
        sample.of(SeriesKind::Handler).histogram.forEach([&](Duration duration, std::uint64_t count) {
            result += duration > FrameBudget ? count : 0;
        });
    });
    return result;
}

std::optional<Finding> handlerOverFrameBudget(const Evidence &evidence)
{
    const std::uint64_t handlers = handlersOverBudget(evidence);
    if (handlers < OverBudgetOften)
        return {};
    const auto longest = [](const ReceiverRow &row) { return row.max; };
    const ReceiverRow *const culprit = best(
        evidence.receivers, [](const ReceiverRow &row) { return row.max > FrameBudget; }, longest);
    const Duration max = evidence.figures.of(SeriesKind::Handler).max;
    return Finding{.kind = Kind::HandlerOverFrameBudget,
                   .cause =
                       QStringLiteral("%1 blocks this loop for longer than a picture of 60 a second lasts, "
                                      "again and again.")
                           .arg(culprit ? receiverName(evidence.loop, evidence.span, *culprit)
                                        : QStringLiteral("A handler")),
                   .figure = QStringLiteral("%1 handlers over %2 in %3, longest %4")
                                 .arg(Format::count(handlers), Format::duration(FrameBudget),
                                      lengthText(evidence.span.length()), Format::duration(max)),
                   .advice = QStringLiteral("Do the work in another thread or in pieces; the stalls name the "
                                            "object."),
                   .view = View::Stalls,
                   .weight = static_cast<double>(max / FrameBudget) / 10,
                   .subject = culprit ? culprit->className : QString()};
}

/// The mean depth of the queue in each third of the span.
std::array<double, 3> depthByThirds(const Evidence &evidence)
{
    std::array<double, 3> sums{};
    std::array<double, 3> samples{};
    const Duration third = evidence.span.length() / 3 + 1ns;
    evidence.loop.history().forEach(evidence.span, [&](const Sample &sample) {
        const auto place = (sample.span.end - evidence.span.begin - 1ns) / third;
        const auto index = static_cast<std::size_t>(std::clamp<Duration::rep>(place, 0, 2));
        sums[index] += static_cast<double>(sample.taskDepth + sample.postedDepth.value_or(0));
        samples[index] += 1;
    });
    for (std::size_t i = 0; i < sums.size(); ++i)
        sums[i] = samples[i] > 0 ? sums[i] / samples[i] : 0;
    return sums;
}

/// What to do about a queue of posted events that grows; \a figure shows that it does.
Finding queueGrows(const QString &cause, const QString &figure, double queued)
{
    return {.kind = Kind::PostedQueueGrows,
            .cause = cause,
            .figure = figure,
            .advice =
                QStringLiteral("Post less often, combine what is posted, or wait for the receiver before "
                               "posting more."),
            .view = View::QueueDepth,
            .weight = 1 + queued / 10'000,
            .subject = {}};
}

/// Where the queue can't be counted: what arrived and was not handled waits.
std::optional<Finding> arrivalsPileUp(const Evidence &evidence)
{
    const SpanFigures &figures = evidence.figures;
    const auto runs = [&](HandlerKind kind) { return figures.runs[static_cast<std::size_t>(kind)]; };
    const bool isBusy = evidence.utilisation >= BackloggedUtilisation;
    if (!isBusy || figures.posts < static_cast<std::uint64_t>(LongQueue))
        return {};
    const std::uint64_t handled = runs(HandlerKind::PostedEvent) + runs(HandlerKind::Task);
    const bool isEndlessBatch = figures.events == 0;
    // Batches say nothing of how many events there were.
    if (!isEndlessBatch && runs(HandlerKind::PostedEvent) == 0)
        return {};
    const double waiting = static_cast<double>(figures.posts) - static_cast<double>(handled);
    if (waiting < LongQueue || waiting < NoticeableBacklog * static_cast<double>(figures.posts))
        return {};
    return queueGrows(
        QStringLiteral("Events are posted to this loop faster than it handles them."),
        QStringLiteral("%1 arrived and %2 handled in %3")
            .arg(Format::count(figures.posts), Format::count(handled), lengthText(figures.measured)),
        waiting);
}

std::optional<Finding> postedQueueGrows(const Evidence &evidence)
{
    if (!evidence.figures.postedDepthMax && evidence.figures.taskDepthMax < LongQueue)
        return arrivalsPileUp(evidence);
    const auto [first, middle, last] = depthByThirds(evidence);
    const bool grows = first < middle && middle < last && last >= QueueGrowth * first;
    if (!grows || last < LongQueue)
        return {};
    return queueGrows(QStringLiteral("Events and tasks are posted to this loop faster than it handles them."),
                      QStringLiteral("%1 queued, %2 at first")
                          .arg(Format::count(static_cast<std::uint64_t>(last)),
                               Format::count(static_cast<std::uint64_t>(first))),
                      last);
}

std::optional<Finding> fastTimerWakesIdleLoop(const Evidence &evidence)
{
    const double passes = evidence.figures.perSecond(evidence.figures.passes);
    if (evidence.utilisation >= IdleUtilisation)
        return {};
    const TimerRow *const timer = best(
        evidence.timers,
        [passes](const TimerRow &row) {
            return row.interval > 0ns && row.interval < FastInterval && row.perSecond >= FastRate &&
                   row.perSecond >= ShareOfPasses * passes;
        },
        [](const TimerRow &row) { return row.perSecond; });
    if (!timer)
        return {};
    return Finding{
        .kind = Kind::FastTimerWakesIdleLoop,
        .cause = QStringLiteral("A timer of %1 with an interval of %2 wakes a loop that has little "
                                "else to do.")
                     .arg(timerName(*timer), Format::interval(timer->interval)),
        .figure = QStringLiteral("%1 wake-ups at %2 utilisation")
                      .arg(Format::rate(timer->perSecond), Format::percent(evidence.utilisation)),
        .advice = QStringLiteral("Wait for the event itself instead of looking for it, or use a longer "
                                 "interval: each wake-up costs energy."),
        .view = View::Timers,
        .weight = timer->perSecond / 10'000,
        .subject = timer->className};
}

std::optional<Finding> latenessWithoutLoad(const Evidence &evidence)
{
    if (evidence.utilisation >= CalmUtilisation)
        return {};
    const Duration longest = evidence.figures.of(SeriesKind::Pass).max;
    const TimerRow *const timer = best(
        evidence.timers,
        [longest](const TimerRow &row) {
            return row.type != Qt::PreciseTimer && row.interval > 0ns &&
                   row.interval <= LongestWatchedInterval && row.latenessMean >= NoticeableLateness &&
                   row.latenessMean > longest / 2;
        },
        [](const TimerRow &row) { return row.latenessMean; });
    if (!timer)
        return {};
    return Finding{
        .kind = Kind::LatenessWithoutLoad,
        .cause =
            QStringLiteral("The timer of %1 (%2) fires late though the loop has time: it is %3, and "
                           "such timers wait for each other.")
                .arg(timerName(*timer), Format::interval(timer->interval), Format::timerType(timer->type)),
        .figure = QStringLiteral("%1 late on average").arg(Format::duration(timer->latenessMean)),
        .advice = QStringLiteral("If the moment matters, make it a Qt::PreciseTimer; if not, all is well."),
        .view = View::Timers,
        .weight = 0.01,
        .subject = timer->className};
}

std::optional<Finding> deepNesting(const Evidence &evidence)
{
    std::uint32_t depth = 0;
    evidence.loop.history().forEach(
        evidence.span, [&](const Sample &sample) { depth = std::max(depth, sample.nestingDepth); });
    if (depth < DeepNesting)
        return {};
    return Finding{
        .kind = Kind::DeepNesting,
        .cause = QStringLiteral("Handlers run event loops inside handlers, by processEvents() or local "
                                "QEventLoops."),
        .figure = QStringLiteral("%1 loops inside each other").arg(Format::count(depth)),
        .advice = QStringLiteral("React to signals instead of waiting in a handler: what runs below is "
                                 "stuck until all above have returned."),
        .view = View::Latency,
        .weight = 0.5,
        .subject = {}};
}

std::optional<Finding> tooManyNotifiersForPoll(const Evidence &evidence)
{
    const Sample *const latest = evidence.loop.history().at(evidence.span.end - 1ns);
    if (evidence.loop.poller() != QLatin1String("poll") || !latest || latest->notifiers < ManyNotifiers)
        return {};
    return Finding{
        .kind = Kind::TooManyNotifiersForPoll,
        .cause = QStringLiteral("This loop waits with poll(2), whose cost grows with each descriptor."),
        .figure = QStringLiteral("%1 notifiers").arg(Format::count(latest->notifiers)),
        .advice = QStringLiteral("Use the epoll poller: unset FLYWHEEL_POLLER, or set Options::poller."),
        .view = View::Utilisation,
        .weight = static_cast<double>(latest->notifiers) / 10'000,
        .subject = {}};
}

constexpr std::array Rules{zeroTimerSpins,   loopSaturated,          handlerOverFrameBudget,
                           postedQueueGrows, fastTimerWakesIdleLoop, latenessWithoutLoad,
                           deepNesting,      tooManyNotifiersForPoll};

} // namespace

std::vector<Finding> findingsOf(const Loop &loop, TimeSpan span)
{
    std::vector<Finding> result;
    if (auto stall = longStallOf(loop, span))
        result.push_back(*std::move(stall));
    SpanFigures figures = loop.history().figures(span);
    if (figures.measured < ShortestSpan)
        return result;
    const double utilisation = figures.utilisation();
    const Evidence evidence{
        loop, span, figures, utilisation, loop.tables().timers(span), loop.tables().receivers(span)};
    for (const auto rule : Rules) {
        if (auto finding = rule(evidence))
            result.push_back(*std::move(finding));
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const Finding &a, const Finding &b) { return a.weight > b.weight; });
    return result;
}

} // namespace Flywheel::Monitor
