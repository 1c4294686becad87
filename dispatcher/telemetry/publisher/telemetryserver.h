// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/publisher/listeningsocket.h"
#include "telemetry/publisher/watcherconnection.h"

#include <QtNetwork/qlocalserver.h>

#include <vector>

namespace Flywheel::Telemetry {

/// The name of the thread in which a server works. Its own loop, should it have metrics, is not published.
inline constexpr char ThreadName[] = "flywheel-telemetry";

/// Listens for watchers. Made and opened in one thread, it may be moved to another one before begin().
class TelemetryServer : public QObject
{
    Q_OBJECT

public:
    explicit TelemetryServer(PublishingOptions options);
    /// Says goodbye to all watchers.
    ~TelemetryServer() override;

    /// Listens in socketDirectory(), after removing what dead processes left there: watchers can connect and
    /// wait for begin(). Empty if it does, otherwise why not.
    QString open();
    /// Serves, in the thread that it is to serve in.
    void begin();
    /// Both.
    QString listen();
    /// Empty if it does not listen.
    QString socketPath() const { return m_socket.path(); }

    /// Listens again where that has ended: Qt closes a listener when descriptors have run out, and cleaners
    /// remove old files from runtime directories. Called from time to time.
    void ensureListening();

    /// Takes leave of the watchers, in the thread that it serves in. Then it may move to another one, to be
    /// deleted there.
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
