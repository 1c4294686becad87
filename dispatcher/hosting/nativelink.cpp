// SPDX-License-Identifier: MIT
#include "hosting/nativelink.h"

#include <QtCore/qabstracteventdispatcher.h>

namespace Flywheel {

NativeLink::NativeLink(HostClient &client, QAbstractEventDispatcher &native, ClockFunction clock)
    : m_native(native)
    , m_alarm(native, clock)
    , m_exactAlarm(client, native)
    , m_bridge(client, native)
{
}

void NativeLink::beforeWait(Instant deadline, bool exactly)
{
    const bool isInstant = deadline != Immediately && deadline != Never;
    if (exactly && isInstant && m_exactAlarm.arm(deadline)) {
        m_alarm.arm(Never);
        return;
    }
    m_exactAlarm.disarm();
    m_alarm.arm(deadline);
}

bool NativeLink::runHost(QEventLoop::ProcessEventsFlags flags)
{
    return m_native.processEvents(flags);
}

} // namespace Flywheel
