// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QtCore/qobject.h>

class QAbstractEventDispatcher;

namespace Flywheel {

class HostedLoop;

/// One deadline in the care of a native dispatcher: a single timer there, whatever the number of ours.
///
/// A native timer is not delivered inside its own handler, so while the alarm is being delivered its
/// registration is spent: a handler that runs a loop of its own gets a new one from arm().
class NativeAlarm final : public QObject
{
public:
    NativeAlarm(HostedLoop &loop, QAbstractEventDispatcher &native, ClockFunction clock);
    ~NativeAlarm() override;

    /// Calls HostedLoop::onAlarm() at \a deadline or up to a millisecond later, from whatever loop runs the
    /// native dispatcher then. Immediately: in its next iteration. Never: not at all.
    void arm(Instant deadline);
    Instant deadline() const { return m_deadline; }

    bool event(QEvent *event) override;

private:
    void reregister(Instant deadline);

    HostedLoop &m_loop;
    QAbstractEventDispatcher &m_native;
    const ClockFunction m_clock;
    const int m_timerId;
    Instant m_deadline = Never; ///< also while the registration is spent
    qint64 m_intervalMs = 0;
    unsigned m_registrations = 0;
    bool m_registered = false;
};

} // namespace Flywheel
