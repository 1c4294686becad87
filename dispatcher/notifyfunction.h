// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

QT_BEGIN_NAMESPACE
class QEvent;
class QObject;
QT_END_NAMESPACE

namespace Flywheel {

using NotifyFunction = bool (*)(QObject *, QEvent *);

/// What QCoreApplication::sendEvent() calls after it marked the event as not coming from the window system.
/// Exported by every Qt 6; null if one day it is not.
NotifyFunction notifyFunction();

} // namespace Flywheel
