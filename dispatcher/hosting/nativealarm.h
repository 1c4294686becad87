// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qobject.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// One deadline in the care of a native dispatcher: a single timer there, whatever the number of ours. All
/// that it does is to end the wait.
class NativeAlarm final : public QObject
{
public:
    NativeAlarm(QAbstractEventDispatcher &native, ClockFunction clock);
    ~NativeAlarm() override;

    /// Ends the native dispatcher's wait at \a deadline or up to a millisecond later. Immediately: it does
    /// not wait at all. Never: there is no deadline.
    void arm(Instant deadline);

    bool event(QEvent *event) override;

private:
    void reregister(Instant deadline);

    QAbstractEventDispatcher &m_native;
    const ClockFunction m_clock;
    const int m_timerId;
    Instant m_deadline = Never;
    bool m_registered = false;
};

} // namespace Flywheel
