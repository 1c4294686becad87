// SPDX-License-Identifier: MIT
#include "model/recentframes.h"
#include "model/recording.h"

#include "monitor/support/filesizelimit.h"
#include "monitor/support/recordings.h"

#include <QtCore/qdir.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class tst_RecordingSpace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fullDisk();
    void fullDiskLeavesNoHalfOfWhatWasSaved();
};

void tst_RecordingSpace::fullDisk()
{
    const QTemporaryDir directory;
    QString error;
    const auto recorder = Recorder::create(directory.filePath(QStringLiteral("full")), error);
    QSignalSpy failed(recorder.get(), &Recorder::failed);
    bool failedInTime = false;
    {
        const FileSizeLimit limit(300'000);
        for (std::uint64_t i = 1; i <= 30'000 && recorder->error().isEmpty(); ++i) {
            add(*recorder, i, 10s + i * 100ms);
            if (i % 100 == 0)
                QTest::qWait(0);
        }
        failedInTime = QTest::qWaitFor([&] { return failed.count() == 1; });
    }
    QVERIFY(failedInTime);
    QVERIFY2(recorder->error().contains(QLatin1String("Free some space")), qPrintable(recorder->error()));
    const std::uint64_t frames = recorder->frames();
    add(*recorder, 40'000, 5000s);
    QCOMPARE(recorder->frames(), frames);
    QCOMPARE(failed.count(), 1);
}

void tst_RecordingSpace::fullDiskLeavesNoHalfOfWhatWasSaved()
{
    RecentFrames recent;
    for (std::uint64_t i = 1; i <= 5000; ++i)
        recent.add(1, process(),
                   pack(frameOf(i, 10s + i * 100ms, {busyLoop(10s + i * 100ms, 10ms)}), i == 1));
    const QTemporaryDir directory;
    QString error;
    {
        const FileSizeLimit limit(300'000);
        error = recent.save(directory.filePath(QStringLiteral("full")));
    }
    QVERIFY2(error.contains(QLatin1String("Free some space")), qPrintable(error));
    QVERIFY(QDir(directory.path()).isEmpty());
    QCOMPARE(recent.save(directory.filePath(QStringLiteral("full"))), QString());
}

QTEST_GUILESS_MAIN(tst_RecordingSpace)
#include "tst_recordingspace.moc"
