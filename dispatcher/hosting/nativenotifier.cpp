// SPDX-License-Identifier: MIT
#include "hosting/nativenotifier.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreevent.h>

namespace Flywheel {

NativeNotifier::NativeNotifier(QAbstractEventDispatcher &native)
    : QSocketNotifier(QSocketNotifier::Read)
    , m_native(native)
{
}

NativeNotifier::~NativeNotifier()
{
    watch(-1);
}

void NativeNotifier::watch(int descriptor)
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

bool NativeNotifier::event(QEvent *event)
{
    if (event->type() != QEvent::SockAct)
        return QSocketNotifier::event(event);
    descriptorIsReadable();
    return true;
}

} // namespace Flywheel
