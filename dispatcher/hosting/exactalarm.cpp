// SPDX-License-Identifier: MIT
#include "hosting/exactalarm.h"

#include "hosting/hostmodule.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreevent.h>

namespace Flywheel {

ExactAlarm::ExactAlarm(HostClient &client, QAbstractEventDispatcher &native)
    : QSocketNotifier(QSocketNotifier::Read)
    , m_client(client)
    , m_native(native)
{
}

ExactAlarm::~ExactAlarm()
{
    watch(-1);
}

bool ExactAlarm::arm(Instant deadline)
{
    if (deadline == m_deadline && m_timer.isOurs())
        return true;
    const bool isArmed = m_timer.set(deadline);
    m_deadline = isArmed ? deadline : Never;
    watch(m_timer.descriptor());
    return isArmed;
}

/// The native dispatcher goes on watching: the next alarm is probably near.
void ExactAlarm::disarm()
{
    if (m_deadline == Never && m_timer.isOurs())
        return;
    m_deadline = Never;
    m_timer.clear();
    watch(m_timer.descriptor());
}

void ExactAlarm::watch(int descriptor)
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

/// It stays readable until it is armed again, before the next wait.
bool ExactAlarm::event(QEvent *event)
{
    if (event->type() != QEvent::SockAct)
        return QSocketNotifier::event(event);
    m_client.waitEnded();
    return true;
}

} // namespace Flywheel
