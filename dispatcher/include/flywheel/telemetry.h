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

/// Publishes this process until stopTelemetry() or the end of the application object. Main thread, after that
/// object was constructed. Returns true if it publishes, also if it did already; false after a message
/// (category flywheel.telemetry) that says why not: a runtime directory that cannot be written to or that
/// others may enter. The program can go on in any case.
///
/// Watchers can connect at once. The thread that answers them starts with the main thread's first loop, or
/// with the first QThread that gets a loop of ours: until then the process may do what the system allows to a
/// single thread only (unshare(2), setns(2)), and may become a daemon. It blocks all signals.
///
/// The child of a fork(2) holds none of its parent's connections. Once its main loop runs it publishes
/// itself, under its own process id.
FLYWHEEL_TELEMETRY_EXPORT bool startTelemetry(const TelemetryOptions &options = {});

/// Ends publishing and says goodbye to watchers. Main thread. Does nothing if nothing is published.
FLYWHEEL_TELEMETRY_EXPORT void stopTelemetry();

} // namespace Flywheel
