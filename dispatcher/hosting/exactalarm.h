// SPDX-License-Identifier: MIT
#pragma once

#include "platform/exacttimer.h"

#include <QtCore/qsocketnotifier.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

class HostClient;

/// One deadline in the care of a native dispatcher, to the nanosecond: a descriptor that it watches. What
/// NativeAlarm does to the millisecond, for one system call more each time. All that it does is to end the
/// wait.
///
/// Never enabled: that would register it with the thread's dispatcher, which is ours.
class ExactAlarm final : public QSocketNotifier
{
public:
    ExactAlarm(HostClient &client, QAbstractEventDispatcher &native);
    ~ExactAlarm() override;

    /// Ends the native dispatcher's waits from \a deadline on. False: it can't, and there is no alarm.
    bool arm(Instant deadline);
    /// No wait is ended.
    void disarm();

    bool event(QEvent *event) override;

private:
    void watch(int descriptor);

    HostClient &m_client;
    QAbstractEventDispatcher &m_native;
    ExactTimer m_timer;
    Instant m_deadline = Never;
    int m_watched = -1;
};

} // namespace Flywheel
