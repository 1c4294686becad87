// SPDX-License-Identifier: MIT
// Which loop waits: ours (owner), or a native one that hosts ours.
#include "core/eventdispatcher_p.h"

#include "hooks/eventhook.h"
#include "hosting/nativedispatcher.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qlogging.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qthread.h>

namespace Flywheel {

namespace {

/// Only the application adopts its dispatcher, so a worker's never looks at an application that may be dying.
bool servesGui(const QObject &dispatcher)
{
    const QCoreApplication *application = QCoreApplication::instance();
    return application && dispatcher.parent() == application && application->inherits("QGuiApplication");
}

} // namespace

void EventDispatcherPrivate::settleMode(EventDispatcher *q, bool startingUp)
{
    if (servesGui(*q)) {
        if (options.mode == Mode::Owner)
            qWarning("Flywheel: a GUI application can't run on a loop of its own; it is hosted");
        NativeOrError native = createNativeDispatcher(NativeKind::Platform);
        if (native.dispatcher)
            host(std::move(native.dispatcher));
        else if (!native.error.empty())
            goOnWithoutHost(native.error);
    } else if (startingUp) {
        settleConsoleMode();
    }
}

/// install() and the launcher look beforehand; a dispatcher that the program has set itself comes here.
void EventDispatcherPrivate::goOnWithoutHost(const std::string &why)
{
    m_modeSettled = true;
    qCritical("Flywheel: a GUI application needs libflywheelgui: %s. Its timers and sockets are served, its "
              "windows are not. Install the library, or leave Qt's own dispatcher in place.",
              why.c_str());
}

void EventDispatcherPrivate::settleConsoleMode()
{
    m_modeSettled = true;
    if (!options.glib) {
        if (options.mode == Mode::Hosted)
            qWarning("Flywheel: nothing to be hosted by: this is no GUI application, and Options::glib is "
                     "not set");
        return;
    }
    NativeOrError native = createNativeDispatcher(NativeKind::Glib);
    if (native.dispatcher)
        host(std::move(native.dispatcher));
    else
        qWarning("Flywheel: Options::glib needs libflywheelglib: %s; GLib's event sources are not served",
                 native.error.c_str());
}

void EventDispatcherPrivate::host(std::unique_ptr<QAbstractEventDispatcher> dispatcher)
{
    m_modeSettled = true;
    steps.core->setMode(Mode::Hosted);
    if (options.metrics && !hookEvents())
        qWarning("Flywheel: Qt refuses to tell of events; the loop's idle time will look too long");
    m_hosted = std::make_unique<HostedPass>(steps, m_ownPass, std::move(dispatcher));
    m_pass = m_hosted.get();
    if (m_hosted->leavesNotifiersToHost()) {
        qInfo(
            "Flywheel: the poller %s has no descriptor that a hosting loop could watch: Qt's own dispatcher "
            "watches the sockets",
            pollerName(steps.interests.poller().kind()));
    }
    listenersChanged.store(true, std::memory_order_relaxed);
    native.store(&m_hosted->native());
    if (steps.interests.poller().hasWakeUp())
        m_hosted->native().wakeUp();
    m_hosted->native().startingUp();
}

void EventDispatcherPrivate::endHosting()
{
    steps.core->close(); // first: nobody posts a task from now on
    native.store(nullptr);
    while (m_hostUsers.load() != 0)
        QThread::yieldCurrentThread();
    m_pass = &m_ownPass;
    m_hosted.reset();
}

bool EventDispatcherPrivate::isAsleep() const
{
    return native.load(std::memory_order_relaxed) ? steps.core->isWaitingElsewhere()
                                                  : steps.interests.poller().isAsleep();
}

bool EventDispatcherPrivate::wake()
{
    const bool isOwn = steps.core->isLoopThread();
    AbstractPoller &poller = steps.interests.poller();
    const bool isFirst = !poller.hasWakeUp();
    const bool wasAsleep = isOwn ? poller.wakeUpFromLoop() : poller.wakeUp();
    // Hosting may begin meanwhile: it sees this wake-up, or this sees the native dispatcher (both are
    // sequentially consistent, or fenced in WakeFlag::notify()).
    if (!native.load())
        return wasAsleep;
    if (isOwn && m_hosted->takeWakeUp())
        return false;
    // Each time: a foreign loop takes no wake-up of ours.
    withHost([](QAbstractEventDispatcher &host) { host.wakeUp(); });
    return isFirst;
}

void EventDispatcherPrivate::updateListeners(const EventDispatcher &q)
{
    listenersChanged.store(false, std::memory_order_relaxed);
    const auto isHeard = [&q](void (QAbstractEventDispatcher::*signal)()) {
        return q.isSignalConnected(QMetaMethod::fromSignal(signal));
    };
    steps.isAwakeHeard.store(isHeard(&QAbstractEventDispatcher::awake), std::memory_order_relaxed);
    steps.isAboutToBlockHeard.store(isHeard(&QAbstractEventDispatcher::aboutToBlock),
                                    std::memory_order_relaxed);
    if (m_hosted)
        m_hosted->setListeners(steps.isAwakeHeard, steps.isAboutToBlockHeard);
}

/// Both may be heard from now on, also in the pass that goes on; the next one looks.
void EventDispatcherPrivate::noteListeners()
{
    steps.isAwakeHeard.store(true, std::memory_order_relaxed);
    steps.isAboutToBlockHeard.store(true, std::memory_order_relaxed);
    listenersChanged.store(true, std::memory_order_relaxed);
}

void EventDispatcherPrivate::closingDown()
{
    if (m_hosted)
        m_hosted->native().closingDown();
}

void EventDispatcher::startingUp()
{
    d->enterThread(thread());
    if (!d->isModeSettled())
        d->settleMode(this, true);
    d->resumeLastRun(this);
    d->pass().beginHandlers();
}

void EventDispatcher::closingDown()
{
    d->keepForNextRun(thread());
    d->closingDown();
}

const char *modeName(Mode mode)
{
    switch (mode) {
    case Mode::Auto:
        return "auto";
    case Mode::Owner:
        return "owner";
    case Mode::Hosted:
        return "hosted";
    case Mode::Observed:
        return "observed";
    }
    Q_UNREACHABLE();
}

bool EventDispatcher::isHostedBy(const char *className) const
{
    const QAbstractEventDispatcher *const host = d ? d->native.load() : nullptr;
    return host && host->inherits(className);
}

void *Detail::HostedIdentity::qt_metacast(const char *className)
{
    void *const own = QtEventDispatcher::qt_metacast(className);
    return !own && className && isHostedBy(className) ? this : own;
}

Mode EventDispatcher::mode() const
{
    return d->isHosted() ? Mode::Hosted : Mode::Owner;
}

// These may be called by other threads.
void EventDispatcher::connectNotify(const QMetaMethod &)
{
    d->noteListeners();
}

void EventDispatcher::disconnectNotify(const QMetaMethod &)
{
    d->noteListeners();
}

} // namespace Flywheel
