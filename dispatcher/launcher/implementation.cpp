// SPDX-License-Identifier: MIT
// What the shim loads into a Qt 6 program: decides whether Flywheel may serve, and installs it.
#include "base/internalthread.h"
#include "hosting/nativedispatcher.h"
#include "names.h"
#include "statistics.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qloggingcategory.h>
#include <QtCore/qthread.h>
#include <QtCore/qvariant.h>

#include <cstdio>
#include <cstring>

namespace Flywheel::Preload {

static bool isSet(const char *variable)
{
    return qgetenv(variable) == "1";
}

static Options optionsOfEnvironment()
{
    Options options;
    options.glib = isSet(glibVariable);
    return options;
}

/// One line for each loop, if the user wants to see them.
static void announce(const QByteArray &loop, const QByteArray &what)
{
    if (isSet(verboseVariable))
        std::fprintf(stderr, "flywheel: %s %s\n", loop.constData(), what.constData());
}

static QByteArray describe(QThread *thread)
{
    const EventDispatcher *dispatcher = EventDispatcher::of(thread);
    return QByteArray("on Flywheel (") + pollerName(dispatcher->poller()) + ')';
}

static QByteArray nameOf(const QThread &thread)
{
    const QString name = thread.objectName();
    return name.isEmpty() ? QByteArray(thread.metaObject()->className()) : name.toLocal8Bit();
}

/// Whether a GUI application can be served; says what is missing if not.
static bool canHost()
{
    static const QLoggingCategory category("flywheel.launcher");
    const std::string problem = hostModuleProblem(NativeKind::Platform);
    if (!problem.empty()) {
        qCWarning(
            category,
            "the main thread runs on Qt's own dispatcher, because a GUI program needs libflywheelgui: %s. "
            "Install that library beside libflywheel.",
            problem.c_str());
    }
    return problem.empty();
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
using namespace Flywheel::Preload;

extern "C" Q_DECL_EXPORT void flywheelPrepareApplication(bool isGui)
{
    // Not Flywheel::install(): that serves the thread which Qt takes for the main one, and a program may
    // construct its application in another. The constructor uses its own thread's dispatcher.
    QThread *thread = QThread::currentThread();
    if (thread->eventDispatcher() || QCoreApplication::instance())
        return;
    if (isSet(statsVariable))
        printStatisticsAtExit();
    if (isSet(observeVariable)) {
        if (observe())
            announce("main thread", "observed");
        return;
    }
    if (isGui && !canHost())
        return;
    thread->setEventDispatcher(new EventDispatcher(optionsOfEnvironment()));
    announce("main thread", describe(thread));
}

extern "C" Q_DECL_EXPORT void flywheelPrepareThread(QThread *thread)
{
    waitUntilFinished(*thread);
    if (thread->isRunning() || thread->eventDispatcher() || thread->property(InternalThreadProperty).toBool())
        return;
    const QByteArray name = "thread \"" + nameOf(*thread) + '"';
    if (isSet(observeVariable)) {
        if (observe(*thread))
            announce(name, "observed");
    } else if (install(*thread, optionsOfEnvironment())) {
        announce(name, describe(thread));
    }
}
