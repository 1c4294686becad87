// SPDX-License-Identifier: MIT
#include "stallfindings.h"

#include "format.h"
#include "process.h"
#include "stallspan.h"

#include <algorithm>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

/// One that goes on, or was the end, comes before all other findings.
constexpr double GravestWeight = 1000;
constexpr Duration WeightUnit = 100ms;

/// The stalls of a span, those that ended and the one that goes on.
struct SpanStalls
{
    std::vector<Stall> stalls;
    bool ongoing = false; ///< the last one goes on
};

SpanStalls stallsIn(const Loop &loop, TimeSpan span)
{
    SpanStalls result{.stalls = loop.stalls(span)};
    const auto &now = loop.ongoingStall();
    result.ongoing = now && span.overlaps(spanOf(*now));
    if (result.ongoing)
        result.stalls.push_back(*now);
    return result;
}

const Stall *longestOf(const std::vector<Stall> &stalls)
{
    const auto longest = std::max_element(
        stalls.begin(), stalls.end(), [](const Stall &a, const Stall &b) { return a.duration < b.duration; });
    return longest == stalls.end() ? nullptr : &*longest;
}

/// Who stalled, at the beginning of a sentence: one thing, so that a verb in the singular can follow.
QString culpritOf(Stall stall)
{
    const bool isPass = std::exchange(stall.wholePass, false);
    const QString who = stallBlame(stall);
    if (isPass)
        return QStringLiteral("A pass of many handlers (mostly %1)").arg(who);
    if (stall.kind == HandlerKind::PostedBatch && who == Format::handlerKind(stall.kind))
        return QStringLiteral("A batch of posted events");
    if (who == Format::handlerKind(stall.kind))
        return QStringLiteral("A %1").arg(who);
    const bool isObject = !stall.className.empty() && !stall.className.starts_with('(');
    return isObject || !stall.objectName.empty() ? who : who.left(1).toUpper() + who.mid(1);
}

Finding stallFinding(const Stall &stall, const QString &cause, const QString &figure, const QString &advice)
{
    return {.kind = Finding::Kind::LongStall,
            .cause = cause,
            .figure = figure,
            .advice = advice,
            .view = Finding::View::Stalls,
            .weight = 1 + static_cast<double>(stall.duration / WeightUnit),
            .subject = QString::fromStdString(stall.className)};
}

Finding fatalStall(const Loop &loop, const Stall &stall)
{
    const bool isProgram = loop.isMain() || loop.process().state() == Process::State::Ended;
    Finding finding =
        stallFinding(stall,
                     QStringLiteral("%1 held up this loop for %2, and %3 ended in it.")
                         .arg(culpritOf(stall), Format::duration(stall.duration),
                              isProgram ? QStringLiteral("the program") : QStringLiteral("the loop")),
                     QStringLiteral("stalled for %1, to the end").arg(Format::duration(stall.duration)),
                     QStringLiteral("Find out what this handler waited for, or what took it so long; do the "
                                    "work in another thread or in pieces."));
    finding.weight += GravestWeight;
    return finding;
}

Finding ongoingStall(const Loop &loop, const Stall &stall)
{
    Finding finding =
        stallFinding(stall,
                     QStringLiteral("%1 holds up this loop, for %2 so far: nothing else of it runs.")
                         .arg(culpritOf(stall), Format::duration(stall.duration)),
                     QStringLiteral("stalled for %1 so far").arg(Format::duration(stall.duration)),
                     QStringLiteral("Look with a debugger what thread %1 of process %2 does or waits for.")
                         .arg(loop.latest().threadId ? QString::number(loop.latest().threadId) : loop.name())
                         .arg(loop.process().processId()));
    finding.weight += GravestWeight;
    return finding;
}

Finding endedStalls(const Stall &longest, std::int64_t count)
{
    const QString length = Format::duration(longest.duration);
    return stallFinding(longest,
                        QStringLiteral("%1 held up this loop for %2.").arg(culpritOf(longest), length),
                        count == 1 ? QStringLiteral("1 stall of %1").arg(length)
                                   : QStringLiteral("%1 stalls over %2, longest %3")
                                         .arg(Format::count(static_cast<std::uint64_t>(count)),
                                              Format::interval(LongStall), length),
                        QStringLiteral("Do the work in another thread or in pieces."));
}

/// The longest stall of a single handler that \a receiver ran.
const Stall *stallOf(const std::vector<Stall> &stalls, const ReceiverRow &receiver)
{
    const std::string className = receiver.className.toStdString();
    const Stall *found = nullptr;
    for (const Stall &stall : stalls) {
        const bool isOurs = !stall.wholePass && stall.kind == receiver.kind && stall.className == className;
        if (isOurs && (!found || stall.duration > found->duration))
            found = &stall;
    }
    return found;
}

} // namespace

std::optional<Finding> longStallOf(const Loop &loop, TimeSpan span)
{
    const auto [stalls, ongoing] = stallsIn(loop, span);
    if (ongoing && stalls.back().duration >= LongStall)
        return ongoingStall(loop, stalls.back());
    const auto fatal =
        std::find_if(stalls.begin(), stalls.end(), [&](const Stall &stall) { return loop.isFatal(stall); });
    if (fatal != stalls.end())
        return fatalStall(loop, *fatal);
    const Stall *const longest = longestOf(stalls);
    if (!longest || longest->duration < LongStall)
        return {};
    return endedStalls(*longest, std::count_if(stalls.begin(), stalls.end(), [](const Stall &stall) {
        return stall.duration >= LongStall;
    }));
}

QString receiverName(const Loop &loop, TimeSpan span, const ReceiverRow &receiver)
{
    const std::vector<Stall> stalls = stallsIn(loop, span).stalls;
    const Stall *const stall = stallOf(stalls, receiver);
    if (stall && !stall->objectName.empty())
        return stallReceiver(*stall);
    const QString kind = Format::handlerKind(receiver.kind);
    if (receiver.className.startsWith(QLatin1Char('(')))
        return receiver.className == QLatin1String("(others)") ? QStringLiteral("A mix of receivers")
                                                               : QStringLiteral("A %1").arg(kind);
    const TimerRow *costliest = nullptr;
    const std::vector<TimerRow> timers = loop.tables().timers(span);
    for (const TimerRow &timer : timers) {
        const bool isOurs = receiver.kind == HandlerKind::Timer && timer.className == receiver.className;
        if (isOurs && !timer.objectName.isEmpty() && (!costliest || timer.max > costliest->max))
            costliest = &timer;
    }
    return costliest ? timerName(*costliest) : QStringLiteral("%1 (%2)").arg(receiver.className, kind);
}

QString timerName(const TimerRow &timer)
{
    return timer.objectName.isEmpty() ? timer.className
                                      : QStringLiteral("%1 \"%2\"").arg(timer.className, timer.objectName);
}

} // namespace Flywheel::Monitor
