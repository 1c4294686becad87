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

/// Publishes the metrics of this process's loops to watchers of the same user: flywheel-monitor, or any
/// program that speaks docs/telemetry-protocol.md. Off by default; FLYWHEEL_TELEMETRY=1 in the environment
/// starts it with each application object.
///
/// A program never waits for its watchers: a thread, "flywheel-telemetry", does the work. It sleeps while
/// nobody watches. A watcher that does not keep up is disconnected.
namespace Flywheel {

/// Later versions append fields (options.h).
struct TelemetryOptions
{
    /// What watchers call this process; empty: QCoreApplication::applicationName().
    QString name;
};

/// Starts publishing, until stopTelemetry() or the end of the application object. Call it in the main thread,
/// after that object was constructed.
///
/// Returns true if this process is published now, also if it was before. Returns false after a message
/// (category flywheel.telemetry) that says why: a runtime directory that cannot be written to or that others
/// may enter. The program can go on in any case.
///
/// Watchers can connect at once. The thread that answers them starts with the main thread's first loop, or
/// with the first QThread that gets a loop of Flywheel's: until then the process may do what the system
/// allows to a single thread only (unshare(2), setns(2)), and may become a daemon. It blocks all signals.
///
/// The child of a fork(2) holds none of its parent's connections. Once its main loop runs it publishes
/// itself, under its own process id.
FLYWHEEL_TELEMETRY_EXPORT bool startTelemetry(const TelemetryOptions &options = {});

/// Ends publishing and says goodbye to watchers. Main thread. Does nothing if nothing is published.
FLYWHEEL_TELEMETRY_EXPORT void stopTelemetry();

} // namespace Flywheel
