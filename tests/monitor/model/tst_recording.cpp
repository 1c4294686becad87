// SPDX-License-Identifier: MIT
#include "model/recording.h"
#include "model/replay.h"

#include "monitor/support/frames.h"
#include "telemetry/framecodec.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtSql/qsqlquery.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <sys/resource.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

Telemetry::ProcessInfo process(std::uint64_t id = 4711)
{
    return {.processId = id,
            .name = "echo",
            .executable = "/usr/bin/echo",
            .qtVersion = "6.4.2",
            .flywheelVersion = "0.1.0",
            .startedAt = {}};
}

void add(Recorder &recorder, std::uint64_t sequence, Time at, std::uint64_t stalls = 0)
{
    Telemetry::LoopFrame loop = busyLoop(at, 10ms);
    loop.stallCount = stalls;
    recorder.add(1, process(), frameOf(sequence, at, {loop}), recorder.needsKeyFrame(1, at));
}

/// One frame each 100 ms from 10 s on.
void record(const QString &path, int frames)
{
    QString error;
    const auto recorder = Recorder::create(path, error);
    QVERIFY2(recorder, qPrintable(error));
    for (int i = 0; i < frames; ++i)
        add(*recorder, static_cast<std::uint64_t>(i) + 1, 10s + i * 100ms, i % 50 == 49 ? 2 : 0);
}

void execute(const QString &path, const QString &statement)
{
    {
        QSqlDatabase database =
            QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("by hand"));
        database.setDatabaseName(path);
        QVERIFY(database.open());
        QVERIFY(QSqlQuery(database).exec(statement));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("by hand"));
}

/// Why \a path can't be opened.
QString refusal(const QString &path)
{
    QString error;
    return Replay::open(path, error) ? QString() : error;
}

/// A replay, and what it gave out since it last restarted.
class Played
{
public:
    explicit Played(const QString &path)
    {
        QString error;
        replay = Replay::open(path, error);
        if (!replay)
            qFatal("%s", qPrintable(error));
        QObject::connect(replay.get(), &Replay::frame, replay.get(),
                         [this](qint64, const Telemetry::Frame &frame) { frames.push_back(frame); });
        QObject::connect(replay.get(), &Replay::restarted, replay.get(), [this] {
            ++restarts;
            frames.clear();
        });
    }
    bool isLoaded()
    {
        return QTest::qWaitFor([this] { return !replay->isLoading(); });
    }

    std::unique_ptr<Replay> replay;
    std::vector<Telemetry::Frame> frames;
    int restarts = 0;
};

/// What a recorder that is killed does: it says "ready" after each frame, with its number.
int recordUntilKilled(const QString &path)
{
    QString error;
    const auto recorder = Recorder::create(path, error);
    std::uint64_t sequence = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        ++sequence;
        add(*recorder, sequence, 10s + sequence * 20ms);
        std::printf("%d\n", static_cast<int>(sequence));
        std::fflush(stdout);
    });
    timer.start(20ms);
    return QCoreApplication::exec();
}

} // namespace

class tst_Recording : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framesComeBackAsTheyWere();
    void positionBoundsWhatIsGivenOut();
    void seekBackRestarts();
    void farSeekBeginsBeforeTheLead();
    void playsAtItsSpeed();
    void playsAgainFromTheEnd();
    void keyFramesAreDue();
    void stallMarksAndClock();
    void severalProcesses();
    void fileIsNotChangedByReplay();
    void crashLosesAtMostASecond();
    void damagedFramesAreLeftOut();
    void recordingsAreReplaced();
    void otherFilesAreNotReplaced();
    void unwritableFolder();
    void fullDisk();
    void noRecording_data();
    void noRecording();
    void newerSchema();
    void emptyRecording();
    void longRecordingOpensAtOnce();

private:
    QString file(const char *name) const { return m_directory.filePath(QLatin1String(name)); }

    const QTemporaryDir m_directory;
};

void tst_Recording::framesComeBackAsTheyWere()
{
    const QString path = file("same");
    record(path, 100);
    Played played(path);
    QCOMPARE(played.replay->span(), (TimeSpan{10s, 19'900ms}));
    QCOMPARE(played.replay->processes().size(), 1u);
    QCOMPARE(played.replay->processes()[0].info.processId, 4711u);
    QCOMPARE(played.replay->processes()[0].info.executable, "/usr/bin/echo");
    played.replay->seek(30s);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.replay->position(), 19'900ms);
    QCOMPARE(played.frames.size(), 100u);
    Telemetry::LoopFrame loop = busyLoop(10s, 10ms);
    QCOMPARE(Telemetry::encode(played.frames[0]), Telemetry::encode(frameOf(1, 10s, {loop})));
    QCOMPARE(played.replay->damagedFrames(), 0u);
}

void tst_Recording::positionBoundsWhatIsGivenOut()
{
    const QString path = file("bounds");
    record(path, 100);
    Played played(path);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.frames.size(), 1u);
    played.replay->seek(12s);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.frames.size(), 21u);
    played.replay->seek(13s);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.frames.size(), 31u);
    QCOMPARE(played.restarts, 0);
}

void tst_Recording::seekBackRestarts()
{
    const QString path = file("back");
    record(path, 100);
    Played played(path);
    played.replay->seek(15s);
    QVERIFY(played.isLoaded());
    played.replay->seek(12s);
    QCOMPARE(played.restarts, 1);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.frames.size(), 21u);
    QCOMPARE(played.frames.back().takenAt, 12s);
}

void tst_Recording::farSeekBeginsBeforeTheLead()
{
    const QString path = file("far");
    QString error;
    {
        const auto recorder = Recorder::create(path, error);
        for (int i = 0; i < 2000; ++i)
            add(*recorder, static_cast<std::uint64_t>(i) + 1, 1000s + i * 1s);
    }
    Played played(path);
    QVERIFY(played.isLoaded());
    played.replay->seek(2800s);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.restarts, 1);
    QCOMPARE(played.frames.back().takenAt, 2800s);
    QVERIFY(played.frames.front().takenAt <= 2800s - Replay::Lead);
    QVERIFY(played.frames.front().takenAt >= 2800s - Replay::Lead - 2 * Recorder::KeyFrameInterval);
}

void tst_Recording::playsAtItsSpeed()
{
    const QString path = file("speed");
    record(path, 600); // a minute
    Played played(path);
    played.replay->setSpeed(1000);
    QCOMPARE(played.replay->speed(), Replay::FastestSpeed);
    QElapsedTimer since;
    since.start();
    played.replay->play();
    QVERIFY(played.replay->isPlaying());
    QTRY_VERIFY(!played.replay->isPlaying());
    QVERIFY(since.elapsed() >= 590); // 59.9 s at 100 times
    QCOMPARE(played.frames.size(), 600u);
    QCOMPARE(played.replay->position(), played.replay->span().end);
}

void tst_Recording::playsAgainFromTheEnd()
{
    const QString path = file("again");
    record(path, 100);
    Played played(path);
    played.replay->seek(100s);
    QVERIFY(played.isLoaded());
    played.replay->play();
    QCOMPARE(played.replay->position(), 10s);
    played.replay->pause();
    QVERIFY(!played.replay->isPlaying());
}

void tst_Recording::keyFramesAreDue()
{
    QString error;
    const auto recorder = Recorder::create(file("keys"), error);
    QVERIFY(recorder->needsKeyFrame(1, 10s));
    add(*recorder, 1, 10s);
    QVERIFY(!recorder->needsKeyFrame(1, 11s));
    QVERIFY(recorder->needsKeyFrame(2, 11s));
    QVERIFY(recorder->needsKeyFrame(1, 40s));
}

void tst_Recording::stallMarksAndClock()
{
    const QString path = file("marks");
    record(path, 1000);
    Played played(path);
    QCOMPARE(played.replay->stallMarks().size(), 20u);
    QCOMPARE(played.replay->stallMarks()[0].at, 14'900ms);
    QCOMPARE(played.replay->stallMarks()[0].stalls, 2u);
    QVERIFY(played.replay->wallAt(10s) == frameOf(1, 10s, {}).takenAtWall);
    QVERIFY(played.replay->wallAt(55s) == frameOf(1, 55s, {}).takenAtWall);
}

void tst_Recording::severalProcesses()
{
    const QString path = file("several");
    QString error;
    {
        const auto recorder = Recorder::create(path, error);
        recorder->add(1, process(1), frameOf(1, 10s, {busyLoop(10s, 10ms)}), true);
        recorder->add(2, process(2), frameOf(1, 10s, {busyLoop(10s, 10ms)}), true);
        recorder->add(1, process(1), frameOf(2, 11s, {busyLoop(11s, 10ms)}), false);
    }
    const auto replay = Replay::open(path, error);
    std::vector<qint64> rows;
    connect(replay.get(), &Replay::frame, this,
            [&](qint64 row, const Telemetry::Frame &) { rows.push_back(row); });
    replay->seek(11s);
    QTRY_VERIFY(!replay->isLoading());
    QCOMPARE(rows, (std::vector<qint64>{1, 2, 1}));
    QCOMPARE(replay->processes().at(1).info.processId, 2u);
}

void tst_Recording::fileIsNotChangedByReplay()
{
    const QString path = file("unchanged");
    record(path, 100);
    QFile before(path);
    QVERIFY(before.open(QIODevice::ReadOnly));
    const QByteArray bytes = before.readAll();
    {
        Played played(path);
        played.replay->seek(15s);
        QVERIFY(played.isLoaded());
    }
    QFile after(path);
    QVERIFY(after.open(QIODevice::ReadOnly));
    QVERIFY(after.readAll() == bytes);
    QVERIFY(!QFile::exists(path + QStringLiteral("-wal")));
}

void tst_Recording::crashLosesAtMostASecond()
{
    const QString path = file("crash");
    QProcess recording;
    recording.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--record-until-killed"), path});
    int written = 0;
    QVERIFY(QTest::qWaitFor(
        [&] {
            while (recording.canReadLine())
                written = recording.readLine().trimmed().toInt();
            return written >= 150;
        },
        30'000));
    recording.kill();
    QVERIFY(recording.waitForFinished());
    while (recording.canReadLine())
        written = recording.readLine().trimmed().toInt();

    Played played(path);
    played.replay->seek(100s);
    QVERIFY(played.isLoaded());
    QVERIFY(!played.frames.empty());
    // Of 50 frames a second; another half for a timer that is late on a busy machine.
    QVERIFY(written - static_cast<int>(played.frames.back().sequence) <= 75);
    QCOMPARE(played.frames.size(), played.frames.back().sequence);
}

void tst_Recording::damagedFramesAreLeftOut()
{
    const QString path = file("damaged");
    record(path, 10);
    execute(path, QStringLiteral("UPDATE frame SET message = x'ffffffff0102030405' WHERE id = 3"));
    execute(path, QStringLiteral("UPDATE frame SET message = x'0000000801020304' WHERE id = 4"));
    execute(path, QStringLiteral("UPDATE frame SET message = NULL WHERE id = 5"));
    Played played(path);
    played.replay->seek(11s);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.frames.size(), 7u);
    QCOMPARE(played.replay->damagedFrames(), 3u);
}

void tst_Recording::recordingsAreReplaced()
{
    const QString path = file("replaced");
    record(path, 100);
    record(path, 10);
    Played played(path);
    QCOMPARE(played.replay->span().end, 10'900ms);
}

void tst_Recording::otherFilesAreNotReplaced()
{
    const QString path = file("letter");
    QFile letter(path);
    QVERIFY(letter.open(QIODevice::WriteOnly));
    letter.write(QByteArray(500, 'x'));
    letter.close();
    QString error;
    QVERIFY(!Recorder::create(path, error));
    QVERIFY(error.contains(QLatin1String("is no recording")));
    QCOMPARE(letter.size(), 500);
}

void tst_Recording::unwritableFolder()
{
    QString error;
    QVERIFY(!Recorder::create(file("no/such/folder"), error));
    QVERIFY2(error.contains(QLatin1String("Choose a folder")), qPrintable(error));
}

void tst_Recording::fullDisk()
{
    const QString path = file("full");
    QString error;
    const auto recorder = Recorder::create(path, error);
    QSignalSpy failed(recorder.get(), &Recorder::failed);
    // Files that may not grow stand for a disk that is full.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit tight{300'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
    for (std::uint64_t i = 1; i <= 30'000 && recorder->error().isEmpty(); ++i) {
        add(*recorder, i, 10s + i * 100ms);
        if (i % 100 == 0)
            QTest::qWait(0);
    }
    const bool failedInTime = QTest::qWaitFor([&] { return failed.count() == 1; });
    setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(failedInTime);
    QVERIFY2(recorder->error().contains(QLatin1String("Free some space")), qPrintable(recorder->error()));
    const std::uint64_t frames = recorder->frames();
    add(*recorder, 40'000, 5000s);
    QCOMPARE(recorder->frames(), frames);
    QCOMPARE(failed.count(), 1);
}

void tst_Recording::noRecording_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("not a database, only a text that is long enough to look like one");
    QTest::newRow("cut off") << QByteArray("SQLite format 3\0 and then nothing", 34);
}

void tst_Recording::noRecording()
{
    QFETCH(const QByteArray, bytes);
    const QString path = file("other");
    QFile other(path);
    QVERIFY(other.open(QIODevice::WriteOnly));
    other.write(bytes);
    other.close();
    QVERIFY2(refusal(path).contains(QLatin1String("no recording")), qPrintable(refusal(path)));
    QVERIFY(refusal(file("missing")).contains(QLatin1String("does not exist")));

    const QString database = file("database");
    execute(database, QStringLiteral("CREATE TABLE IF NOT EXISTS song (title TEXT)"));
    QVERIFY(refusal(database).contains(QLatin1String("no recording")));
}

void tst_Recording::newerSchema()
{
    const QString path = file("newer");
    record(path, 10);
    execute(path, QStringLiteral("PRAGMA user_version = 99"));
    QVERIFY(refusal(path).contains(QLatin1String("newer monitor")));
    QVERIFY(refusal(path).contains(QLatin1String("99")));
}

void tst_Recording::emptyRecording()
{
    const QString path = file("empty");
    record(path, 0);
    QVERIFY(refusal(path).contains(QLatin1String("no frames")));
}

void tst_Recording::longRecordingOpensAtOnce()
{
    const QString path = file("long");
    record(path, 36'000); // an hour
    QElapsedTimer since;
    since.start();
    Played played(path);
    QVERIFY(played.isLoaded());
    QVERIFY(since.elapsed() < 2000);
    QCOMPARE(played.replay->span().length(), 3599'900ms);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--record-until-killed")
        return recordUntilKilled(QString::fromLocal8Bit(argv[2]));
    tst_Recording test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_recording.moc"
