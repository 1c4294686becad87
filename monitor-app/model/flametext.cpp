// SPDX-License-Identifier: MIT
#include "flametext.h"

#include "format.h"

namespace Flywheel::Monitor {

namespace {

QString countOf(std::size_t count, const QString &one, const QString &many)
{
    return count == 1 ? QStringLiteral("1 %1").arg(one)
                      : QStringLiteral("%1 %2").arg(Format::count(count), many);
}

QString stallsOf(std::size_t count)
{
    return countOf(count, QStringLiteral("stall"), QStringLiteral("stalls"));
}

QString titleOf(const FlameGraph &graph, int node)
{
    const FlameNode &at = graph.at(node);
    if (at.kind == FlameNode::Kind::All)
        return QStringLiteral("all stacks");
    return at.isInlined ? at.name + QStringLiteral(" [inlined]") : at.name;
}

QString placeOf(const FlameLine &line, bool wholePath)
{
    return QStringLiteral("%1:%2")
        .arg(wholePath ? line.file : line.file.section(QLatin1Char('/'), -1))
        .arg(line.line);
}

bool isWithin(const FlameGraph &graph, int node, int ancestor)
{
    while (node > ancestor)
        node = graph.at(node).parent;
    return node == ancestor;
}

QString shareText(const FlameGraph &graph, int node, int shown)
{
    const Duration time = graph.at(node).time;
    const QString ofAll = Format::percent(graph.share(time));
    if (shown == 0 || !isWithin(graph, node, shown))
        return QStringLiteral("%1 of all (%2)").arg(ofAll, Format::duration(time));
    const double share = double(time.count()) / double(std::max<qint64>(graph.at(shown).time.count(), 1));
    return QStringLiteral("%1 of the shown, %2 of all (%3)")
        .arg(Format::percent(share), ofAll, Format::duration(time));
}

} // namespace

QString flameSummary(const StackTimes &times)
{
    QString text =
        QStringLiteral("Width: stalled time, estimated from %1 of %2, %3 in all. Hatched: asleep.")
            .arg(countOf(times.stacks.size(), QStringLiteral("stack"), QStringLiteral("stacks")),
                 stallsOf(times.stalls - times.unseen), Format::duration(times.stalled - times.unseenTime));
    if (times.unseen > 0)
        text += QStringLiteral(" Not in it: %1 without a stack, %2.")
                    .arg(stallsOf(times.unseen), Format::duration(times.unseenTime));
    return text;
}

QString whyNoFlames(const StackTimes &times, bool isSpan)
{
    if (times.stalls == 0)
        return isSpan ? QStringLiteral("No stall in the selected span.")
                      : QStringLiteral("No stall: no handler ran for longer than the loop's threshold.");
    const QString none = QStringLiteral("No stack is known of %1. ").arg(stallsOf(times.stalls));
    if (!times.problem.isEmpty())
        return none + QStringLiteral("Of the last one the program says: %1.").arg(times.problem);
    return none +
           QStringLiteral("Stacks are taken of single handlers that run for too long, on Linux, while a "
                          "monitor is connected: docs/stacks.md.");
}

QString flameLine(const FlameGraph &graph, int node, int shown)
{
    const FlameNode &at = graph.at(node);
    QStringList parts{titleOf(graph, node)};
    if (!at.lines.empty())
        parts << placeOf(at.lines.front(), false);
    if (at.kind == FlameNode::Kind::Call && !at.module.isEmpty())
        parts << at.module;
    parts << shareText(graph, node, shown);
    return parts.join(QStringLiteral(" · "));
}

QString flameDetails(const FlameGraph &graph, int node, int shown)
{
    const FlameNode &at = graph.at(node);
    QStringList lines{titleOf(graph, node)};
    if (!at.lines.empty())
        lines << placeOf(at.lines.front(), true);
    if (at.lines.size() > 1)
        lines.back() += QStringLiteral(", and %1")
                            .arg(countOf(at.lines.size() - 1, QStringLiteral("other line"),
                                         QStringLiteral("other lines")));
    if (at.kind == FlameNode::Kind::Call && !at.module.isEmpty())
        lines << at.module;
    lines << shareText(graph, node, shown);
    if (at.kind != FlameNode::Kind::Sleep && at.slept > Duration::zero())
        lines << QStringLiteral("asleep for %1 of it").arg(Format::duration(at.slept));
    if (const Duration self = graph.selfTime(node); self > Duration::zero() && !at.children.empty())
        lines << QStringLiteral("in the call itself for %1").arg(Format::duration(self));
    return lines.join(QLatin1Char('\n'));
}

QString flameMatchText(const FlameGraph &graph, const FlameGraph::Match &match, const QString &text)
{
    if (match.time == Duration::zero())
        return QStringLiteral("No call contains “%1”.").arg(text);
    return QStringLiteral("“%1”: %2 of the time (%3).")
        .arg(text, Format::percent(graph.share(match.time)), Format::duration(match.time));
}

} // namespace Flywheel::Monitor
