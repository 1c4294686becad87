// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/options.h>

class QThread;

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

} // namespace Flywheel
