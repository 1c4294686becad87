// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qdeadlinetimer.h>

QT_BEGIN_NAMESPACE
class QLocalSocket;
QT_END_NAMESPACE

namespace Flywheel::Telemetry {

/// Ends a connection over which nothing more will be sent, in such a way that the peer can read what was.
///
/// A Unix socket is closed at once: its peer still reads what is in it (unix(7)). A named pipe would be
/// emptied (DisconnectNamedPipe()), so there it is left to the peer to hang up; after a second we do.
void hangUp(QLocalSocket &socket);

/// Waits for the end of such a connection until \a deadline at most, and ends it.
void finishHangingUp(QLocalSocket &socket, QDeadlineTimer deadline);

} // namespace Flywheel::Telemetry
