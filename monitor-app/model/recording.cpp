// SPDX-License-Identifier: MIT
#include "recording.h"

#include "handlercodec.h"
#include "sqlerror.h"
#include "telemetry/protocol/framecodec.h"

#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtSql/qsqlerror.h>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

constexpr auto CommitInterval = 1s;
constexpr int CheckpointPages = 16; ///< of 16 KB: what the write-ahead log holds at most, and a commit

/// What SQLite puts beside a database.
const char *const Companions[] = {"", "-wal", "-shm", "-journal"};

/// From SQLite's description of its file format: the application id is the number at byte 68, most
/// significant byte first.
bool isRecording(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray header = file.read(100);
    if (header.size() < 100 || !header.startsWith("SQLite format 3"))
        return false;
    std::uint32_t id = 0;
    for (qsizetype at = 68; at < 72; ++at)
        id = id << 8 | static_cast<unsigned char>(header[at]);
    return id == RecordingApplicationId;
}

/// Makes room for a new recording; why not, otherwise.
QString clearAway(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return {};
    if (info.size() > 0 && !isRecording(path))
        return Recorder::tr("%1 exists and is no recording, so it was not replaced. Choose another name.")
            .arg(path);
    for (const char *companion : Companions) {
        QFile file(path + QLatin1String(companion));
        if (file.exists() && !file.remove())
            return Recorder::tr("%1 cannot be replaced: %2. Choose another name.")
                .arg(path, file.errorString());
    }
    return {};
}

qint64 nanoseconds(WallTime time)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

QVariant text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

} // namespace

std::unique_ptr<Recorder> Recorder::create(const QString &path, QString &error)
{
    error = clearAway(path);
    if (!error.isEmpty())
        return nullptr;
    std::unique_ptr<Recorder> recorder(new Recorder(path));
    if (recorder->open())
        return recorder;
    error = recorder->m_error;
    recorder->discard(); // of a full disk, say: nothing is in it
    return nullptr;
}

Recorder::Recorder(const QString &path) : m_path(path), m_connectionName(uniqueConnectionName())
{
    m_commit.setInterval(CommitInterval);
    connect(&m_commit, &QTimer::timeout, this, &Recorder::commit);
}

Recorder::~Recorder()
{
    finish();
}

QString Recorder::finish()
{
    if (!m_database.isValid())
        return m_error;
    commit();
    m_commit.stop();
    m_insert.reset();
    m_insertHandlers.reset();
    // A file without a write-ahead log can be read from a folder that may not be written to.
    if (m_error.isEmpty())
        execute(QStringLiteral("PRAGMA journal_mode = DELETE"));
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_connectionName);
    return m_error;
}

void Recorder::discard()
{
    finish();
    for (const char *companion : Companions)
        QFile::remove(m_path + QLatin1String(companion));
}

bool Recorder::open()
{
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connectionName);
    m_database.setDatabaseName(m_path);
    if (!m_database.open()) {
        fail(m_database.lastError());
        return false;
    }
    if (!createTables())
        return false;
    m_insert = std::make_unique<QSqlQuery>(m_database);
    if (!m_insert->prepare(QStringLiteral("INSERT INTO frame VALUES (NULL, ?, ?, ?, ?, ?, ?)"))) {
        fail(m_insert->lastError());
        return false;
    }
    m_insertHandlers = std::make_unique<QSqlQuery>(m_database);
    if (!m_insertHandlers->prepare(QStringLiteral("INSERT INTO handlers VALUES (NULL, ?, ?, ?, ?, ?)"))) {
        fail(m_insertHandlers->lastError());
        return false;
    }
    m_since.start();
    m_commit.start();
    return true;
}

bool Recorder::createTables()
{
    // A page holds several frames: with SQLite's 4 KB a third of the file would be empty.
    return execute(QStringLiteral("PRAGMA page_size = 16384")) &&
           execute(QStringLiteral("PRAGMA application_id = %1").arg(RecordingApplicationId)) &&
           execute(QStringLiteral("PRAGMA user_version = %1").arg(RecordingSchema)) &&
           execute(QStringLiteral("PRAGMA journal_mode = WAL")) &&
           // With a write-ahead log a crash of the monitor loses nothing that was committed.
           execute(QStringLiteral("PRAGMA synchronous = NORMAL")) &&
           // SQLite's own 1,000 pages are 16 MB: all of a short recording would be in the log, and a copy of
           // the file alone empty.
           execute(QStringLiteral("PRAGMA wal_autocheckpoint = %1").arg(CheckpointPages)) &&
           execute(
               QStringLiteral("CREATE TABLE process (id INTEGER PRIMARY KEY, processId INTEGER, name TEXT, "
                              "executable TEXT, qtVersion TEXT, flywheelVersion TEXT, startedAtWallNs "
                              "INTEGER, protocolVersion INTEGER)")) &&
           execute(QStringLiteral("CREATE TABLE frame (id INTEGER PRIMARY KEY, process INTEGER, takenAtNs "
                                  "INTEGER, takenAtWallNs INTEGER, keyFrame INTEGER, stalls INTEGER, message "
                                  "BLOB)")) &&
           execute(
               QStringLiteral("CREATE TABLE handlers (id INTEGER PRIMARY KEY, process INTEGER, loop INTEGER, "
                              "takenAtNs INTEGER, flags INTEGER, batch BLOB)")) &&
           execute(QStringLiteral("CREATE INDEX handlersTime ON handlers (takenAtNs)")) &&
           execute(QStringLiteral("CREATE INDEX frameTime ON frame (takenAtNs)")) &&
           execute(QStringLiteral(
               "CREATE INDEX keyFrameTime ON frame (takenAtNs, takenAtWallNs) WHERE keyFrame = 1")) &&
           execute(QStringLiteral("CREATE INDEX stallTime ON frame (takenAtNs, stalls) WHERE stalls > 0"));
}

bool Recorder::execute(const QString &statement)
{
    QSqlQuery query(m_database);
    if (query.exec(statement))
        return true;
    fail(query.lastError());
    return false;
}

void Recorder::add(quint64 processKey, const Telemetry::ProcessInfo &info, const PackedFrame &frame)
{
    if (!begin())
        return;
    const auto process = processRow(processKey, info);
    if (!process || !insertFrame(*process, frame))
        return;
    ++m_frames;
    m_keyFrames.note(processKey, frame);
}

bool Recorder::begin()
{
    if (!m_error.isEmpty() || !m_database.isValid())
        return false;
    // By hand: QSqlDatabase's own functions lose SQLite's error number.
    if (!m_inTransaction && !execute(QStringLiteral("BEGIN")))
        return false;
    m_inTransaction = true;
    return true;
}

void Recorder::addHandlers(quint64 processKey, const Telemetry::ProcessInfo &info, std::uint64_t loopId,
                           const HandlerBatch &batch)
{
    if (!begin())
        return;
    const auto process = processRow(processKey, info);
    HandlerBatch part = batch;
    std::size_t done = 0;
    do { // a batch of a journal that is larger than usual does not fit in one row
        const std::size_t end = std::min(done + MostHandlersInBatch, batch.handlers.size());
        part.handlers.assign(batch.handlers.begin() + std::ptrdiff_t(done),
                             batch.handlers.begin() + std::ptrdiff_t(end));
        part.running = end == batch.handlers.size() ? batch.running : std::nullopt;
        if (!process || !insertHandlers(*process, loopId, part))
            return;
        part.isFirst = part.hasLoss = false;
        done = end;
    } while (done < batch.handlers.size());
}

bool Recorder::insertHandlers(qint64 process, std::uint64_t loopId, const HandlerBatch &batch)
{
    m_insertHandlers->bindValue(0, process);
    m_insertHandlers->bindValue(1, static_cast<qint64>(loopId));
    m_insertHandlers->bindValue(2, static_cast<qint64>(batch.takenAt.count()));
    m_insertHandlers->bindValue(3, RecordedFirst * int(batch.isFirst) | RecordedLoss * int(batch.hasLoss));
    m_insertHandlers->bindValue(4, compressed(encodeHandlers(batch)));
    if (m_insertHandlers->exec())
        return true;
    fail(m_insertHandlers->lastError());
    return false;
}

std::optional<qint64> Recorder::processRow(quint64 processKey, const Telemetry::ProcessInfo &info)
{
    if (const auto known = m_processRows.find(processKey); known != m_processRows.end())
        return known->second;
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("INSERT INTO process VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"));
    query.addBindValue(static_cast<qint64>(info.processId));
    for (const std::string *value : {&info.name, &info.executable, &info.qtVersion, &info.flywheelVersion})
        query.addBindValue(text(*value));
    query.addBindValue(nanoseconds(info.startedAt));
    query.addBindValue(Telemetry::ProtocolVersion);
    if (!query.exec()) {
        fail(query.lastError());
        return {};
    }
    return m_processRows[processKey] = query.lastInsertId().toLongLong();
}

bool Recorder::insertFrame(qint64 process, const PackedFrame &frame)
{
    m_insert->bindValue(0, process);
    m_insert->bindValue(1, static_cast<qint64>(frame.takenAt.count()));
    m_insert->bindValue(2, nanoseconds(frame.takenAtWall));
    m_insert->bindValue(3, frame.isKeyFrame ? 1 : 0);
    m_insert->bindValue(4, frame.stalls);
    m_insert->bindValue(5, frame.message);
    if (m_insert->exec())
        return true;
    fail(m_insert->lastError());
    return false;
}

void Recorder::commit()
{
    if (!m_inTransaction || !m_error.isEmpty())
        return;
    if (execute(QStringLiteral("COMMIT")))
        m_inTransaction = false;
}

void Recorder::fail(const QSqlError &error)
{
    if (!m_error.isEmpty())
        return;
    m_error = explainSqlError(error, m_path);
    m_commit.stop();
    if (m_inTransaction)
        m_database.rollback();
    m_inTransaction = false;
    Q_EMIT failed(m_error);
}

qint64 Recorder::bytes() const
{
    return QFileInfo(m_path).size() + QFileInfo(m_path + QStringLiteral("-wal")).size();
}

} // namespace Flywheel::Monitor
