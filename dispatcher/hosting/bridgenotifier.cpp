// SPDX-License-Identifier: MIT
#include "hosting/bridgenotifier.h"

#include "hosting/hostmodule.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreevent.h>

namespace Flywheel {

BridgeNotifier::BridgeNotifier(HostClient &client, QAbstractEventDispatcher &native)
    : QSocketNotifier(QSocketNotifier::Read)
    , m_client(client)
    , m_native(native)
{
}

BridgeNotifier::~BridgeNotifier()
{
    watch(-1);
}

void BridgeNotifier::watch(int descriptor)
{
    if (descriptor == m_watched)
        return;
    if (m_watched >= 0)
        m_native.unregisterSocketNotifier(this);
    m_watched = descriptor;
    if (descriptor < 0)
        return;
    setSocket(descriptor);
    m_native.registerSocketNotifier(this);
}

bool BridgeNotifier::event(QEvent *event)
{
    if (event->type() != QEvent::SockAct)
        return QSocketNotifier::event(event);
    m_client.workIsReady(true);
    return true;
}

} // namespace Flywheel
