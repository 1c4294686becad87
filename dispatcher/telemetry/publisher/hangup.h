// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qdeadlinetimer.h>

QT_BEGIN_NAMESPACE
class QLocalSocket;
QT_END_NAMESPACE

namespace Flywheel::Telemetry {

/// Ends a connection so that the peer can still read what was sent.
///
/// A Unix socket is closed at once, because its peer can still read what is in it (unix(7)). A named pipe
/// would lose its contents (DisconnectNamedPipe()). So there the peer should hang up, and after a second this
/// side does.
void hangUp(QLocalSocket &socket);

/// Waits until \a deadline at most for the end of the connection, and then ends it.
void finishHangingUp(QLocalSocket &socket, QDeadlineTimer deadline);

} // namespace Flywheel::Telemetry
