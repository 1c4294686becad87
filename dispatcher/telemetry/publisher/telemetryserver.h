// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/publisher/listeningsocket.h"
#include "telemetry/publisher/watcherconnection.h"

#include <QtNetwork/qlocalserver.h>

#include <vector>

namespace Flywheel::Telemetry {

/// The name of the server's thread. The loop of a thread with this name is not published.
inline constexpr char ThreadName[] = "flywheel-telemetry";

/// Listens for watchers and serves them. After open(), it may move to another thread before begin().
class TelemetryServer : public QObject
{
    Q_OBJECT

public:
    explicit TelemetryServer(PublishingOptions options);
    /// Sends a goodbye to all watchers.
    ~TelemetryServer() override;

    /// Removes what dead processes left in socketDirectory(), and begins to listen there. Watchers can
    /// connect from now on, and wait for begin(). Returns an empty string, or why that failed.
    QString open();
    /// Begins to serve. Call it in the thread in which the server lives from now on.
    void begin();
    /// Calls open() and begin(). Returns an empty string, or why that failed.
    QString listen();
    /// The path of the socket; empty if the server does not listen.
    QString socketPath() const { return m_socket.path(); }

    /// Checks that the server still listens, and listens again if not. Qt closes a listener when the process
    /// runs out of descriptors, and cleaning programs remove old files from runtime directories. A timer
    /// calls this.
    void ensureListening();

    /// Sends a goodbye to all watchers. Call it in the server's thread. After that the server may move to
    /// another thread and be deleted there.
    void finish();

private:
    void accept();
    void remove(WatcherConnection *watcher);

    PublishingOptions m_options;
    QLocalServer m_listener{this};
    ListeningSocket m_socket;
    QTimer m_listeningCheck{this};
    std::vector<WatcherConnection *> m_watchers;
};

} // namespace Flywheel::Telemetry
