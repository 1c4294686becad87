// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qglobal.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

// What the host modules (libflywheelgui, libflywheelglib) and the core know of each other. A module uses
// nothing of libflywheel but what stands here, so that it serves a static one too.

/// Makes the native dispatcher of the calling thread, or returns null where it can't be made yet.
extern "C" using CreateDispatcherFunction = QAbstractEventDispatcher * (*)();

#define FLYWHEEL_HOST_MODULE_FUNCTION flywheelCreateNativeDispatcher
#define FLYWHEEL_HOST_MODULE_FUNCTION_NAME "flywheelCreateNativeDispatcher"

namespace Flywheel {

/// A hosted loop as its host sees it.
class HostClient
{
public:
    /// Whether sockets, tasks or changes of interest wait to be served.
    virtual bool hasWork() = 0;
    /// The time until the next timer is due; zero if one is, Nanoseconds::max() if there is none.
    virtual Nanoseconds untilTimer() = 0;
    /// The same if the wait has to end to the nanosecond, Nanoseconds::max() if a millisecond is good enough.
    virtual Nanoseconds untilFineTimer() = 0;
    /// How long the host may wait before work is to be looked for again; Nanoseconds::max(): any time.
    virtual Nanoseconds untilLook() = 0;
    /// The host's own wait is over.
    virtual void waitEnded() = 0;
    /// The descriptor is readable (\a isReadable), or hasWork(), and our own pass is on its way to serve
    /// that.
    virtual void workIsReady(bool isReadable) = 0;
    /// The same, but a foreign loop runs: serve it now.
    virtual void serveWork() = 0;
    /// A timer is due, and a foreign loop runs: serve it now.
    virtual void serveTimers() = 0;
    /// For a foreign loop: timers have been due for so long that serveWork() has to serve them, too.
    virtual bool hasStarvedTimers() = 0;

protected:
    ~HostClient() = default;
};

/// A loop's sources in the main context that is the thread's default one when they are made.
///
/// GLib asks them before and after each of its waits, whoever runs the context. So a foreign loop
/// (g_main_loop_run() in a handler) waits no longer than our timers allow, whatever was started or stopped
/// meanwhile. They deliver in foreign loops only: in our own passes they end the wait.
class GlibSource
{
public:
    virtual ~GlibSource() = default;
    /// Watches \a descriptor for reading from now on, or nothing (-1).
    virtual void watch(int descriptor) = 0;
    /// Our own pass hands over to the host. Returns what leaveHost() takes.
    virtual int enterHost() = 0;
    virtual void leaveHost(int former) = 0;
};

} // namespace Flywheel

/// Makes the sources of a loop for the calling thread. \a client must outlive them. The caller owns them.
extern "C" using AttachSourceFunction = Flywheel::GlibSource * (*)(Flywheel::HostClient * client);

#define FLYWHEEL_GLIB_SOURCE_FUNCTION flywheelAttachGlibSource
#define FLYWHEEL_GLIB_SOURCE_FUNCTION_NAME "flywheelAttachGlibSource"
