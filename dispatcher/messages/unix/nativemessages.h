// SPDX-License-Identifier: MIT
#pragma once

#include "messages/messageclient.h"

#include <QtCore/qeventloop.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// What a window system sends arrives on descriptors here: there is nothing to do.
class NativeMessages
{
public:
    explicit NativeMessages(MessageClient &) {}

    static bool hasHeldBack(QEventLoop::ProcessEventsFlags) { return false; }
    static int deliver(QAbstractEventDispatcher &, QEventLoop::ProcessEventsFlags) { return 0; }
    static void beginPass(bool) {}
    static void beginHandlers() {}
    template <typename Condition>
    static void beginHandlersIf(Condition)
    {
    }
    static void endHandlers() {}
};

} // namespace Flywheel
