// SPDX-License-Identifier: MIT
#pragma once

#include "hosting/bridgenotifier.h"
#include "hosting/exactalarm.h"
#include "hosting/hostlink.h"
#include "hosting/nativealarm.h"

namespace Flywheel {

class HostClient;

/// By one timer and one notifier of the host, which do nothing: that they are activated ends the wait. Where
/// the timer's milliseconds are too coarse, a second notifier takes its place. For hosts that emit
/// aboutToBlock() right before they wait, as all of Qt's do but GLib's, and that no foreign loop runs.
class NativeLink final : public HostLink
{
public:
    NativeLink(HostClient &client, QAbstractEventDispatcher &native, ClockFunction clock);

    void watch(int descriptor) override { m_bridge.watch(descriptor); }
    void beforeWait(Instant deadline, bool exactly) override;
    bool servesForeignLoops() const override { return false; }
    bool runHost(QEventLoop::ProcessEventsFlags flags) override;

private:
    QAbstractEventDispatcher &m_native;
    NativeAlarm m_alarm;
    ExactAlarm m_exactAlarm;
    BridgeNotifier m_bridge;
};

} // namespace Flywheel
