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

/// The connection to one publisher. After a loss it connects again, with longer and longer pauses (0.25 s to
/// 5 s), until the process has ended or has said that it ends. If the publisher sends something wrong, the
/// connection ends with a reason in words. Use it in the thread of the object only.
class Connection : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Connecting,      ///< no hello has arrived yet
        Attached,        ///< frames arrive
        Lost,            ///< broken; it will be made again
        Ended,           ///< the process is gone or has stopped publishing; final
        VersionMismatch, ///< publisher and monitor use different versions; final
        Refused,         ///< the publisher refused the monitor, or sent something that is no telemetry; final
    };
    Q_ENUM(State)

    /// \a processId: the attempts end when this process has ended; 0 if not known. \a socketPath: see
    /// Telemetry::Publisher::socketPath.
    Connection(qint64 processId, const QString &socketPath, QObject *parent = nullptr);
    ~Connection() override;

    /// Begins to connect. The constructor does not, so that you can connect the signals first.
    void open(std::chrono::milliseconds interval = Telemetry::DefaultInterval);
    /// Ends the connection for good, without a signal.
    void close();
    /// Sets the interval of frames from now on.
    void setInterval(std::chrono::milliseconds interval);

    State state() const { return m_state; }
    bool isFinal() const;
    /// The reason of the state, as a sentence for people; empty while Connecting or Attached.
    QString reason() const { return m_reason; }
    /// What the last hello said.
    const Telemetry::ProcessInfo &process() const { return m_process; }
    /// What the last hello said; 0 before the first one.
    std::uint32_t publisherVersion() const { return m_publisherVersion; }

    /// Mean of the last 5 seconds.
    double framesPerSecond() const;
    /// How long ago the last frame arrived; 0 unless Attached.
    Duration silence() const;
    /// How many frames are missing in the sequence since open().
    std::uint64_t lostFrames() const { return m_lostFrames; }
    /// Since open().
    std::uint64_t frames() const { return m_frames; }

Q_SIGNALS:
    void stateChanged();
    /// Emitted before the first frame of each connection.
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
