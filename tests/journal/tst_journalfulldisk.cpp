// SPDX-License-Identifier: MIT
// Runs as root of a mount namespace of its own, where it may mount what it likes (see tests/CMakeLists.txt).
#include "journal/journal.h"
#include "journal/journalmemory.h"
#include "support/child.h"
#include "telemetry/runtimedirectory.h"

#include <QtTest/qtest.h>

#include <cerrno>
#include <cstring>

#include <sys/mount.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using Flywheel::Telemetry::Test::RuntimeDirectory;

class tst_JournalFullDisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void programGoesOn_data();
    void programGoesOn();
};

void tst_JournalFullDisk::programGoesOn_data()
{
    QTest::addColumn<QByteArray>("limit");
    QTest::addColumn<int>("files");
    QTest::newRow("no directory fits") << QByteArray("nr_inodes=1") << 0;
    QTest::newRow("no file fits") << QByteArray("nr_inodes=2") << 0;
    QTest::newRow("half a file fits") << QByteArray("size=128k") << 0;
    QTest::newRow("one file fits") << QByteArray("size=400k") << 1;
}

/// All of the memory can be written to, whatever the disk has room for.
void tst_JournalFullDisk::programGoesOn()
{
    QFETCH(const QByteArray, limit);
    QFETCH(const int, files);
    const RuntimeDirectory runtime;
    const QByteArray path = runtime.path().toLocal8Bit();
    QVERIFY2(::mount("none", path.constData(), "tmpfs", 0, "mode=700," + limit) == 0, std::strerror(errno));
    QVERIFY(succeedsInChild([&] {
        const std::array<JournalMemory, 2> loops = {JournalMemory::make(1, 8'192),
                                                    JournalMemory::make(2, 8'192)};
        for (const JournalMemory &memory : loops) {
            Journal journal(memory.bytes());
            for (int i = 0; i < 10'000; ++i)
                journal.append({.end = i});
        }
        // What could not be written is not left there.
        return runtime.journals().size() == files && loops[0].path().empty() == (files == 0) &&
               loops[1].path().empty();
    }));
    QCOMPARE(::umount(path.constData()), 0);
}

QTEST_GUILESS_MAIN(tst_JournalFullDisk)
#include "tst_journalfulldisk.moc"
