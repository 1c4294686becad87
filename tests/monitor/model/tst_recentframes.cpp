// SPDX-License-Identifier: MIT
#include "model/recentframes.h"

#include "monitor/support/recordings.h"
#include "monitor/support/watched.h"

#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

class tst_RecentFrames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenMinutesAreKept();
    void memoryIsBounded();
    void savedFramesBeginWithKeyFrames();
    void forgottenProcessesAreNotSaved();
    void sessionSavesAProgramThatDied();
    void otherFilesAreNotReplaced();

private:
    QString file(const char *name) const { return m_directory.filePath(QLatin1String(name)); }

    const QTemporaryDir m_directory;
};

namespace {

/// Frames of a process, one each 100 ms from \a from on.
void fill(RecentFrames &recent, std::uint64_t processId, Time from, int frames)
{
    for (int i = 0; i < frames; ++i) {
        const Time at = from + i * 100ms;
        recent.add(processId, process(processId),
                   pack(frameOf(static_cast<std::uint64_t>(i) + 1, at, {busyLoop(at, 10ms)}),
                        recent.needsKeyFrame(processId, at)));
    }
}

} // namespace

void tst_RecentFrames::tenMinutesAreKept()
{
    RecentFrames recent;
    QVERIFY(recent.isEmpty());
    fill(recent, 1, 10s, 9000);
    QCOMPARE(recent.length(), Duration(10min + 30s));
    QCOMPARE(recent.save(file("ten")), QString());
    const Played played(file("ten"));
    QCOMPARE(played.replay->span().end, Time(10s + 8999 * 100ms));
    QVERIFY(played.replay->span().length() >= 10min);
}

void tst_RecentFrames::memoryIsBounded()
{
    RecentFrames recent;
    for (int i = 0; i < 300; ++i)
        recent.add(1, process(), {.takenAt = i * 100ms, .message = QByteArray(1 << 20, 'x')});
    QCOMPARE(recent.bytes(), RecentFrames::MostBytes);
    recent.forget(1);
    QCOMPARE(recent.bytes(), 0);
}

void tst_RecentFrames::savedFramesBeginWithKeyFrames()
{
    RecentFrames recent;
    recent.add(1, process(), pack(frameOf(1, 10s, {busyLoop(10s, 10ms)}), false));
    recent.add(1, process(), pack(frameOf(2, 11s, {busyLoop(11s, 10ms)}), true));
    recent.add(1, process(), pack(frameOf(3, 12s, {busyLoop(12s, 10ms)}), false));
    QCOMPARE(recent.save(file("keys")), QString());
    Played played(file("keys"));
    played.replay->seek(100s);
    QVERIFY(played.isLoaded());
    QCOMPARE(played.frames.size(), 2u);
    QCOMPARE(played.frames.front().sequence, 2u);
}

void tst_RecentFrames::forgottenProcessesAreNotSaved()
{
    RecentFrames recent;
    fill(recent, 1, 10s, 10);
    fill(recent, 2, 10s, 10);
    recent.forget(1);
    QCOMPARE(recent.save(file("forgotten")), QString());
    const Played played(file("forgotten"));
    QCOMPARE(played.replay->processes().size(), 1u);
    QCOMPARE(played.replay->processes()[0].info.processId, 2u);
}

void tst_RecentFrames::sessionSavesAProgramThatDied()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.showCalm(100s, 110s));
    watched.publisher.stop();
    QTRY_VERIFY(watched.process()->state() != Process::State::Attached);
    QCOMPARE(watched.session.recent().save(file("died")), QString());
    Played played(file("died"));
    played.replay->seek(200s);
    QVERIFY(played.isLoaded());
    QVERIFY(played.frames.size() > 90);
}

void tst_RecentFrames::otherFilesAreNotReplaced()
{
    QFile other(file("other"));
    QVERIFY(other.open(QIODevice::WriteOnly) && other.write("mine") == 4);
    other.close();
    RecentFrames recent;
    fill(recent, 1, 10s, 1);
    QVERIFY(recent.save(file("other")).contains(QLatin1String("is no recording")));
    QVERIFY(other.open(QIODevice::ReadOnly));
    QCOMPARE(other.readAll(), QByteArray("mine"));
}

QTEST_GUILESS_MAIN(tst_RecentFrames)
#include "tst_recentframes.moc"
