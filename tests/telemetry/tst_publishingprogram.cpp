// SPDX-License-Identifier: MIT
#include "telemetry/protocol/publishers.h"
#include "telemetry/publishingprocess.h"
#include "telemetry/runtimedirectory.h"
#include "telemetry/watcher.h"

#include <QtCore/qfileinfo.h>
#include <QtCore/qscopeguard.h>

#include <optional>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;

class tst_PublishingProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup() { m_runtime.reset(); }

    void environmentVariableMakesItVisible();
    void isInvisibleByDefault_data();
    void isInvisibleByDefault();
    void exitWithoutDestructorsEndsWell();
    void killedProgramIsNotListed();
    void goesOnWhereItCannotPublish();
    void goesOnWithoutDescriptors_data();
    void goesOnWithoutDescriptors();

private:
    std::optional<RuntimeDirectory> m_runtime;
};

void tst_PublishingProgram::environmentVariableMakesItVisible()
{
    PublishingProcess program("1");
    QVERIFY(program.isReady());
    const auto found = publishers();
    QCOMPARE(found.size(), 1u);
    QCOMPARE(found[0].processId, program.id());
    QCOMPARE(found[0].programName, QFileInfo(QStringLiteral(PUBLISHING_PROGRAM)).fileName());

    Watcher watcher(found[0].socketPath);
    watcher.begin(ShortestInterval);
    QTRY_VERIFY(watcher.frames() >= 2);
    QCOMPARE(watcher.received<Hello>()[0].process.processId, std::uint64_t(program.id()));
    QCOMPARE(watcher.received<Frame>().back().loops.size(), 1u);
    QCOMPARE(watcher.received<Frame>().back().loops[0].threadName, "main");

    QCOMPARE(program.finish(), 0);
    QTRY_COMPARE(watcher.goodbye(), int(Goodbye::Reason::ShuttingDown));
    QVERIFY(m_runtime->list().isEmpty());
    QCOMPARE(program.errors(), QByteArray());
}

void tst_PublishingProgram::isInvisibleByDefault_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::newRow("not set") << QByteArray();
    QTest::newRow("0") << QByteArray("0");
}

void tst_PublishingProgram::isInvisibleByDefault()
{
    QFETCH(const QByteArray, variable);
    PublishingProcess program(variable.isNull() ? nullptr : variable.constData());
    QVERIFY(program.isReady());
    QVERIFY(m_runtime->list().isEmpty());
    QCOMPARE(program.finish(), 0);
}

void tst_PublishingProgram::exitWithoutDestructorsEndsWell()
{
    PublishingProcess program("1", {QStringLiteral("exit")});
    QVERIFY(program.isReady());
    Watcher watcher(publishers().at(0).socketPath);
    watcher.begin(ShortestInterval);
    QTRY_VERIFY(watcher.frames() >= 2);
    QCOMPARE(program.finish(), 0);
    QTRY_COMPARE(watcher.goodbye(), int(Goodbye::Reason::ShuttingDown));
    QVERIFY(m_runtime->list().isEmpty());
}

void tst_PublishingProgram::killedProgramIsNotListed()
{
    PublishingProcess program("1");
    QVERIFY(program.isReady());
    Watcher watcher(publishers().at(0).socketPath);
    QTRY_VERIFY(watcher.isConnected());
    program.kill();
    QTRY_VERIFY(!watcher.isConnected());
    QCOMPARE(watcher.goodbye(), 0);
    QCOMPARE(m_runtime->list().size(), 1);
    QVERIFY(publishers().empty());

    PublishingProcess next("1");
    QVERIFY(next.isReady());
    QCOMPARE(m_runtime->list(), QStringList(QString::number(next.id())));
}

void tst_PublishingProgram::goesOnWhereItCannotPublish()
{
    QFile inTheWay(m_runtime->sockets());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    PublishingProcess program("1");
    QVERIFY(program.isReady());
    QCOMPARE(program.finish(), 0);
    QCOMPARE(QString::fromLocal8Bit(program.errorsOfTelemetry()),
             QStringLiteral(
                 "flywheel.telemetry: flywheel-monitor cannot watch this program: %1 is not a directory\n")
                 .arg(m_runtime->sockets()));
}

void tst_PublishingProgram::goesOnWithoutDescriptors_data()
{
    QTest::addColumn<bool>("withGlib");
    QTest::newRow("GLib") << true;
    QTest::newRow("no GLib") << false;
}

void tst_PublishingProgram::goesOnWithoutDescriptors()
{
#ifndef Q_OS_UNIX
    QSKIP("what the program does needs setrlimit(2)");
#endif
    // Qt's own dispatchers end a program in which they get none, in whatever thread they are made.
    QFETCH(const bool, withGlib);
    const QByteArray before = qgetenv("QT_NO_GLIB");
    const auto restore = qScopeGuard([&] { qputenv("QT_NO_GLIB", before); });
    withGlib ? qunsetenv("QT_NO_GLIB") : qputenv("QT_NO_GLIB", "1");
    PublishingProcess program("1", {QStringLiteral("hoard")});
    QVERIFY(program.isReady());
    QTest::qWait(200); // its telemetry has started
    QCOMPARE(program.finish(), 0);
}

QTEST_GUILESS_MAIN(tst_PublishingProgram)
#include "tst_publishingprogram.moc"
