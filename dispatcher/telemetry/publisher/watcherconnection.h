// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/framecodec.h"
#include "telemetry/publisher/forkguard.h"
#include "telemetry/publisher/framebuilder.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qlocalsocket.h>

#include <optional>

namespace Flywheel::Telemetry {

/// What a server publishes, and its limits.
struct PublishingOptions
{
    ProcessInfo process;
    SnapshotSource source; ///< called in the server's thread
    std::size_t maxWatchers = 8;
    qint64 maxPendingBytes = qint64(8) << 20; ///< for one watcher that does not read
    std::chrono::milliseconds helloTimeout{10'000};
    std::chrono::milliseconds listeningCheck{
        10'000}; ///< how often the server checks that watchers can still find it
};

/// While one exists, stalls are looked at while they go on.
struct StallsWatched
{
    StallsWatched()
    {
        const NoForkMeanwhile guard;
        watchStalls();
    }
    ~StallsWatched()
    {
        const NoForkMeanwhile guard;
        unwatchStalls();
    }
    StallsWatched(const StallsWatched &) = delete;
    StallsWatched &operator=(const StallsWatched &) = delete;
};

/// The connection to one watcher. Never blocks, except in finishClosing().
class WatcherConnection : public QObject
{
    Q_OBJECT

public:
    /// \a socket must be connected; this object takes ownership. \a options must outlive the connection.
    WatcherConnection(QLocalSocket *socket, const PublishingOptions &options, QObject *parent);

    /// Sends a goodbye without waiting, stops reading, and hangs up (hangUp()).
    void close(Goodbye::Reason reason, std::string detail = {});
    /// Waits until \a deadline at most for the end of the connection, and ends it. Call close() first.
    void finishClosing(QDeadlineTimer deadline);
    /// False after close() and after the watcher has left.
    bool isOpen() const;

Q_SIGNALS:
    void closed();

private:
    void read();
    void begin(const WatcherHello &hello);
    void change(const IntervalRequest &request);
    void send(const QByteArray &bytes);
    void sendFrame();

    const PublishingOptions &m_options;
    QLocalSocket *const m_socket;
    const ClosedInChild m_closedInChild;
    FrameDecoder m_decoder{FrameDecoder::Sender::Watcher};
    FrameBuilder m_builder;
    QTimer m_helloTimeout;
    QTimer m_frameTimer;
    std::optional<StallsWatched> m_stallsWatched; ///< for a watcher that has said hello
    int m_requests = 0;                           ///< since the last frame
    std::chrono::nanoseconds m_cpuBefore{};
    bool m_saidGoodbye = false;
};

} // namespace Flywheel::Telemetry
