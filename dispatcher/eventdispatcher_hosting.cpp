// SPDX-License-Identifier: MIT
// Which loop waits: ours (owner), or a native one that hosts ours.
#include "eventdispatcher_p.h"

#include "eventhook.h"
#include "hosting/nativedispatcher.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qlogging.h>

namespace Flywheel {

namespace {

/// Only the application adopts its dispatcher, so a worker's never looks at an application that may be dying.
bool servesGui(const QObject &dispatcher)
{
    const QCoreApplication *application = QCoreApplication::instance();
    return application && dispatcher.parent() == application && application->inherits("QGuiApplication");
}

void checkPoller(AbstractPoller &poller)
{
    if (poller.descriptor() < 0)
        qFatal("Flywheel: the poller %s can't be used here: the loop of the window system or of GLib is to "
               "watch it, and it has no descriptor for that. Unset FLYWHEEL_POLLER or choose another one.",
               pollerName(poller.kind()));
}

} // namespace

void EventDispatcherPrivate::settleMode(EventDispatcher *q, bool startingUp)
{
    if (servesGui(*q)) {
        if (options.mode == Mode::Owner)
            qWarning("Flywheel: a GUI application can't run on a loop of its own; it is hosted");
        NativeOrError native = createNativeDispatcher(NativeKind::Platform);
        if (!native.error.empty())
            qFatal("Flywheel: a GUI application needs libflywheelgui: %s", native.error.c_str());
        if (native.dispatcher)
            host(q, std::move(native.dispatcher));
    } else if (startingUp) {
        settleConsoleMode(q);
    }
}

void EventDispatcherPrivate::settleConsoleMode(EventDispatcher *q)
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
        host(q, std::move(native.dispatcher));
    else
        qWarning("Flywheel: Options::glib needs libflywheelglib: %s; GLib's event sources are not served",
                 native.error.c_str());
}

void EventDispatcherPrivate::host(EventDispatcher *q, std::unique_ptr<QAbstractEventDispatcher> dispatcher)
{
    checkPoller(interests.poller());
    m_modeSettled = true;
    core->setMode(Mode::Hosted);
    if (options.metrics && !hookEvents())
        qWarning("Flywheel: Qt refuses to tell of events; the loop's idle time will look too long");
    hosted = std::make_unique<HostedLoop>(*this, std::move(dispatcher));
    hosted->relaySignals(q);
    native.store(&hosted->native());
    if (interests.poller().hasWakeUp())
        hosted->native().wakeUp();
    hosted->native().startingUp();
}

void EventDispatcherPrivate::endHosting()
{
    native.store(nullptr);
    hosted.reset();
}

bool EventDispatcherPrivate::isAsleep() const
{
    return native.load(std::memory_order_relaxed) ? core->isWaitingElsewhere()
                                                  : interests.poller().isAsleep();
}

bool EventDispatcherPrivate::wake()
{
    const bool isFirst = !interests.poller().hasWakeUp();
    const bool wasAsleep = interests.poller().wakeUp();
    // Hosting may begin meanwhile: it sees this wake-up, or this sees the native dispatcher (both are
    // sequentially consistent).
    QAbstractEventDispatcher *const host = native.load();
    if (!host)
        return wasAsleep;
    host->wakeUp(); // each time: a foreign loop takes no wake-up of ours
    return isFirst;
}

/// A foreign loop sends posted events, but knows nothing of tasks: it watches our descriptor.
bool EventDispatcherPrivate::wakeForTask()
{
    if (native.load())
        interests.poller().signal();
    return wake();
}

void EventDispatcher::startingUp()
{
    d->enterThread(thread());
    if (!d->isModeSettled())
        d->settleMode(this, true);
    d->beginHandlers();
}

void EventDispatcher::closingDown()
{
    if (d->hosted)
        d->hosted->native().closingDown();
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

Mode EventDispatcher::mode() const
{
    return d->hosted ? Mode::Hosted : Mode::Owner;
}

// These may be called by other threads.
void EventDispatcher::connectNotify(const QMetaMethod &)
{
    d->listenersChanged.store(true, std::memory_order_relaxed);
}

void EventDispatcher::disconnectNotify(const QMetaMethod &)
{
    d->listenersChanged.store(true, std::memory_order_relaxed);
}

} // namespace Flywheel
