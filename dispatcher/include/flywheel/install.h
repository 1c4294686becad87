// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/options.h>

QT_BEGIN_NAMESPACE
class QThread;
QT_END_NAMESPACE

namespace Flywheel {

/// Makes Flywheel the event dispatcher of the main thread.
///
///     Flywheel::install();
///     QApplication app(argc, argv);
///
/// Call it in the main thread, before the application object is constructed, and again before each further
/// application object. Returns false, after a warning that says why, if an application object or a dispatcher
/// exists already, or if this is a GUI program and libflywheelgui can't be loaded. Qt's own dispatcher serves
/// then.
FLYWHEEL_EXPORT bool install(const Options &options = {});

/// Makes Flywheel the event dispatcher of \a thread, for its next run.
///
/// Call it in the thread that the QThread object lives in, before start(). A thread that starts again needs
/// it again. Returns false, after a warning, if the thread runs already or has a dispatcher.
FLYWHEEL_EXPORT bool install(QThread &thread, const Options &options = {});

/// Records the main thread's loop without replacing Qt's dispatcher: to compare before and after a swap, and
/// for programs in which a swap is not possible. The loop appears in snapshots() with Mode::Observed.
///
/// Recorded are passes, busy and blocked time, handlers by kind and stalls; not lateness, queue depths and
/// tasks (docs/modes.md). Of \a options only metrics and stallThreshold count.
///
/// Recording begins at once if the application object exists, otherwise with its construction, and with that
/// of each later one. Call it in the main thread and before other threads start: Qt keeps its hook for events
/// without a lock. Returns false, after a warning, if the loop is Flywheel's own, which records itself, or if
/// Qt refuses the hook.
FLYWHEEL_EXPORT bool observe(const Options &options = {});

/// Records the loop of \a thread in its next run. Call it in the thread that the QThread object lives in,
/// before start(). Otherwise as above.
FLYWHEEL_EXPORT bool observe(QThread &thread, const Options &options = {});

/// Records the loops of all threads, those that run already too, without replacing their dispatchers: for
/// what comes late into a running program, such as a plugin or `flywheel-run --attach`. The main thread's
/// loop is recorded at once, any other from the first event on that Qt delivers in it. Figures begin then;
/// what a loop did before is unknown.
///
/// Call it in the main thread, once the application object exists. Qt keeps its hook for events without a
/// lock: if no loop was recorded before and other threads deliver events during the call, they may crash, so
/// stop them meanwhile, as `--attach` does. Loops of Flywheel's own record themselves and stay as they are.
/// Returns false, after a warning, in another thread, without an application object, or if Qt refuses the
/// hook.
FLYWHEEL_EXPORT bool observeAll(const Options &options = {});

/// Ends the observations that observe() and observeAll() have begun; not one that is to begin with the start
/// of a thread or an application object. A thread's loop is forgotten when it next delivers events. Any
/// thread.
FLYWHEEL_EXPORT void stopObserving();

} // namespace Flywheel
