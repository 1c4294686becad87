// SPDX-License-Identifier: MIT
// Runs as root of a mount namespace of its own, where it may mount what it likes (see CMakeLists.txt).
#include "telemetry/publishingprocess.h"
#include "telemetry/runtimedirectory.h"

#include <cerrno>

#include <sys/mount.h>

using namespace Flywheel::Telemetry::Test;

class tst_FullDisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void programGoesOn_data();
    void programGoesOn();
};

void tst_FullDisk::programGoesOn_data()
{
    QTest::addColumn<QByteArray>("files");
    QTest::addColumn<QString>("warning");
    QTest::newRow("no directory fits") << QByteArray("nr_inodes=1") << QStringLiteral("cannot make %1: ");
    QTest::newRow("no socket fits") << QByteArray("nr_inodes=2") << QStringLiteral("cannot listen in %1: ");
}

void tst_FullDisk::programGoesOn()
{
    QFETCH(const QByteArray, files);
    QFETCH(const QString, warning);
    const RuntimeDirectory runtime;
    const QByteArray path = runtime.path().toLocal8Bit();
    QVERIFY2(::mount("none", path.constData(), "tmpfs", 0, "mode=700," + files) == 0, std::strerror(errno));

    PublishingProcess program("1");
    QVERIFY(program.isReady());
    QCOMPARE(program.finish(), 0);
    QCOMPARE(QString::fromLocal8Bit(program.errorsOfTelemetry()),
             QStringLiteral("flywheel.telemetry: flywheel-monitor cannot watch this program: ") +
                 warning.arg(runtime.sockets()) + QStringLiteral("No space left on device\n"));
    QCOMPARE(::umount(path.constData()), 0);
}

QTEST_GUILESS_MAIN(tst_FullDisk)
#include "tst_fulldisk.moc"
