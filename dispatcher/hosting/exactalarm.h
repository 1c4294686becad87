// SPDX-License-Identifier: MIT
#pragma once

#include "hosting/hostmodule.h"
#include "hosting/nativenotifier.h"
#include "platform/exacttimer.h"

namespace Flywheel {

/// One deadline in the care of a native dispatcher, to the nanosecond: a descriptor that it watches. What
/// NativeAlarm does to the millisecond, for one system call more each time. All that it does is to end the
/// wait.
class ExactAlarm final : public NativeNotifier
{
public:
    ExactAlarm(HostClient &client, QAbstractEventDispatcher &native)
        : NativeNotifier(native)
        , m_client(client)
    {
    }

    ~ExactAlarm() override { watch(-1); } // before the descriptor is closed

    /// Ends the native dispatcher's waits from \a deadline on. False: it can't, and there is no alarm.
    bool arm(Instant deadline);
    /// No wait is ended.
    void disarm();

private:
    /// It stays readable until it is armed again, before the next wait.
    void descriptorIsReadable() override { m_client.waitEnded(); }

    HostClient &m_client;
    ExactTimer m_timer;
    Instant m_deadline = Never;
};

} // namespace Flywheel
