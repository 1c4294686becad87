// SPDX-License-Identifier: MIT
#include "telemetry/publisher/hangup.h"

#include <QtNetwork/qlocalsocket.h>

namespace Flywheel::Telemetry {

void hangUp(QLocalSocket &socket)
{
    socket.abort();
}

void finishHangingUp(QLocalSocket &, QDeadlineTimer) {}

} // namespace Flywheel::Telemetry
