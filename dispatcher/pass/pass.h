// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qeventloop.h>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace Flywheel {

/// How a loop waits for events and delivers them: by itself (OwnPass) or inside another dispatcher
/// (HostedPass). One for each loop; its thread only.
class Pass
{
public:
    virtual ~Pass() = default;

    /// One call of QAbstractEventDispatcher::processEvents().
    virtual bool run(QEventLoop::ProcessEventsFlags flags) = 0;

    virtual void addNotifier(QSocketNotifier *notifier) = 0;
    virtual void removeNotifier(QSocketNotifier *notifier) = 0;
    /// A timer was started.
    virtual void timerStarted() = 0;
    /// Code of others runs from now on, before the first pass.
    virtual void beginHandlers() = 0;
};

} // namespace Flywheel
