// SPDX-License-Identifier: MIT
#include "hosting/nativelink.h"

#include <QtCore/qabstracteventdispatcher.h>

namespace Flywheel {

NativeLink::NativeLink(HostClient &client, QAbstractEventDispatcher &native, ClockFunction clock)
    : m_native(native)
    , m_alarm(native, clock)
    , m_bridge(client, native)
{
}

bool NativeLink::runHost(QEventLoop::ProcessEventsFlags flags)
{
    return m_native.processEvents(flags);
}

} // namespace Flywheel
