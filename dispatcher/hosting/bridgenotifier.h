// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qsocketnotifier.h>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

class HostClient;

/// The one notifier that a native dispatcher watches for us: it is activated while any of our descriptors is
/// ready.
///
/// Never enabled: that would register it with the thread's dispatcher, which is ours.
class BridgeNotifier final : public QSocketNotifier
{
public:
    BridgeNotifier(HostClient &client, QAbstractEventDispatcher &native);
    ~BridgeNotifier() override;

    /// Watches \a descriptor from now on, or nothing (-1).
    void watch(int descriptor);

    bool event(QEvent *event) override;

private:
    HostClient &m_client;
    QAbstractEventDispatcher &m_native;
    int m_watched = -1;
};

} // namespace Flywheel
