// SPDX-License-Identifier: MIT
#pragma once

#include "messages/messageclient.h"

#include <QtCore/qeventloop.h>

#include <memory>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

class ThreadMessages;

/// The messages of the calling thread. In a foreign loop ours goes on by a message to itself.
class NativeMessages
{
public:
    explicit NativeMessages(MessageClient &client);
    ~NativeMessages();

    /// Is there something to deliver that was taken from the system already, and so ends no wait?
    bool hasHeldBack(QEventLoop::ProcessEventsFlags flags) const;

    /// Delivers what has come, a bounded number, through \a dispatcher's native event filters, without
    /// waiting. User input is held back while \a flags exclude it. Returns how many were delivered.
    int deliver(QAbstractEventDispatcher &dispatcher, QEventLoop::ProcessEventsFlags flags);

    /// A pass of ours begins. \a woken: it delivers posted events.
    void beginPass(bool woken);
    /// Handlers run from now on, and one of them may run a foreign loop. Cheap.
    void beginHandlers();
    template <typename Condition>
    void beginHandlersIf(Condition condition)
    {
        if (condition())
            beginHandlers();
    }
    /// No handler runs while the loop waits.
    void endHandlers();

private:
    const std::unique_ptr<ThreadMessages> m_messages;
};

} // namespace Flywheel
