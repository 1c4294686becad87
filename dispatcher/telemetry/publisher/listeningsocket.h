// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/publisher/forkguard.h"

#include <QtCore/qstring.h>

#include <optional>

QT_BEGIN_NAMESPACE
class QLocalServer;
QT_END_NAMESPACE

namespace Flywheel::Telemetry {

/// The socket to which watchers connect. It exists before the loop that serves them runs; until then they
/// wait.
///
/// Until serve(), no dispatcher knows the socket (except on Windows). So the child of a fork(2) may simply
/// forget this object.
class ListeningSocket
{
public:
    ListeningSocket() = default;
    /// Closes the socket unless serve() has handed it over.
    ~ListeningSocket();
    ListeningSocket(const ListeningSocket &) = delete;
    ListeningSocket &operator=(const ListeningSocket &) = delete;

    /// Begins to listen at \a path for \a server. Returns an empty string, or why that failed.
    QString open(const QString &path, QLocalServer &server);
    /// Hands the open socket over to \a server. Call it in the server's thread. Returns false if the server
    /// does not take it.
    bool serve(QLocalServer &server);
    /// Ends what open() began. The server closes what serve() has handed over.
    void close();

    /// The path of the open socket, or an empty string.
    QString path() const { return m_path; }

private:
    QString m_path;
    int m_fd = -1; ///< ours until serve()
    std::optional<ClosedInChild> m_closedInChild;
};

} // namespace Flywheel::Telemetry
