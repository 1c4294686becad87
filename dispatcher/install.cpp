// SPDX-License-Identifier: MIT
#include <flywheel/install.h>

#include "eventdispatcher_p.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qlogging.h>
#include <QtCore/qthread.h>

namespace Flywheel {

bool install(const Options &options)
{
    if (QCoreApplication::instance()) {
        qWarning("Flywheel::install: the application object exists already; call install() before it is "
                 "constructed");
        return false;
    }
    if (QCoreApplication::eventDispatcher()) {
        qWarning("Flywheel::install: the main thread has an event dispatcher already; it stays");
        return false;
    }
    QCoreApplication::setEventDispatcher(new EventDispatcher(options));
    return true;
}

bool install(QThread &thread, const Options &options)
{
    if (thread.isRunning()) {
        qWarning("Flywheel::install: the thread runs already; call install() before QThread::start()");
        return false;
    }
    if (thread.eventDispatcher()) {
        qWarning("Flywheel::install: the thread has an event dispatcher already; it stays");
        return false;
    }
    auto *const dispatcher = new EventDispatcher(options);
    thread.setEventDispatcher(dispatcher);
    EventDispatcherPrivate::announce(*dispatcher, &thread);
    return true;
}

} // namespace Flywheel
