// SPDX-License-Identifier: MIT
#pragma once

#include "hosting/hostlink.h"
#include "hosting/hostmodule.h"

#include <QtCore/qobjectdefs.h>

#include <memory>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
class QSocketNotifier;
QT_END_NAMESPACE

namespace Flywheel {

class EventDispatcher;
class EventDispatcherPrivate;

/// A loop inside another dispatcher, its host: that one waits, sends posted events and serves the window
/// system, and watches one descriptor (our poller's) and one deadline (our nearest timer's) for us.
///
/// The host only ends its wait: what is due is delivered when it has returned, by our own pass, as deep in
/// Qt's levels of delivery as Qt's dispatchers do it (deleteLater() depends on that). Inside the host's
/// callbacks handlers run only while a foreign loop (g_main_loop_run() in a handler) keeps it from returning.
class HostedLoop final : private HostClient
{
public:
    HostedLoop(EventDispatcherPrivate &loop, std::unique_ptr<QAbstractEventDispatcher> native);
    ~HostedLoop();

    QAbstractEventDispatcher &native() { return *m_native; }

    bool processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags);

    /// Whether the host watches the notifiers itself: our poller has no descriptor that it could watch.
    bool leavesNotifiersToHost() const;

    /// To be called whenever a timer was started or an interest changed.
    void changed()
    {
        if (m_isAboutToWait) [[unlikely]]
            prepareToWait();
    }

private:
    bool hasWork() override;
    Nanoseconds untilTimer() override;
    Nanoseconds untilLook() override;
    void waitEnded() override;
    void workIsReady() override;
    void serveWork() override;
    void serveTimers() override;

    bool withNotifiers() const { return !(m_excluded & QEventLoop::ExcludeSocketNotifiers); }
    bool withTimers() const { return !(m_excluded & QEventLoop::X11ExcludeTimers); }
    void exclude(QEventLoop::ProcessEventsFlags flags);
    void applyInterests();
    void collectReadiness();
    bool runHost(QEventLoop::ProcessEventsFlags flags);
    int deliver();
    void aboutToBlock();
    void prepareToWait();
    void relaySignals(EventDispatcher *q);
    Instant nextDeadline();

    EventDispatcherPrivate &m_loop;
    const std::unique_ptr<QAbstractEventDispatcher> m_native;
    const std::unique_ptr<HostLink> m_link;
    QEventLoop::ProcessEventsFlags m_excluded;
    Instant m_applyAgain = Never;
    bool m_isReady = false; ///< the host found our descriptor readable
    bool m_isAboutToWait = false;
    bool m_relaysAwake = false;
    bool m_relaysAboutToBlock = false;
};

} // namespace Flywheel
