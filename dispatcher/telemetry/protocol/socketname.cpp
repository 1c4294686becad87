// SPDX-License-Identifier: MIT
#include "telemetry/protocol/socketdirectory.h"

namespace Flywheel::Telemetry {

qint64 processIdOf(const QString &socketName)
{
    // "<pid>" or "<pid>.<1-9>"
    const qsizetype dot = socketName.indexOf(QLatin1Char('.'));
    const QString number = dot < 0 ? socketName : socketName.left(dot);
    const QString suffix = dot < 0 ? QString() : socketName.mid(dot + 1);
    const bool suffixFits =
        dot < 0 || (suffix.size() == 1 && suffix >= QStringLiteral("1") && suffix <= QStringLiteral("9"));
    bool isNumber = false;
    const qint64 processId = number.toInt(&isNumber);
    return suffixFits && isNumber && processId > 0 && QString::number(processId) == number ? processId : 0;
}

} // namespace Flywheel::Telemetry
