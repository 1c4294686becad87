// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/publisher/forkguard.h"

#include <QtCore/qstring.h>

#include <optional>

QT_BEGIN_NAMESPACE
class QLocalServer;
QT_END_NAMESPACE

namespace Flywheel::Telemetry {

/// Where watchers connect, from before the loop that serves them runs: they wait until then.
///
/// A socket that no dispatcher knows yet, except on Windows: in the child of a fork(2) nothing is left of it
/// but an object that may be forgotten.
class ListeningSocket
{
public:
    ListeningSocket() = default;
    /// Gives up what serve() did not take over.
    ~ListeningSocket();
    ListeningSocket(const ListeningSocket &) = delete;
    ListeningSocket &operator=(const ListeningSocket &) = delete;

    /// Begins to listen at \a path, for \a server. Empty if it does, otherwise why not.
    QString open(const QString &path, QLocalServer &server);
    /// Hands an open socket over, in the server's thread. False if the server does not take it.
    bool serve(QLocalServer &server);
    /// Ends what open() began; what serve() handed over is the server's to close.
    void close();

    /// Empty if it is not open.
    QString path() const { return m_path; }

private:
    QString m_path;
    int m_fd = -1; ///< ours until serve()
    std::optional<ClosedInChild> m_closedInChild;
};

} // namespace Flywheel::Telemetry
