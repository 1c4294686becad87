// SPDX-License-Identifier: MIT
#include "stalltext.h"

#include "format.h"
#include "process.h"

#include <algorithm>

namespace Flywheel::Monitor {

namespace {

QString utf8(const std::string &text)
{
    return QString::fromStdString(text);
}

/// What the tables know of the timer that a stall names by its number only: ` (every 50 ms, "pulse")`.
QString timerOf(const Loop &loop, const Stall &stall)
{
    if (stall.kind != HandlerKind::Timer || stall.id == 0)
        return {};
    const auto &timers = loop.tables().latestTimers();
    const auto found = std::find_if(timers.begin(), timers.end(),
                                    [&](const TimerStats &timer) { return timer.id == stall.id; });
    if (found == timers.end())
        return {};
    const QString interval = QStringLiteral(" (every %1").arg(Format::interval(found->interval));
    const bool isNamed = !found->objectName.empty() && found->objectName != stall.objectName;
    return interval +
           (isNamed ? QStringLiteral(", \"%1\")").arg(utf8(found->objectName)) : QStringLiteral(")"));
}

QString versions(const Telemetry::ProcessInfo &info)
{
    return QStringLiteral("Qt %1, Flywheel %2").arg(utf8(info.qtVersion), utf8(info.flywheelVersion));
}

} // namespace

QString stallReceiver(const Stall &stall)
{
    QString result = utf8(stall.className);
    if (!stall.objectName.empty())
        result += QStringLiteral(" \"%1\"").arg(utf8(stall.objectName));
    return result.trimmed();
}

QString stallCulprit(const Stall &stall)
{
    const QString id = Format::handlerId(stall.kind, stall.id);
    const QString what = id.isEmpty() ? Format::handlerKind(stall.kind) : id;
    // "(task)" and the like stand for callables, which are no objects.
    const QString receiver = stall.className.starts_with('(') ? QString() : stallReceiver(stall);
    return receiver.isEmpty() ? what : QStringLiteral("%1 of %2").arg(what, receiver);
}

QString stallBlame(const Stall &stall)
{
    // "(task)" and the like stand for callables, which are no objects.
    const bool isObject = !stall.className.empty() && !stall.className.starts_with('(');
    const QString who = isObject || !stall.objectName.empty() ? stallReceiver(stall) : stallCulprit(stall);
    return stall.wholePass ? QStringLiteral("many handlers in one pass, mostly %1").arg(who) : who;
}

QString stallReport(const Loop &loop, const Stall &stall, bool ongoing)
{
    const QString length = Format::duration(stall.duration);
    const Process &process = loop.process();
    QString text = QStringLiteral("At %1 the loop \"%2\" of %3 (pid %4) ")
                       .arg(Format::dateTime(stall.began), loop.name(), process.name())
                       .arg(process.processId());
    text += ongoing ? QStringLiteral("stalled, and has been stalled for %1").arg(length)
            : loop.isFatal(stall)
                ? QStringLiteral("stalled, and was still stalled after %1, when it ended").arg(length)
                : QStringLiteral("stalled for %1").arg(length);
    const QString timer = timerOf(loop, stall);
    text +=
        stall.wholePass
            ? QStringLiteral(": many handlers in one pass, the longest of them %1.").arg(stallCulprit(stall))
            : QStringLiteral(": a single handler, %1.").arg(stallCulprit(stall) + timer);
    text += QStringLiteral(" The threshold is %1; it is stall %2 of this loop. (%3)")
                .arg(Format::duration(loop.latest().stallThreshold))
                .arg(stall.number)
                .arg(versions(process.info()));
    return text;
}

} // namespace Flywheel::Monitor
