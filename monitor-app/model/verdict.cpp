// SPDX-License-Identifier: MIT
#include "verdict.h"

#include "culprits.h"
#include "format.h"
#include "session.h"

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
    bool ongoing = false;

    auto gravity() const { return std::tuple(ongoing, health, total, worst); }
};

Case caseOf(Loop *loop, const TimeSpan &span)
{
    Case result{.loop = loop,
                .health = loop->isRunning() ? loop->health() : Health::Good,
                .culprits = culpritsOf({loop}, span)};
    for (const Culprit &culprit : result.culprits) {
        result.stalls += culprit.count;
        result.total += culprit.total;
        result.worst = std::max(result.worst, culprit.worst.duration);
        result.ongoing = result.ongoing || culprit.ongoing;
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
    if (found.ongoing) {
        const auto at = std::find_if(found.culprits.begin(), found.culprits.end(),
                                     [](const Culprit &culprit) { return culprit.ongoing; });
        return tr("stalled for %1 now, %2").arg(Format::duration(at->last.duration), at->who);
    }
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
    const bool several = std::any_of(loops.begin(), loops.end(),
                                     [&](const Loop *other) { return &other->process() != &loop.process(); });
    return several ? QStringLiteral("%1 %2").arg(loop.process().name(), loop.name()) : loop.name();
}

} // namespace

Verdict verdictOf(const QList<Loop *> &loops, TimeSpan span)
{
    if (loops.isEmpty())
        return {.text = tr("no loop is watched yet")};
    std::vector<Case> cases;
    for (Loop *loop : loops)
        cases.push_back(caseOf(loop, span));
    const auto worst = std::max_element(
        cases.begin(), cases.end(), [](const Case &a, const Case &b) { return a.gravity() < b.gravity(); });
    const QString text = complaint(*worst, span);
    const bool isKnown =
        std::any_of(loops.begin(), loops.end(), [](const Loop *loop) { return !loop->history().isEmpty(); });
    if (text.isEmpty())
        return {.text = isKnown ? tr("all loops well") : tr("nothing measured yet"), .isKnown = isKnown};
    const auto others = std::count_if(cases.begin(), cases.end(), [&](const Case &found) {
        return &found != &*worst && !complaint(found, span).isEmpty();
    });
    Verdict verdict{.text = QStringLiteral("%1: %2").arg(nameOf(*worst->loop, loops), text),
                    .health = worst->ongoing ? Health::Unwell : std::max(worst->health, Health::Busy),
                    .loop = worst->loop,
                    .isKnown = true};
    if (others > 0)
        verdict.text +=
            tr("; %n more loops are not well").replace(QLatin1String("%n"), QString::number(others));
    return verdict;
}

Verdict verdictOf(const Session &session)
{
    const std::vector<Loop *> loops = session.loops();
    const Time now = session.now();
    return verdictOf(QList<Loop *>(loops.begin(), loops.end()), {now - std::min(now, VerdictWindow), now});
}

} // namespace Flywheel::Monitor
