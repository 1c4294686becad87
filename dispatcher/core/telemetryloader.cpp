// SPDX-License-Identifier: MIT
#include "base/logging.h"
#include "platform/ownmodule.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qcoreapplication.h>

namespace Flywheel {

namespace {

/// FLYWHEEL_TELEMETRY=1 is for every program on Flywheel, not only for those that link the telemetry library.
/// That one looks at the variable itself when it is loaded.
void loadTelemetryIfAsked()
{
    if (qgetenv("FLYWHEEL_TELEMETRY") != "1")
        return;
    if (const OwnModule module = loadOwnModule("flywheeltelemetry"); !module.handle)
        qCWarning(lcTelemetry,
                  "FLYWHEEL_TELEMETRY=1 has no effect: %s. Install libflywheeltelemetry beside libflywheel.",
                  module.error.c_str());
}

Q_COREAPP_STARTUP_FUNCTION(loadTelemetryIfAsked)

} // namespace

} // namespace Flywheel
