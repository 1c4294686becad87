// SPDX-License-Identifier: MIT
#include "hosting/nativealarm.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreevent.h>

#include <algorithm>

namespace Flywheel {

namespace {

/// The registration repeats by itself at a time that nobody asked for.
constexpr Instant Stale = Never - Nanoseconds(1);
/// An alarm that comes too early is armed again.
constexpr std::chrono::milliseconds Longest = std::chrono::hours(24);

qint64 toMilliseconds(Nanoseconds duration)
{
    return std::clamp(std::chrono::ceil<std::chrono::milliseconds>(duration), Longest.zero(), Longest)
        .count();
}

} // namespace

// The id is taken by QObject, which gives it back when the alarm is destroyed; Qt has no other public way to
// do so.
NativeAlarm::NativeAlarm(QAbstractEventDispatcher &native, ClockFunction clock)
    : m_native(native)
    , m_clock(clock)
    , m_timerId(startTimer(Longest))
{
    QAbstractEventDispatcher::instance()->unregisterTimers(this); // ours: only the number is wanted
}

NativeAlarm::~NativeAlarm()
{
    if (m_registered)
        m_native.unregisterTimers(this);
}

void NativeAlarm::arm(Instant deadline)
{
    if (deadline != m_deadline)
        reregister(deadline);
}

void NativeAlarm::reregister(Instant deadline)
{
    if (m_registered)
        m_native.unregisterTimers(this);
    m_registered = deadline != Never;
    m_deadline = deadline;
    if (!m_registered)
        return;
    const qint64 interval = deadline == Immediately ? 0 : toMilliseconds(deadline - m_clock());
    m_native.registerTimer(m_timerId, interval, Qt::PreciseTimer, this);
}

bool NativeAlarm::event(QEvent *event)
{
    if (event->type() != QEvent::Timer)
        return QObject::event(event);
    if (m_deadline != Immediately)
        m_deadline = Stale;
    return true;
}

} // namespace Flywheel
