// SPDX-License-Identifier: MIT
#include "loop/metricswitch.h"

#include "base/logging.h"

#include <QtCore/qbytearray.h>

namespace Flywheel {

bool recordsFromTheStart(const Options &options)
{
    const QByteArray wanted = qgetenv("FLYWHEEL_METRICS");
    if (wanted.isEmpty())
        return options.metrics;
    if (wanted == "0" || wanted == "1")
        return wanted == "1";
    static const bool s_warned = [&] {
        qCWarning(lcDispatcher, "Flywheel: FLYWHEEL_METRICS is \"%s\"; set it to 0 or 1. It is ignored.",
                  wanted.constData());
        return true;
    }();
    Q_UNUSED(s_warned)
    return options.metrics;
}

} // namespace Flywheel
