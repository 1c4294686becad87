// SPDX-License-Identifier: MIT
#include "hosting/gliblink.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qscopeguard.h>

namespace Flywheel {

bool GlibLink::runHost(QEventLoop::ProcessEventsFlags flags)
{
    const auto leave = qScopeGuard([this, former = m_source->enterHost()] { m_source->leaveHost(former); });
    return m_native.processEvents(flags);
}

} // namespace Flywheel
