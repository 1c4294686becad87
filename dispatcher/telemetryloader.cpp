// SPDX-License-Identifier: MIT
#include "base/ownmodule.h"

#include <flywheel/config.h>

#include <QtCore/qbytearray.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qlogging.h>

#include <dlfcn.h>

namespace Flywheel {

namespace {

/// FLYWHEEL_TELEMETRY=1 is for every program on Flywheel, not only for those that link the telemetry library.
/// That one looks at the variable itself when it is loaded.
void loadTelemetryIfAsked()
{
    if (qgetenv("FLYWHEEL_TELEMETRY") != "1")
        return;
    if (!loadOwnModule("libflywheeltelemetry.so." FLYWHEEL_SOVERSION_STR))
        qWarning("Flywheel: FLYWHEEL_TELEMETRY=1 has no effect: %s", ::dlerror());
}

Q_COREAPP_STARTUP_FUNCTION(loadTelemetryIfAsked)

} // namespace

} // namespace Flywheel
