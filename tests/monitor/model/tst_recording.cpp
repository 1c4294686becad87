// SPDX-License-Identifier: MIT
#include "model/recording.h"

#include "monitor/support/recordings.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

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
    void keyFramesAreDue();
    void crashLosesAtMostASecond();
    void fileGrowsWhileRecording();
    void recordingsAreReplaced();
    void otherFilesAreNotReplaced();
    void unwritableFolder();

private:
    QString file(const char *name) const { return m_directory.filePath(QLatin1String(name)); }

    const QTemporaryDir m_directory;
};

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

/// The write-ahead log does not keep all until the end.
void tst_Recording::fileGrowsWhileRecording()
{
    QString error;
    const auto recorder = Recorder::create(file("growing"), error);
    QVERIFY2(recorder, qPrintable(error));
    for (int i = 0; i < 5000; ++i)
        add(*recorder, static_cast<std::uint64_t>(i) + 1, 10s + i * 100ms);
    QTRY_VERIFY(QFileInfo(file("growing")).size() > 500'000);
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

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--record-until-killed")
        return recordUntilKilled(QString::fromLocal8Bit(argv[2]));
    tst_Recording test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_recording.moc"
