// SPDX-License-Identifier: MIT
#pragma once

#include "hosting/bridgenotifier.h"
#include "hosting/nativealarm.h"

#include <QtCore/qeventloop.h>

#include <memory>

class QAbstractEventDispatcher;

namespace Flywheel {

class EventDispatcher;
class EventDispatcherPrivate;

/// A loop inside another dispatcher, the native one: that one waits, sends posted events and serves the
/// window system, and watches one descriptor (our poller's) and one deadline (our nearest timer's) for us.
///
/// Foreign loops (g_main_loop_run() in a handler, a modal loop of the platform) run the native dispatcher
/// without a pass of ours. So the alarm and the descriptor must be right before any handler runs, not only
/// when a pass begins.
class HostedLoop
{
public:
    HostedLoop(EventDispatcherPrivate &loop, std::unique_ptr<QAbstractEventDispatcher> native);
    ~HostedLoop();

    QAbstractEventDispatcher &native() { return *m_native; }

    bool processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags);

    /// To be called before each handler, and whenever a timer was started or an interest changed.
    void arm();
    void interestChanged();
    void timerStarted();

    /// The native dispatcher passes on q's signals only while somebody listens: a relay costs hundreds of
    /// instructions an event.
    void relaySignals(EventDispatcher *q);

    void onReadiness();
    void onAlarm();

private:
    bool withNotifiers() const { return !(m_excluded & QEventLoop::ExcludeSocketNotifiers); }
    bool withTimers() const { return !(m_excluded & QEventLoop::X11ExcludeTimers); }
    void exclude(QEventLoop::ProcessEventsFlags flags);
    void applyInterests();
    void runTasks();
    void watchWaits(bool on);
    Instant nextDeadline() const;

    EventDispatcherPrivate &m_loop;
    const std::unique_ptr<QAbstractEventDispatcher> m_native;
    NativeAlarm m_soon;  ///< "now": apart, so that a zero timer's ticks leave the nearest deadline armed
    NativeAlarm m_alarm; ///< the nearest deadline
    BridgeNotifier m_bridge;
    QEventLoop::ProcessEventsFlags m_excluded;
    Instant m_applyAgain = Never;
    unsigned m_delivered = 0;
    QMetaObject::Connection m_waits;
    bool m_watchesWaits = false;
    bool m_relaysAwake = false;
    bool m_relaysAboutToBlock = false;
};

} // namespace Flywheel
