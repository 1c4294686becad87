// SPDX-License-Identifier: MIT
#include "model/recording.h"

#include "monitor/support/recordings.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qfile.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <sys/resource.h>

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
    void recordingsAreReplaced();
    void otherFilesAreNotReplaced();
    void unwritableFolder();
    void fullDisk();

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

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--record-until-killed")
        return recordUntilKilled(QString::fromLocal8Bit(argv[2]));
    tst_Recording test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_recording.moc"
