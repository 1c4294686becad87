// SPDX-License-Identifier: MIT
#include "model/replay.h"

#include "monitor/support/recordings.h"
#include "telemetry/protocol/framecodec.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

/// Why \a path can't be opened.
QString refusal(const QString &path)
{
    QString error;
    return Replay::open(path, error) ? QString() : error;
}

} // namespace

class tst_Replay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framesComeBackAsTheyWere();
    void positionBoundsWhatIsGivenOut();
    void seekBackRestarts();
    void farSeekBeginsBeforeTheLead();
    void playsAtItsSpeed();
    void playsAgainFromTheEnd();
    void stallMarksAndClock();
    void severalProcesses();
    void fileIsNotChangedByReplay();
    void damagedFramesAreLeftOut();
    void noRecording_data();
    void noRecording();
    void newerSchema();
    void whatComputesIsRefused_data();
    void whatComputesIsRefused();
    void impossibleTimesAreRefused();
    void messagesThatLieAboutTheirSizeAreLeftOut();
    void emptyRecording();
    void longRecordingOpensAtOnce();

private:
    QString file(const char *name) const { return m_directory.filePath(QLatin1String(name)); }

    const QTemporaryDir m_directory;
};

void tst_Replay::framesComeBackAsTheyWere()
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

void tst_Replay::positionBoundsWhatIsGivenOut()
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

void tst_Replay::seekBackRestarts()
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

void tst_Replay::farSeekBeginsBeforeTheLead()
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
    QVERIFY(played.frames.front().takenAt >= 2800s - Replay::Lead - 2 * KeyFrameTimes::Interval);
}

void tst_Replay::playsAtItsSpeed()
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

void tst_Replay::playsAgainFromTheEnd()
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

void tst_Replay::stallMarksAndClock()
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

void tst_Replay::severalProcesses()
{
    const QString path = file("several");
    QString error;
    {
        const auto recorder = Recorder::create(path, error);
        recorder->add(1, process(1), pack(frameOf(1, 10s, {busyLoop(10s, 10ms)}), true));
        recorder->add(2, process(2), pack(frameOf(1, 10s, {busyLoop(10s, 10ms)}), true));
        recorder->add(1, process(1), pack(frameOf(2, 11s, {busyLoop(11s, 10ms)}), false));
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

void tst_Replay::fileIsNotChangedByReplay()
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

void tst_Replay::damagedFramesAreLeftOut()
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

void tst_Replay::noRecording_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("not a database, only a text that is long enough to look like one");
    QTest::newRow("cut off") << QByteArray("SQLite format 3\0 and then nothing", 34);
}

void tst_Replay::noRecording()
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

void tst_Replay::whatComputesIsRefused_data()
{
    QTest::addColumn<QStringList>("statements");
    const auto endless = QStringLiteral("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) ");
    QTest::newRow("view") << QStringList{
        QStringLiteral("DROP TABLE process"),
        QStringLiteral(
            "CREATE VIEW process AS %1SELECT i AS id, 1 AS processId, 'x' AS name, 'x' AS executable, "
            "'x' AS qtVersion, 'x' AS flywheelVersion, 1 AS startedAtWallNs FROM n")
            .arg(endless)};
    QTest::newRow("trigger") << QStringList{
        QStringLiteral("CREATE TRIGGER t AFTER INSERT ON frame BEGIN DELETE FROM frame; END")};
    QTest::newRow("generated column") << QStringList{
        QStringLiteral("ALTER TABLE frame ADD COLUMN big BLOB AS (zeroblob(1000000000)) VIRTUAL")};
    QTest::newRow("no table") << QStringList{QStringLiteral("DROP TABLE process")};
}

void tst_Replay::whatComputesIsRefused()
{
    QFETCH(const QStringList, statements);
    const QString path = file("computes");
    record(path, 10);
    for (const QString &statement : statements)
        execute(path, statement);
    QVERIFY2(refusal(path).contains(QStringLiteral("damaged")), qPrintable(refusal(path)));
}

void tst_Replay::impossibleTimesAreRefused()
{
    const QString path = file("times");
    record(path, 10);
    execute(path, QStringLiteral("UPDATE frame SET takenAtNs = 9223372036854775806 WHERE id = 10"));
    QVERIFY2(refusal(path).contains(QStringLiteral("damaged")), qPrintable(refusal(path)));
}

void tst_Replay::messagesThatLieAboutTheirSizeAreLeftOut()
{
    const QString path = file("lies");
    record(path, 10);
    // A stream of 64 MB that says it is short, one that says it is longer than it is, and what is not packed
    // at all.
    const QByteArray bomb = qCompress(QByteArray(64 << 20, 'x'), 9);
    const auto update = [&](int id, const QByteArray &bytes) {
        execute(path, QStringLiteral("UPDATE frame SET message = x'%1' WHERE id = %2")
                          .arg(QString::fromLatin1(bytes.toHex()))
                          .arg(id));
    };
    update(3, QByteArray::fromHex("00000100") + bomb.sliced(4));
    update(4, QByteArray::fromHex("00300000") + qCompress(QByteArray("short")).sliced(4));
    execute(path, QStringLiteral("UPDATE frame SET message = zeroblob(50000000) WHERE id = 5"));
    Played played(path);
    played.replay->seek(30s);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.frames.size(), 7u);
    QCOMPARE(played.replay->damagedFrames(), 3u);
}

void tst_Replay::newerSchema()
{
    const QString path = file("newer");
    record(path, 10);
    execute(path, QStringLiteral("PRAGMA user_version = 99"));
    QVERIFY(refusal(path).contains(QLatin1String("newer monitor")));
    QVERIFY(refusal(path).contains(QLatin1String("99")));
}

void tst_Replay::emptyRecording()
{
    const QString path = file("empty");
    record(path, 0);
    QVERIFY(refusal(path).contains(QLatin1String("no frames")));
}

void tst_Replay::longRecordingOpensAtOnce()
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

QTEST_GUILESS_MAIN(tst_Replay)
#include "tst_replay.moc"
