// SPDX-License-Identifier: MIT
#include "telemetry/publisher/hangup.h"

#include <QtCore/qtimer.h>
#include <QtNetwork/qlocalsocket.h>

#include <chrono>

namespace Flywheel::Telemetry {

void hangUp(QLocalSocket &socket)
{
    QTimer::singleShot(std::chrono::seconds(1), &socket, &QLocalSocket::abort);
}

void finishHangingUp(QLocalSocket &socket, QDeadlineTimer deadline)
{
    if (socket.state() == QLocalSocket::ConnectedState)
        socket.waitForDisconnected(static_cast<int>(deadline.remainingTime()));
    socket.abort();
}

} // namespace Flywheel::Telemetry
