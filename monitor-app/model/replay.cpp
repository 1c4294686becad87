// SPDX-License-Identifier: MIT
#include "replay.h"

#include "format.h"
#include "handlercodec.h"
#include "recording.h"
#include "sqlerror.h"

#include <QtCore/qendian.h>
#include <QtCore/qfileinfo.h>
#include <QtSql/qsqlerror.h>
#include <QtSql/qsqlquery.h>

#include <zlib.h>

#include <algorithm>
#include <variant>

namespace Flywheel::Monitor {

using namespace std::chrono_literals;

namespace {

constexpr auto TickInterval = 50ms;
/// How long the event loop may wait for us while we read what lies before a position.
constexpr Duration SliceTime = 15ms;
constexpr int BatchFrames = 20;

WallTime wallTime(qint64 nanoseconds)
{
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(nanoseconds)));
}

constexpr qsizetype LongestMessage = Telemetry::LengthPrefixBytes + Telemetry::MaxPublisherBytes;
/// What does not shrink grows by less than this.
constexpr qsizetype LongestStored = LongestMessage + LongestMessage / 1000 + 100;
/// More than a monitor that runs for weeks would write.
constexpr int MostProcesses = 10'000;
constexpr int MostMarks = 200'000;
constexpr std::chrono::hours LatestTime{20 * 365 * 24};

/// What qCompress() made: four bytes that say its size, and a zlib stream. Empty if it is longer than \a
/// longest, whether it says so of itself or not: qUncompress() would take as much memory as the stream makes
/// it take.
QByteArray uncompressed(const QByteArray &stored, qsizetype longest)
{
    if (stored.size() <= 4 || stored.size() > LongestStored)
        return {};
    const auto size = qFromBigEndian<quint32>(stored.constData());
    if (size > longest)
        return {};
    QByteArray bytes(static_cast<qsizetype>(size), Qt::Uninitialized);
    uLongf written = size;
    const int result = uncompress(reinterpret_cast<Bytef *>(bytes.data()), &written,
                                  reinterpret_cast<const Bytef *>(stored.constData()) + 4,
                                  static_cast<uLong>(stored.size() - 4));
    return result == Z_OK && written == size ? bytes : QByteArray();
}

std::string text(const QVariant &value)
{
    return Format::plain(value.toString().toStdString());
}

} // namespace

std::unique_ptr<Replay> Replay::open(const QString &path, QString &error)
{
    std::unique_ptr<Replay> replay(new Replay(path));
    error = replay->openFile();
    if (!error.isEmpty())
        return nullptr;
    replay->jump(replay->m_span.begin);
    return replay;
}

Replay::Replay(const QString &path) : m_path(path), m_connectionName(uniqueConnectionName())
{
    connect(&m_tick, &QTimer::timeout, this, &Replay::tick);
}

Replay::~Replay()
{
    m_next.reset();
    m_nextHandlers.reset();
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_connectionName);
}

QString Replay::openFile()
{
    if (!QFileInfo::exists(m_path))
        return tr("%1 does not exist. Check the path.").arg(m_path);
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connectionName);
    m_database.setDatabaseName(m_path);
    m_database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY"));
    if (!m_database.open())
        return explainSqlError(m_database.lastError(), m_path);
    QString refusal = readVersion();
    if (!refusal.isEmpty())
        return refusal;
    if (!isPlain()) {
        return tr("%1 is damaged or may do harm, so it was not opened: its tables are not those of a "
                  "recording. Choose another recording.")
            .arg(m_path);
    }
    if (!readProcesses() || !readMarks() || !readSpan())
        return tr("%1 is damaged and cannot be read to its end. Choose another recording.").arg(m_path);
    m_next = std::make_unique<QSqlQuery>(m_database);
    m_next->setForwardOnly(true);
    m_next->prepare(
        QStringLiteral("SELECT id, process, takenAtNs, CASE WHEN length(message) <= %2 THEN message END "
                       "FROM frame WHERE (takenAtNs, id) > "
                       "(?, ?) AND takenAtNs <= ? ORDER BY takenAtNs, id LIMIT %1")
            .arg(BatchFrames)
            .arg(LongestStored));
    prepareHandlers();
    return m_span.begin == Time() ? tr("%1 contains no frames: nothing was recorded.").arg(m_path)
                                  : QString();
}

/// Older monitors recorded none. What is no such table has none either.
void Replay::prepareHandlers()
{
    m_nextHandlers = std::make_unique<QSqlQuery>(m_database);
    m_nextHandlers->setForwardOnly(true);
    const bool exist = m_nextHandlers->prepare(
        QStringLiteral(
            "SELECT id, process, loop, takenAtNs, flags, CASE WHEN length(batch) <= %2 THEN batch END "
            "FROM handlers WHERE (takenAtNs, id) > (?, ?) AND takenAtNs <= ? ORDER BY takenAtNs, id "
            "LIMIT %1")
            .arg(BatchFrames)
            .arg(LongestBatch));
    if (!exist)
        m_nextHandlers.reset();
}

QString Replay::readVersion()
{
    QSqlQuery query(m_database);
    if (!query.exec(QStringLiteral("PRAGMA application_id")) || !query.next())
        return explainSqlError(query.lastError(), m_path);
    if (query.value(0).toInt() != RecordingApplicationId)
        return tr("%1 is no recording. Choose a file that the monitor has recorded.").arg(m_path);
    if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next())
        return explainSqlError(query.lastError(), m_path);
    const int schema = query.value(0).toInt();
    if (schema == RecordingSchema)
        return {};
    return tr("%1 was recorded by a newer monitor (schema %2; this one reads %3). Open it with that monitor.")
        .arg(m_path)
        .arg(schema)
        .arg(RecordingSchema);
}

/// Tables whose columns are stored, and nothing that computes what it seems to contain: a view, a virtual
/// table or a generated column may be endless.
bool Replay::isPlain()
{
    const auto count = [this](const QString &statement) {
        QSqlQuery query(m_database);
        return query.exec(statement) && query.next() ? query.value(0).toInt() : -1;
    };
    const int foreign = count(QStringLiteral("SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', "
                                             "'index') OR (type = 'table' AND rootpage = 0)"));
    const int tables =
        count(QStringLiteral("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name "
                             "IN ('process', 'frame')"));
    const int computed = count(QStringLiteral("SELECT count(*) FROM (SELECT hidden FROM "
                                              "pragma_table_xinfo('frame') UNION ALL SELECT hidden FROM "
                                              "pragma_table_xinfo('handlers') UNION ALL SELECT hidden FROM "
                                              "pragma_table_xinfo('process')) WHERE hidden <> 0"));
    return foreign == 0 && tables == 2 && computed == 0;
}

bool Replay::readProcesses()
{
    QSqlQuery query(m_database);
    // Texts only as long as a publisher may send them.
    if (!query.exec(
            QStringLiteral("SELECT id, processId, substr(name, 1, 1024), substr(executable, 1, 1024), "
                           "substr(qtVersion, 1, 1024), substr(flywheelVersion, 1, 1024), "
                           "startedAtWallNs FROM process ORDER BY id LIMIT %1")
                .arg(MostProcesses + 1)))
        return false;
    while (query.next()) {
        m_processes.push_back({.row = query.value(0).toLongLong(),
                               .info = {.processId = query.value(1).toULongLong(),
                                        .name = text(query.value(2)),
                                        .executable = text(query.value(3)),
                                        .qtVersion = text(query.value(4)),
                                        .flywheelVersion = text(query.value(5)),
                                        .startedAt = wallTime(query.value(6).toLongLong())}});
    }
    return m_processes.size() <= MostProcesses;
}

bool Replay::readMarks()
{
    QSqlQuery query(m_database);
    if (!query.exec(QStringLiteral("SELECT takenAtNs, takenAtWallNs FROM frame WHERE keyFrame = 1 "
                                   "ORDER BY takenAtNs LIMIT %1")
                        .arg(MostMarks)))
        return false;
    while (query.next())
        m_clock.push_back({Time(query.value(0).toLongLong()), wallTime(query.value(1).toLongLong())});
    if (!query.exec(QStringLiteral("SELECT takenAtNs, stalls FROM frame WHERE stalls > 0 "
                                   "ORDER BY takenAtNs LIMIT 10000")))
        return false;
    while (query.next())
        m_stallMarks.push_back({Time(query.value(0).toLongLong()), query.value(1).toUInt()});
    return true;
}

bool Replay::readSpan()
{
    const auto begin = timeOf(QStringLiteral("SELECT min(takenAtNs) FROM frame"));
    const auto end = timeOf(QStringLiteral("SELECT max(takenAtNs) FROM frame"));
    m_span = {begin.value_or(Time()), end.value_or(Time())};
    const bool isPossible = m_span.begin >= Time() && m_span.end <= LatestTime;
    return begin && end && isPossible;
}

std::optional<Time> Replay::timeOf(const QString &statement)
{
    QSqlQuery query(m_database);
    if (!query.exec(statement) || !query.next())
        return {};
    return Time(query.value(0).toLongLong());
}

WallTime Replay::wallAt(Time time) const
{
    if (m_clock.empty())
        return {};
    const auto after = std::upper_bound(m_clock.begin(), m_clock.end(), time,
                                        [](Time wanted, const auto &known) { return wanted < known.first; });
    const auto &[at, wall] = after == m_clock.begin() ? m_clock.front() : *std::prev(after);
    return wall + std::chrono::duration_cast<WallTime::duration>(time - at);
}

void Replay::play()
{
    if (m_position >= m_span.end)
        jump(m_span.begin);
    setPlaying(true);
}

void Replay::pause()
{
    setPlaying(false);
}

void Replay::setPlaying(bool playing)
{
    m_playing = playing;
    m_sinceTick.start();
    if (playing)
        m_tick.start(TickInterval);
    else if (!m_loading)
        m_tick.stop();
    Q_EMIT changed();
}

void Replay::setSpeed(double factor)
{
    m_speed = std::clamp(factor, SlowestSpeed, FastestSpeed);
    Q_EMIT changed();
}

void Replay::seek(Time position)
{
    const Time wanted = std::clamp(position, m_span.begin, m_span.end);
    if (wanted < m_position || wanted - m_position > Lead) {
        jump(wanted);
    } else {
        m_position = wanted;
        load();
    }
    Q_EMIT changed();
}

void Replay::jump(Time position)
{
    // So far before the lead that each process has had a key frame when it begins.
    const Duration before = Lead + KeyFrameTimes::Interval;
    m_position = position;
    m_givenAt = std::max(m_span.begin, position - std::min(before, position)) - 1ns;
    m_givenId = 0;
    m_handlersGivenAt = m_givenAt;
    m_handlersGivenId = 0;
    Q_EMIT restarted();
    m_loading = true;
    m_tick.start(0ms);
}

void Replay::tick()
{
    if (m_playing) {
        const double advanced = static_cast<double>(m_sinceTick.nsecsElapsed()) * m_speed;
        m_sinceTick.start();
        m_position = std::min(m_position + Duration(static_cast<Duration::rep>(advanced)), m_span.end);
    }
    load();
    if (m_position >= m_span.end && !m_loading)
        m_playing = false;
    if (!m_playing && !m_loading)
        m_tick.stop();
    Q_EMIT changed();
}

void Replay::load()
{
    QElapsedTimer since;
    since.start();
    m_loading = true;
    while (m_loading && Duration(since.nsecsElapsed()) < SliceTime)
        m_loading = loadBatch();
    m_tick.start(m_loading ? 0ms : TickInterval);
}

/// False once all up to the position has been given out.
bool Replay::loadBatch()
{
    m_next->bindValue(0, static_cast<qint64>(m_givenAt.count()));
    m_next->bindValue(1, m_givenId);
    m_next->bindValue(2, static_cast<qint64>(m_position.count()));
    if (!m_next->exec())
        return false;
    std::vector<std::pair<qint64, QByteArray>> batch;
    while (m_next->next()) {
        m_givenId = m_next->value(0).toLongLong();
        m_givenAt = Time(m_next->value(2).toLongLong());
        batch.emplace_back(m_next->value(1).toLongLong(), m_next->value(3).toByteArray());
    }
    m_next->finish();
    for (const auto &[process, message] : batch)
        giveOut(process, message);
    const bool isMore = batch.size() == BatchFrames;
    loadHandlers(isMore ? m_givenAt : m_position);
    return isMore;
}

void Replay::loadHandlers(Time until)
{
    for (bool isMore = m_nextHandlers != nullptr; isMore;) {
        m_nextHandlers->bindValue(0, static_cast<qint64>(m_handlersGivenAt.count()));
        m_nextHandlers->bindValue(1, m_handlersGivenId);
        m_nextHandlers->bindValue(2, static_cast<qint64>(until.count()));
        if (!m_nextHandlers->exec())
            return;
        std::vector<RecordedHandlers> rows;
        while (m_nextHandlers->next()) {
            m_handlersGivenId = m_nextHandlers->value(0).toLongLong();
            m_handlersGivenAt = Time(m_nextHandlers->value(3).toLongLong());
            rows.push_back({m_nextHandlers->value(1).toLongLong(), m_nextHandlers->value(2).toULongLong(),
                            m_handlersGivenAt, m_nextHandlers->value(4).toInt(),
                            m_nextHandlers->value(5).toByteArray()});
        }
        m_nextHandlers->finish();
        isMore = rows.size() == BatchFrames;
        for (const RecordedHandlers &row : rows)
            giveOut(row);
    }
}

void Replay::giveOut(const RecordedHandlers &row)
{
    std::optional<HandlerBatch> batch = decodeHandlers(uncompressed(row.stored, LongestBatch));
    if (!batch) {
        ++m_damaged;
        return;
    }
    batch->takenAt = row.takenAt;
    batch->isFirst = row.flags & RecordedFirst;
    batch->hasLoss = row.flags & RecordedLoss;
    Q_EMIT handlers(row.process, row.loop, *batch);
}

void Replay::giveOut(qint64 processRow, const QByteArray &stored)
{
    if (!m_decoder) {
        m_decoder.emplace(Telemetry::FrameDecoder::Sender::Publisher);
        m_decoder->feed(Telemetry::encode(Telemetry::Hello()));
        m_decoder->next();
    }
    m_decoder->feed(uncompressed(stored, LongestMessage));
    const auto message = m_decoder->next();
    if (message && std::holds_alternative<Telemetry::Frame>(*message)) {
        Q_EMIT frame(processRow, std::get<Telemetry::Frame>(*message));
        return;
    }
    ++m_damaged;
    m_decoder.reset();
}

} // namespace Flywheel::Monitor
