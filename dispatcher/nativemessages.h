// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qeventloop.h>

#include <memory>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// The messages that a system sends to a thread whoever runs its loop: for hidden windows, for COM. One for
/// each loop; its thread only.
class NativeMessages
{
public:
    /// Null where threads get no messages.
    static std::unique_ptr<NativeMessages> create();

    virtual ~NativeMessages() = default;

    /// Is there something to deliver that was taken from the system already, and so ends no wait?
    virtual bool hasHeldBack(QEventLoop::ProcessEventsFlags flags) const = 0;

    /// Delivers what has come, a bounded number, through \a dispatcher's native event filters, without
    /// waiting. User input is held back while \a flags exclude it. Returns how many were delivered.
    virtual int deliver(QAbstractEventDispatcher &dispatcher, QEventLoop::ProcessEventsFlags flags) = 0;
};

} // namespace Flywheel
