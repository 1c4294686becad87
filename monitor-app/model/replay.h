// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/framecodec.h"
#include "timespan.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtSql/qsqldatabase.h>

#include <memory>
#include <vector>

namespace Flywheel::Monitor {

/// A recording, played. The file is opened read-only and stays as it is. Frames up to the position are given
/// out in order; after a seek all that came before is withdrawn (restarted()) and the ten minutes before the
/// new position are given out anew, in slices between which the event loop runs.
class Replay : public QObject
{
    Q_OBJECT

public:
    /// How much before its position a replay gives out.
    static constexpr Duration Lead = std::chrono::minutes(10);

    struct RecordedProcess
    {
        qint64 row = 0; ///< stands for it in frame()
        Telemetry::ProcessInfo info;
    };
    /// Where stalls ended, for a time line: no more than some thousand.
    struct Mark
    {
        Time at{};
        std::uint32_t stalls = 0;
    };

    /// Null if \a path is no recording that can be read: \a error then says why and what to do.
    static std::unique_ptr<Replay> open(const QString &path, QString &error);
    ~Replay() override;

    QString path() const { return m_path; }
    /// From the first to the last frame.
    TimeSpan span() const { return m_span; }
    WallTime wallAt(Time time) const;
    const std::vector<RecordedProcess> &processes() const { return m_processes; }
    std::vector<Mark> stallMarks() const;

    Time position() const { return m_position; }
    bool isPlaying() const { return m_playing; }
    /// Still reads what lies before the position.
    bool isLoading() const { return m_loadedUntil < m_position; }
    double speed() const { return m_speed; }

    /// From the position on; from the beginning if it is at the end.
    void play();
    void pause();
    /// 0.1 to 100.
    void setSpeed(double factor);
    /// Clamped to span().
    void seek(Time position);

Q_SIGNALS:
    /// Position, speed, playing or loading have changed.
    void changed();
    void restarted();
    void frame(qint64 processRow, const Flywheel::Telemetry::Frame &frame);

private:
    Replay(const QString &path, const QString &connectionName);
    QString readHeader();
    bool readProcesses();
    void readClock();
    void tick();
    void load();
    void giveOut(qint64 processRow, const QByteArray &encoded);
    Time keyFrameBefore(Time time) const;

    const QString m_path;
    const QString m_connectionName;
    QSqlDatabase m_database;
    TimeSpan m_span;
    std::vector<RecordedProcess> m_processes;
    std::vector<std::pair<Time, WallTime>> m_clock; ///< ascending; the wall clock at some moments
    std::unique_ptr<Telemetry::FrameDecoder> m_decoder;

    QTimer m_tick;
    QElapsedTimer m_sinceTick;
    Time m_position{};
    Time m_loadedUntil{}; ///< exclusive: frames before it were given out
    qint64 m_lastId = 0;  ///< of the frame that was given out last
    double m_speed = 1;
    bool m_playing = false;
};

} // namespace Flywheel::Monitor
