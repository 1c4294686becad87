// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qloggingcategory.h>

/// The categories of Flywheel's messages, for QT_LOGGING_RULES: `flywheel.*=false` silences all of them.
/// Inline, since each library and module of Flywheel logs and none exports a category to the others.
///
/// Messages with the words of Qt's own dispatchers ("QSocketNotifier: …") stay in Qt's default category,
/// where programs look for them.
namespace Flywheel {

/// Loops: pollers, notifiers, timers, tasks, hosting.
inline const QLoggingCategory &lcDispatcher()
{
    static const QLoggingCategory category("flywheel.dispatcher", QtInfoMsg);
    return category;
}

/// Publishing to watchers.
inline const QLoggingCategory &lcTelemetry()
{
    static const QLoggingCategory category("flywheel.telemetry", QtInfoMsg);
    return category;
}

/// What flywheel-run loads into programs.
inline const QLoggingCategory &lcLauncher()
{
    static const QLoggingCategory category("flywheel.launcher", QtInfoMsg);
    return category;
}

} // namespace Flywheel
