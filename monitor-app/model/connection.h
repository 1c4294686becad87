// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/framecodec.h"
#include "timespan.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qlocalsocket.h>

#include <deque>
#include <optional>

namespace Flywheel::Monitor {

/// One publisher, watched. Connects again by itself after a loss, waiting longer each time (0.25 s to 5 s),
/// until the process is gone or says that it ends. Whatever the other side sends, the worst that happens is
/// the end of the connection, with a reason in words. Everything in the thread of the object.
class Connection : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Connecting,      ///< no hello has come yet
        Attached,        ///< frames come
        Lost,            ///< broken; will be tried again
        Ended,           ///< the process is gone or has stopped publishing; final
        VersionMismatch, ///< publisher and monitor speak different versions; final
        Refused,         ///< the publisher does not want us, or sends what is no telemetry; final
    };
    Q_ENUM(State)

    /// \a processId: whose death ends the attempts; 0: unknown. \a socketPath: of
    /// Telemetry::Publisher::socketPath.
    Connection(qint64 processId, const QString &socketPath, QObject *parent = nullptr);
    ~Connection() override;

    /// Begins; the constructor does not, so that the signals can be connected first.
    void open(std::chrono::milliseconds interval = Telemetry::DefaultInterval);
    /// Ends for good, without a signal.
    void close();
    /// Another pace from now on.
    void setInterval(std::chrono::milliseconds interval);

    State state() const { return m_state; }
    bool isFinal() const;
    /// A sentence for people on why the state is what it is; empty while Connecting or Attached.
    QString reason() const { return m_reason; }
    /// As of the last hello.
    const Telemetry::ProcessInfo &process() const { return m_process; }
    /// As of the last hello; 0 before.
    std::uint32_t publisherVersion() const { return m_publisherVersion; }

    /// Mean of the last 5 seconds.
    double framesPerSecond() const;
    /// How long ago the last frame came; 0 unless Attached.
    Duration silence() const;
    /// By gaps in the sequence of frames, since open().
    std::uint64_t lostFrames() const { return m_lostFrames; }
    /// Since open().
    std::uint64_t frames() const { return m_frames; }

Q_SIGNALS:
    void stateChanged();
    /// Before each first frame of a connection.
    void helloReceived(const Flywheel::Telemetry::ProcessInfo &process);
    void frameReceived(const Flywheel::Telemetry::Frame &frame);

private:
    void connectNow();
    void read();
    void take(const Telemetry::Hello &hello);
    void take(const Telemetry::Frame &frame);
    void take(const Telemetry::Goodbye &goodbye);
    void socketGone();
    void lose(const QString &reason);
    void finish(State state, const QString &reason);
    void setState(State state, const QString &reason = {});
    void dropSocket();

    const qint64 m_processId;
    const QString m_socketPath;
    QLocalSocket *m_socket = nullptr;
    std::optional<Telemetry::FrameDecoder> m_decoder; ///< of this connection
    QTimer m_retry;
    QTimer m_helloDue;
    std::chrono::milliseconds m_interval = Telemetry::DefaultInterval;
    std::chrono::milliseconds m_retryDelay{0};

    State m_state = State::Connecting;
    QString m_reason;
    Telemetry::ProcessInfo m_process;
    std::uint32_t m_publisherVersion = 0;

    std::uint64_t m_sequence = 0; ///< of the last frame of this connection
    std::uint64_t m_frames = 0;
    std::uint64_t m_lostFrames = 0;
    std::deque<std::chrono::steady_clock::time_point> m_arrivals; ///< of the last seconds
};

} // namespace Flywheel::Monitor
