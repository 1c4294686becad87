// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qeventloop.h>

#include <memory>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// The messages that a system sends to a thread whoever runs its loop: for hidden windows, for COM. One for
/// each loop; its thread only.
///
/// A handler may run a message loop that is not ours: a message box, a file dialog, a window that is being
/// resized. That loop dispatches messages and knows nothing else, so ours goes on in it by a message to
/// itself.
class NativeMessages
{
public:
    /// The loop, as seen from a foreign one.
    class Loop
    {
    public:
        /// One pass that neither waits nor takes messages.
        virtual void passInForeignLoop() = 0;
        /// The loop is left alone from now on. When it needs the next pass at the latest, if its poller's
        /// descriptor() does not become readable before; Immediately if there is something to do now.
        virtual Instant fallAsleepInForeignLoop() = 0;
        virtual void ariseInForeignLoop() = 0;
        virtual int descriptorToWatch() const = 0;

    protected:
        ~Loop() = default;
    };

    /// Null where threads get no messages.
    static std::unique_ptr<NativeMessages> create(Loop &loop);

    virtual ~NativeMessages() = default;

    /// Is there something to deliver that was taken from the system already, and so ends no wait?
    virtual bool hasHeldBack(QEventLoop::ProcessEventsFlags flags) const = 0;

    /// Delivers what has come, a bounded number, through \a dispatcher's native event filters, without
    /// waiting. User input is held back while \a flags exclude it. Returns how many were delivered.
    virtual int deliver(QAbstractEventDispatcher &dispatcher, QEventLoop::ProcessEventsFlags flags) = 0;

    /// Handlers run from now on, and one of them may run a foreign loop. Cheap.
    virtual void beginHandlers() = 0;
    /// No handler runs while the loop waits.
    virtual void endHandlers() = 0;
    /// A pass of ours begins.
    virtual void endForeignLoop() = 0;
};

} // namespace Flywheel
