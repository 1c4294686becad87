// SPDX-License-Identifier: MIT
#pragma once

#include "handlerlog.h"
#include "telemetry/protocol/framecodec.h"
#include "timespan.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtSql/qsqldatabase.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

QT_BEGIN_NAMESPACE
class QSqlQuery;
QT_END_NAMESPACE

namespace Flywheel::Monitor {

/// Plays a recording. It opens the file read-only. It emits the frames up to the position in order. After a
/// jump it emits restarted(), which withdraws all frames before, and emits the frames of the ten minutes
/// before the new position. It does so in slices, so that the event loop runs between them.
class Replay : public QObject
{
    Q_OBJECT

public:
    /// How much time before the position a replay emits after a jump.
    static constexpr Duration Lead = std::chrono::minutes(10);
    static constexpr double SlowestSpeed = 0.1;
    static constexpr double FastestSpeed = 100;

    struct RecordedProcess
    {
        qint64 row = 0; ///< identifies it in frame()
        Telemetry::ProcessInfo info;
    };
    /// How many stalls ended at a time, for a time line.
    struct Mark
    {
        Time at{};
        std::uint32_t stalls = 0;
    };

    /// Opens a recording, paused at its start. Returns null if \a path cannot be read as a recording; \a
    /// error then says why and what to do.
    static std::unique_ptr<Replay> open(const QString &path, QString &error);
    ~Replay() override;

    QString path() const { return m_path; }
    /// From the first to the last frame.
    TimeSpan span() const { return m_span; }
    WallTime wallAt(Time time) const;
    const std::vector<RecordedProcess> &processes() const { return m_processes; }
    /// The marks of stalls, ascending; at most the first 10,000.
    const std::vector<Mark> &stallMarks() const { return m_stallMarks; }

    Time position() const { return m_position; }
    bool isPlaying() const { return m_playing; }
    /// True while it still reads what lies before the position.
    bool isLoading() const { return m_loading; }
    double speed() const { return m_speed; }
    /// Frames and batches of handlers that could not be read and were left out.
    std::uint64_t damagedFrames() const { return m_damaged; }

    /// Plays from the position, or from the start if the position is the end.
    void play();
    void pause();
    /// Clamped to SlowestSpeed and FastestSpeed.
    void setSpeed(double factor);
    /// Clamped to span().
    void seek(Time position);

Q_SIGNALS:
    /// Position, speed, playing or loading have changed.
    void changed();
    void restarted();
    void frame(qint64 processRow, const Flywheel::Telemetry::Frame &frame);
    /// Handlers of a loop that an earlier frame() told of.
    void handlers(qint64 processRow, quint64 loopId, const Flywheel::Monitor::HandlerBatch &batch);

private:
    struct RecordedHandlers
    {
        qint64 process;
        quint64 loop;
        Time takenAt;
        int flags;
        QByteArray stored;
    };

    explicit Replay(const QString &path);
    QString openFile();
    QString readVersion();
    bool readSpan();
    bool isPlain();
    bool readProcesses();
    bool readMarks();
    std::optional<Time> timeOf(const QString &query);
    void jump(Time position);
    void tick();
    void load();
    bool loadBatch();
    void prepareHandlers();
    void loadHandlers(Time until);
    void giveOut(const RecordedHandlers &row);
    void giveOut(qint64 processRow, const QByteArray &stored);
    void setPlaying(bool playing);

    const QString m_path;
    const QString m_connectionName;
    QSqlDatabase m_database;
    std::unique_ptr<QSqlQuery> m_next;         ///< the frames that follow
    std::unique_ptr<QSqlQuery> m_nextHandlers; ///< the handlers that follow; null if the recording has none
    TimeSpan m_span;
    std::vector<RecordedProcess> m_processes;
    std::vector<Mark> m_stallMarks;
    std::vector<std::pair<Time, WallTime>> m_clock; ///< ascending; the wall clock at key frames
    std::optional<Telemetry::FrameDecoder> m_decoder;
    std::uint64_t m_damaged = 0;

    QTimer m_tick;
    QElapsedTimer m_sinceTick;
    Time m_position{};
    Time m_givenAt{}; ///< time and row of the frame that was emitted last
    qint64 m_givenId = 0;
    Time m_handlersGivenAt{}; ///< likewise of handlers
    qint64 m_handlersGivenId = 0;
    double m_speed = 1;
    bool m_playing = false;
    bool m_loading = false;
};

} // namespace Flywheel::Monitor
