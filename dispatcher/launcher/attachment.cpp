// SPDX-License-Identifier: MIT
// What flywheel-run --attach loads into a program that runs. A debugger calls these functions in the main
// thread, while that waits for events or begins a pass (attachscript.cpp).
#include <flywheel/install.h>
#include <flywheel/metrics.h>
#include <flywheel/telemetry.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qthread.h>

extern "C" {

/// Called while all other threads stand still and hold no lock of the allocator: Qt keeps its hooks without a
/// lock. Returns 0 if Qt refuses.
Q_DECL_EXPORT int flywheelAttachHook()
{
    return Flywheel::attributePostedEvents(true) ? 1 : 0;
}

/// Returns an empty text, or for people why the program cannot be observed.
Q_DECL_EXPORT const char *flywheelAttach()
{
    const QCoreApplication *const application = QCoreApplication::instance();
    if (!application)
        return "it has no application object (yet)";
    if (QThread::currentThread() != application->thread())
        return "its application object is not in the first thread of the process";
    if (!Flywheel::observeAll())
        return "Qt refuses the hook for events";
    if (!Flywheel::startTelemetry())
        return "its telemetry cannot start; its standard error says why";
    return "";
}

Q_DECL_EXPORT const char *flywheelDetach()
{
    Flywheel::stopTelemetry();
    Flywheel::stopObserving();
    return "";
}

} // extern "C"
