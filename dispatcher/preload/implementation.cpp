// SPDX-License-Identifier: MIT
// What the shim loads into a Qt 6 program: decides whether Flywheel may serve, and installs it.
#include "names.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

#include <cstdio>
#include <cstring>

namespace Flywheel::Preload {

static const char *pollerName(Poller poller)
{
    switch (poller) {
    case Poller::Epoll:
        return "epoll";
    case Poller::Poll:
        return "poll";
    case Poller::Auto:
        break;
    }
    Q_UNREACHABLE();
}

static Options optionsOfEnvironment()
{
    Options options;
    options.glib = qgetenv(glibVariable) == "1";
    return options;
}

/// One line for each installation, if the user wants to see them.
static void announce(const QByteArray &loop, QThread *thread)
{
    const EventDispatcher *dispatcher = EventDispatcher::of(thread);
    if (dispatcher && qgetenv(verboseVariable) == "1")
        std::fprintf(stderr, "flywheel: %s on Flywheel (%s)\n", loop.constData(),
                     pollerName(dispatcher->poller()));
}

static QByteArray nameOf(const QThread &thread)
{
    const QString name = thread.objectName();
    return name.isEmpty() ? QByteArray(thread.metaObject()->className()) : name.toLocal8Bit();
}

/// QThread::start() waits for a thread that is finishing; its old dispatcher goes away in that time, so it
/// must not be taken for one that the program has set.
static void waitUntilFinished(QThread &thread)
{
    if (thread.isFinished() && &thread != QThread::currentThread())
        thread.wait();
}

} // namespace Flywheel::Preload

using namespace Flywheel;

extern "C" Q_DECL_EXPORT void flywheelPrepareApplication()
{
    // Not Flywheel::install(): that serves the thread which Qt takes for the main one, and a program may
    // construct its application in another. The constructor uses its own thread's dispatcher.
    QThread *thread = QThread::currentThread();
    if (thread->eventDispatcher() || QCoreApplication::instance())
        return;
    thread->setEventDispatcher(new EventDispatcher(Preload::optionsOfEnvironment()));
    Preload::announce("main thread", thread);
}

extern "C" Q_DECL_EXPORT void flywheelPrepareThread(QThread *thread)
{
    Preload::waitUntilFinished(*thread);
    if (thread->isRunning() || thread->eventDispatcher())
        return;
    if (install(*thread, Preload::optionsOfEnvironment()))
        Preload::announce("thread \"" + Preload::nameOf(*thread) + '"', thread);
}
