// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/options.h>

QT_BEGIN_NAMESPACE
class QThread;
QT_END_NAMESPACE

namespace Flywheel {

/// Makes Flywheel the event dispatcher of the application object that is constructed next.
///
/// Call it in the main thread, before QCoreApplication is constructed, once for every application object.
/// Returns false, after a warning that says why, if it comes too late (the application or a dispatcher exists
/// already).
FLYWHEEL_EXPORT bool install(const Options &options = {});

/// Makes Flywheel the event dispatcher of \a thread, which must not have been started yet.
///
/// Call it in the thread that \a thread lives in. Returns false, after a warning, if the thread runs already
/// or has a dispatcher.
FLYWHEEL_EXPORT bool install(QThread &thread, const Options &options = {});

/// Leaves Qt's dispatcher in place and records what can be seen from outside: passes, busy and blocked time,
/// handlers by kind, stalls; no lateness, no depths, no tasks (docs/modes.md). For comparing before and after
/// a swap, and where swapping is not possible. snapshots() has the loop, with Mode::Observed.
///
/// Of \a options only metrics and stallThreshold count. This one observes the main thread: at once if the
/// application object exists, otherwise each one from its construction on. Call it in the main thread and
/// before other threads start: Qt keeps its hook for events without a lock. False, after a warning, if the
/// loop is Flywheel's own, which records itself, or if Qt refuses the hook.
FLYWHEEL_EXPORT bool observe(const Options &options = {});

/// The same for the next run of \a thread, which must not run yet. Call it in the thread that \a thread lives
/// in.
FLYWHEEL_EXPORT bool observe(QThread &thread, const Options &options = {});

} // namespace Flywheel
