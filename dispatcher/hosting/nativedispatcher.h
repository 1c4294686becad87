// SPDX-License-Identifier: MIT
#pragma once

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

/// What keeps createNativeDispatcher() from loading its module; empty if nothing does. Any thread.
FLYWHEEL_EXPORT std::string hostModuleProblem(NativeKind kind);

} // namespace Flywheel
