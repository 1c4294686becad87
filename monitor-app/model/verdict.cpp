// SPDX-License-Identifier: MIT
#include "verdict.h"

#include "culprits.h"
#include "format.h"
#include "loopsmodel.h"
#include "session.h"
#include "stallfindings.h"

#include <QtCore/qcoreapplication.h>

#include <algorithm>
#include <tuple>

namespace Flywheel::Monitor {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::Verdict", text);
}

/// What speaks against one loop.
struct Case
{
    Loop *loop;
    Health health;
    std::vector<Culprit> culprits; ///< the costliest first
    std::uint64_t stalls = 0;
    Duration total{};
    Duration worst{};
    bool stuck = false; ///< in a stall that has gone on for long; short ones come and go
    Duration silence{};

    bool isFatal() const { return loop->fatalStall().has_value(); }
    auto gravity() const
    {
        return std::tuple(silence > Duration(), stuck, isFatal(), health, total, worst, loop->isMain());
    }
    /// What no number of stalls makes up for. Between "busy" and "unwell" by stalls a single one may decide.
    auto kind() const
    {
        return std::tuple(silence > Duration(), stuck, isFatal(),
                          loop->isRunning() ? loop->healthButForStalls() : Health::Good);
    }
    /// By kind, or by a quarter.
    bool isClearlyWorse(const Case &other) const
    {
        if (kind() != other.kind())
            return kind() > other.kind();
        return total > saturatedSum(other.total, other.total / 4);
    }
};

Case caseOf(Loop *loop, const TimeSpan &span)
{
    Case result{.loop = loop,
                .health = loop->isRunning() ? loop->health() : Health::Good,
                .culprits = culpritsOf({loop}, span),
                .silence = loop->isRunning() ? loop->process().silence() : Duration()};
    for (const Culprit &culprit : result.culprits) {
        result.stalls += culprit.count;
        result.total = saturatedSum(result.total, culprit.total);
        result.worst = std::max(result.worst, culprit.worst.duration);
        result.stuck = result.stuck || (culprit.ongoing && culprit.last.duration >= LongStall);
    }
    return result;
}

QString stallsText(const Case &found, const TimeSpan &span)
{
    const Culprit &first = found.culprits.front();
    QString text =
        found.stalls == 1
            ? tr("1 stall in %1, of %2").arg(Format::interval(span.length()), Format::duration(found.worst))
            : tr("%1 stalls in %2, worst %3")
                  .arg(Format::count(found.stalls), Format::interval(span.length()),
                       Format::duration(found.worst));
    text += found.stalls == 1 ? tr(", %1").arg(first.who)
                              : tr(", %1 × %2").arg(Format::count(first.count), first.who);
    return text;
}

/// The part about the loop, without its name; empty if all is well.
QString complaint(const Case &found, const TimeSpan &span)
{
    if (found.silence > Duration())
        return silenceText(found.silence);
    if (found.stuck) {
        const auto at = std::find_if(found.culprits.begin(), found.culprits.end(),
                                     [](const Culprit &culprit) { return culprit.ongoing; });
        return tr("stalled for %1 now, %2").arg(Format::duration(at->last.duration), at->who);
    }
    if (found.isFatal())
        return tr("was stalled for %1 when it ended, %2")
            .arg(Format::duration(found.loop->fatalStall()->duration), stallBlame(*found.loop->fatalStall()));
    if (found.stalls > 0)
        return stallsText(found, span);
    if (found.health == Health::Good)
        return {};
    const QString reason = found.loop->healthReason();
    return found.health == Health::Busy ? tr("busy. %1").arg(reason).trimmed()
                                        : tr("unwell. %1").arg(reason).trimmed();
}

QString nameOf(const Loop &loop, const QList<Loop *> &loops)
{
    std::vector<const Process *> processes;
    for (const Loop *other : loops)
        processes.push_back(&other->process());
    const bool several = std::any_of(processes.begin(), processes.end(),
                                     [&](const Process *other) { return other != &loop.process(); });
    return several ? QStringLiteral("%1 %2").arg(distinctName(loop.process(), processes), loop.name())
                   : loop.name();
}

/// The gravest of \a cases, or the one that is \a named already if that is not clearly worse.
const Case &worstOf(const std::vector<Case> &cases, const Loop *named, const TimeSpan &span)
{
    const auto worst = std::max_element(
        cases.begin(), cases.end(), [](const Case &a, const Case &b) { return a.gravity() < b.gravity(); });
    const auto former =
        std::find_if(cases.begin(), cases.end(), [&](const Case &found) { return found.loop == named; });
    const bool stays =
        former != cases.end() && !complaint(*former, span).isEmpty() && !worst->isClearlyWorse(*former);
    return stays ? *former : *worst;
}

} // namespace

Verdict verdictOf(const QList<Loop *> &loops, TimeSpan span, const Loop *named)
{
    if (loops.isEmpty())
        return {.text = tr("no loop is watched yet")};
    std::vector<Case> cases;
    for (Loop *loop : loops)
        cases.push_back(caseOf(loop, span));
    const Case *const worst = &worstOf(cases, named, span);
    const QString text = complaint(*worst, span);
    const bool isKnown =
        std::any_of(loops.begin(), loops.end(), [](const Loop *loop) { return !loop->history().isEmpty(); });
    if (text.isEmpty())
        return {.text = isKnown ? tr("all loops well") : tr("nothing measured yet"), .isKnown = isKnown};
    const auto others = std::count_if(cases.begin(), cases.end(), [&](const Case &found) {
        return &found != worst && found.loop->isRunning() && !complaint(found, span).isEmpty();
    });
    Verdict verdict{.text = QStringLiteral("%1: %2").arg(nameOf(*worst->loop, loops), text),
                    .health = worst->stuck || worst->isFatal() || worst->silence > Duration()
                                  ? Health::Unwell
                                  : std::max(worst->health, Health::Busy),
                    .loop = worst->loop,
                    .isKnown = true};
    if (others > 0)
        verdict.text +=
            others == 1 ? tr("; 1 more loop is not well") : tr("; %1 more loops are not well").arg(others);
    return verdict;
}

Loop *loopToShow(const QList<Loop *> &loops, TimeSpan span)
{
    if (Loop *const worst = verdictOf(loops, span).loop)
        return worst;
    const auto main =
        std::find_if(loops.begin(), loops.end(), [](const Loop *loop) { return loop->isMain(); });
    return main != loops.end() ? *main : loops.value(0);
}

Verdict verdictOf(const Session &session)
{
    const std::vector<Loop *> loops = session.loops();
    const Time now = session.now();
    Verdict verdict = verdictOf(QList<Loop *>(loops.begin(), loops.end()),
                                {now - std::min(now, VerdictWindow), now}, session.namedLast());
    session.setNamedLast(verdict.loop);
    if (loops.empty() && !session.awaited().isEmpty())
        verdict.text = tr("waiting for %1").arg(Format::plain(session.awaited().join(QStringLiteral(", "))));
    return verdict;
}

} // namespace Flywheel::Monitor
