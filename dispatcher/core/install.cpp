// SPDX-License-Identifier: MIT
#include <flywheel/install.h>

#include "base/logging.h"
#include "core/eventdispatcher_p.h"
#include "hooks/eventhook.h"
#include "hooks/loopobserver.h"
#include "hosting/nativedispatcher.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

namespace Flywheel {

bool install(const Options &options)
{
    if (QCoreApplication::instance()) {
        qCWarning(lcDispatcher,
                  "Flywheel::install: the application object already exists; call install() before you "
                  "construct it");
        return false;
    }
    if (QCoreApplication::eventDispatcher()) {
        qCWarning(lcDispatcher,
                  "Flywheel::install: the main thread already has an event dispatcher, which stays in place");
        return false;
    }
    // Afterwards it would be too late: QGuiApplication makes no dispatcher where it finds one.
    if (isGuiLoaded()) {
        if (const std::string problem = hostModuleProblem(NativeKind::Platform); !problem.empty()) {
            qWarning(
                "Flywheel::install: a GUI program needs libflywheelgui: %s. Qt's own dispatcher stays in "
                "place; install that library beside libflywheel",
                problem.c_str());
            return false;
        }
    }
    QCoreApplication::setEventDispatcher(new EventDispatcher(options));
    return true;
}

bool install(QThread &thread, const Options &options)
{
    if (thread.isRunning()) {
        qCWarning(lcDispatcher,
                  "Flywheel::install: the thread already runs; call install() before QThread::start()");
        return false;
    }
    if (thread.eventDispatcher()) {
        qCWarning(lcDispatcher,
                  "Flywheel::install: the thread already has an event dispatcher, which stays in place");
        return false;
    }
    auto *const dispatcher = new EventDispatcher(options);
    thread.setEventDispatcher(dispatcher);
    // Qt deletes it when the thread ends; nobody does if the thread never runs.
    QObject::connect(
        &thread, &QObject::destroyed, dispatcher, [dispatcher] { delete dispatcher; }, Qt::DirectConnection);
    EventDispatcherPrivate::announce(*dispatcher, &thread);
    tellThatThreadStarts();
    return true;
}

namespace {

bool prepareToObserve()
{
    if (hookEvents())
        return true;
    qCWarning(lcDispatcher, "Flywheel::observe: Qt refused the hook for events, so nothing is recorded");
    return false;
}

Options s_ofMainThread;

void observeNewApplication()
{
    LoopObserver::attach(s_ofMainThread);
}

} // namespace

bool observe(const Options &options)
{
    if (EventDispatcher::of() != nullptr) {
        qCWarning(lcDispatcher,
                  "Flywheel::observe: the main thread runs on Flywheel and is recorded without observe()");
        return false;
    }
    if (!prepareToObserve())
        return false;
    s_ofMainThread = options;
    if (QCoreApplication::instance())
        return LoopObserver::attach(options);
    static const bool s_added = (qAddPreRoutine(observeNewApplication), true);
    return s_added;
}

bool observeAll(const Options &options)
{
    if (!QCoreApplication::instance() || QThread::currentThread() != QCoreApplication::instance()->thread()) {
        qCWarning(lcDispatcher,
                  "Flywheel::observeAll: call it in the main thread, once the application object exists");
        return false;
    }
    if (!prepareToObserve())
        return false;
    LoopObserver::attach(options); // Flywheel's own records itself
    LoopObserver::attachToAll(options);
    return true;
}

void stopObserving()
{
    LoopObserver::detachFromAll();
}

bool observe(QThread &thread, const Options &options)
{
    if (thread.isRunning()) {
        qCWarning(lcDispatcher,
                  "Flywheel::observe: the thread already runs; call observe() before QThread::start()");
        return false;
    }
    if (!prepareToObserve())
        return false;
    const auto once = std::make_shared<QMetaObject::Connection>();
    const auto begin = [once, options] {
        QObject::disconnect(*once);
        LoopObserver::attach(options);
    };
    tellThatThreadStarts();
    // Direct: Qt emits started() in the new thread, when its dispatcher exists.
    *once = QObject::connect(&thread, &QThread::started, &thread, begin, Qt::DirectConnection);
    return true;
}

} // namespace Flywheel
