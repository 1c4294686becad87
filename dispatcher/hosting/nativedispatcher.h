// SPDX-License-Identifier: MIT
#pragma once

#include "hosting/hostmodule.h"

#include <flywheel/config.h>

#include <QtCore/qabstracteventdispatcher.h>

#include <memory>
#include <string>

namespace Flywheel {

/// The dispatchers that can host a loop.
enum class NativeKind {
    Platform, ///< the one of the GUI application's platform plugin
    Glib,     ///< QEventDispatcherGlib
};

struct NativeOrError
{
    std::unique_ptr<QAbstractEventDispatcher> dispatcher; ///< null without an error: it can't be made yet
    std::string error;
};

/// Makes a native dispatcher for the calling thread, as Qt would.
///
/// That takes Qt's private interface, which the core stays clear of: libflywheelgui and libflywheelglib do
/// it. They are loaded at the first call, by name, from the folder of this library or where the dynamic
/// linker looks.
NativeOrError createNativeDispatcher(NativeKind kind);

/// Why no dispatcher of that kind can be made: its module is missing, or does not fit this Qt. Empty if there
/// is no such problem. Loads the module. Any thread.
FLYWHEEL_EXPORT std::string hostModuleProblem(NativeKind kind);

/// Whether QtGui is loaded into this process as a library of its own: the application may be one with
/// windows.
bool isGuiLoaded();

struct GlibSourceOrError
{
    std::unique_ptr<GlibSource> source; ///< null: see error
    std::string error;
};

/// Makes the sources of a loop whose host is GLib's dispatcher. \a client must outlive them.
GlibSourceOrError attachGlibSource(HostClient &client);

} // namespace Flywheel
