// SPDX-License-Identifier: MIT
#include "handlertext.h"

#include "format.h"
#include "loop.h"
#include "stallspan.h"

#include <QtCore/qcoreapplication.h>

namespace Flywheel::Monitor {

namespace {

constexpr qsizetype LongestBlame = 32;
constexpr int Decimals = 6; ///< of the second in which a handler began
/// A handler's begin and its stall's are read from the clock by the same step, but kept in different ways.
constexpr Duration SameMoment = std::chrono::milliseconds(1);

Stall asStall(const NamedHandler &named)
{
    Stall stall;
    stall.kind = named.handler.kind;
    stall.id = named.handler.id;
    stall.className = named.receiver.className.toStdString();
    stall.objectName = named.receiver.objectName.toStdString();
    return stall;
}

QString tr(const char *text)
{
    return QCoreApplication::translate("Flywheel::Monitor::HandlerText", text);
}

} // namespace

QString handlerCulprit(const NamedHandler &handler)
{
    return stallCulprit(asStall(handler));
}

QString handlerBlame(const NamedHandler &handler)
{
    return stallBlame(asStall(handler));
}

QString handlerLine(const NamedHandler &named, Duration wallOffset)
{
    const LoggedHandler &handler = named.handler;
    QStringList parts{handlerCulprit(named),
                      tr("began %1").arg(Format::clockTime(handler.begin + wallOffset, Decimals)),
                      tr("lasted %1").arg(Format::duration(handler.duration()))};
    if (handler.lateness > Duration::zero())
        parts << tr("%1 late").arg(Format::duration(handler.lateness));
    if (handler.depth > 1)
        parts << tr("in a loop that a handler ran");
    return parts.join(QStringLiteral(" · "));
}

const Stall *stallOf(const Loop &loop, const LoggedHandler &handler)
{
    const auto &stalls = loop.stalls();
    const auto isIt = [&](const Stall &stall) {
        return !stall.wholePass && stall.kind == handler.kind && stall.id == handler.id &&
               stall.beganMonotonic >= handler.begin - SameMoment &&
               spanOf(stall).end <= handler.end + SameMoment;
    };
    const auto found = std::find_if(stalls.rbegin(), stalls.rend(), isIt);
    return found == stalls.rend() ? nullptr : &*found;
}

QString shortBlame(QString name)
{
    const auto scope = name.lastIndexOf(QLatin1String("::"), name.indexOf(QLatin1Char('"')));
    name.remove(0, scope < 0 ? 0 : scope + 2);
    if (name.size() > LongestBlame)
        name = name.left(LongestBlame / 2) + QStringLiteral("…") + name.right(LongestBlame / 2);
    return name;
}

} // namespace Flywheel::Monitor
