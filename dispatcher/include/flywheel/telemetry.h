// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/config.h>

#include <QtCore/qstring.h>

#if defined(FLYWHEEL_STATIC)
#    define FLYWHEEL_TELEMETRY_EXPORT
#elif defined(FLYWHEEL_TELEMETRY_BUILD)
#    define FLYWHEEL_TELEMETRY_EXPORT Q_DECL_EXPORT
#else
#    define FLYWHEEL_TELEMETRY_EXPORT Q_DECL_IMPORT
#endif

/// Shows the loops of this process to watchers of the same user: flywheel-monitor, flywheel-exporter, or any
/// program that speaks docs/telemetry-protocol.md. Off by default. A program never waits for its watchers:
/// the work is done in a thread of its own, "flywheel-telemetry", which sleeps while nobody watches, and a
/// watcher that does not keep up is disconnected.
///
/// With FLYWHEEL_TELEMETRY=1 in the environment publishing starts with each application object, without a
/// call.
namespace Flywheel {

struct TelemetryOptions
{
    /// What watchers call this process; empty: QCoreApplication::applicationName().
    QString name;
};

/// Begins to publish, until stopTelemetry() or the end of the application object. Main thread, after that
/// object was constructed. True if it publishes, also if it did already. False after a warning that says why
/// not: no application object, or a runtime directory that can't be written to or that others may enter. The
/// program can go on in any case.
///
/// The child of a fork(2) does not publish and holds none of its parent's connections; it may start anew.
FLYWHEEL_TELEMETRY_EXPORT bool startTelemetry(const TelemetryOptions &options = {});

/// Ends publishing and says goodbye to watchers. Main thread. Does nothing if nothing is published.
FLYWHEEL_TELEMETRY_EXPORT void stopTelemetry();

} // namespace Flywheel
