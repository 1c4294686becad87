// SPDX-License-Identifier: MIT
#pragma once

class QAbstractEventDispatcher;

/// What a host module (libflywheelgui, libflywheelglib) exports: makes the native dispatcher of the calling
/// thread, or returns null where it can't be made yet. The module uses nothing of libflywheel, so that it
/// serves a static one too.
extern "C" using CreateDispatcherFunction = QAbstractEventDispatcher * (*)();

#define FLYWHEEL_HOST_MODULE_FUNCTION flywheelCreateNativeDispatcher
#define FLYWHEEL_HOST_MODULE_FUNCTION_NAME "flywheelCreateNativeDispatcher"
