// SPDX-License-Identifier: MIT
#pragma once

#include "handlerlog.h"
#include "packedframe.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>

#include <map>
#include <memory>
#include <optional>

namespace Flywheel::Monitor {

/// Changes when an older monitor could misread a recording; docs/recording-format.md.
inline constexpr int RecordingSchema = 1;
/// "FlwM", in SQLite's application_id.
inline constexpr int RecordingApplicationId = 0x466c774d;

/// HandlerBatch::isFirst and hasLoss in a recording.
enum RecordedHandlersFlag : std::uint8_t { RecordedFirst = 1, RecordedLoss = 2 };

/// Writes frames to a SQLite file as they arrive, in one transaction a second. So a crash of the monitor
/// loses at most the last second.
class Recorder : public QObject
{
    Q_OBJECT

public:
    /// Makes a recording at \a path. Replaces an older recording, but no other file. Returns null if that
    /// fails; \a error then says why and what to do.
    static std::unique_ptr<Recorder> create(const QString &path, QString &error);
    ~Recorder() override;

    bool needsKeyFrame(quint64 processKey, Time time) const { return m_keyFrames.isDue(processKey, time); }
    /// Writes a frame.
    void add(quint64 processKey, const Telemetry::ProcessInfo &info, const PackedFrame &frame);
    /// Finishes the file; nothing is written any more. Returns error().
    QString finish();
    /// Removes the file.
    void discard();

    /// Writes handlers of a loop, after the frame that came with them.
    void addHandlers(quint64 processKey, const Telemetry::ProcessInfo &info, std::uint64_t loopId,
                     const HandlerBatch &batch);

    QString path() const { return m_path; }
    Duration elapsed() const { return Duration(m_since.nsecsElapsed()); }
    /// The size on disk.
    qint64 bytes() const;
    std::uint64_t frames() const { return m_frames; }
    /// Why writing stopped; empty if it did not. Nothing is written after an error.
    QString error() const { return m_error; }

Q_SIGNALS:
    void failed(const QString &error);

private:
    explicit Recorder(const QString &path);
    bool open();
    bool createTables();
    bool execute(const QString &statement);
    std::optional<qint64> processRow(quint64 processKey, const Telemetry::ProcessInfo &info);
    bool begin();
    bool insertHandlers(qint64 process, std::uint64_t loopId, const HandlerBatch &batch);
    bool insertFrame(qint64 process, const PackedFrame &frame);
    void commit();
    void fail(const QSqlError &error);

    const QString m_path;
    const QString m_connectionName;
    QSqlDatabase m_database;
    std::unique_ptr<QSqlQuery> m_insert;
    std::unique_ptr<QSqlQuery> m_insertHandlers;
    QTimer m_commit;
    QElapsedTimer m_since;
    std::map<quint64, qint64> m_processRows;
    KeyFrameTimes m_keyFrames;
    std::uint64_t m_frames = 0;
    bool m_inTransaction = false;
    QString m_error;
};

} // namespace Flywheel::Monitor
