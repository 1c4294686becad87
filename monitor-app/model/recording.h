// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/frame.h"
#include "timespan.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlquery.h>

#include <map>
#include <memory>
#include <set>

namespace Flywheel::Monitor {

/// Changes when an older monitor could misread a recording; docs/recording-format.md.
inline constexpr int RecordingSchema = 1;

/// Writes frames to a SQLite file as they come, in one transaction a second, so that a crash loses at most
/// the last second. Frames are whole: a recording needs nothing from before it began.
class Recorder : public QObject
{
    Q_OBJECT

public:
    /// How often all tables are written, changed or not: where a replay may begin to read.
    static constexpr Duration KeyFrameInterval = std::chrono::seconds(30);

    /// Replaces a recording at \a path, and nothing that is none. Null if that is not possible: \a error then
    /// says why and what to do.
    static std::unique_ptr<Recorder> create(const QString &path, QString &error);
    ~Recorder() override; ///< finishes the file

    /// \a known: a frame with the tables of all loops as they are known; asked for where a key frame is due.
    /// \a processKey: the same for the same process while the recorder exists.
    void add(quint64 processKey, const Telemetry::ProcessInfo &info, const Telemetry::Frame &frame,
             const Telemetry::Frame &known);
    /// The connection to a process was lost, or it ended, just now.
    void addEvent(quint64 processKey, const QString &what, const QString &reason);

    QString path() const { return m_path; }
    Duration elapsed() const { return Duration(m_since.nsecsElapsed()); }
    /// On disk.
    qint64 bytes() const;
    std::uint64_t frames() const { return m_frames; }
    /// Why writing broke off; empty while all is well. Nothing is written after an error.
    QString error() const { return m_error; }

Q_SIGNALS:
    void failed(const QString &error);

private:
    Recorder(const QString &path, const QString &connectionName);
    bool createTables();
    qint64 processRow(quint64 processKey, const Telemetry::ProcessInfo &info);
    bool isKeyFrameDue(quint64 processKey, Time time);
    void commit();
    void fail(const QString &what);

    const QString m_path;
    const QString m_connectionName;
    QSqlDatabase m_database;
    std::unique_ptr<QSqlQuery> m_insert;
    QTimer m_commit;
    QElapsedTimer m_since;
    std::map<quint64, qint64> m_processRows;
    std::map<quint64, Time> m_keyFrames; ///< when the last one was written
    std::uint64_t m_frames = 0;
    bool m_inTransaction = false;
    QString m_error;
};

} // namespace Flywheel::Monitor
