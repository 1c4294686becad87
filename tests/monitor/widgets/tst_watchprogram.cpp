// SPDX-License-Identifier: MIT
#include "monitor/support/monitorprogram.h"
#include "support/processsignal.h"
#include "telemetry/runtimedirectory.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <QtCore/qfileinfo.h>

#include <csignal>

using namespace Flywheel::Monitor::Test;
using Flywheel::Telemetry::Test::RuntimeDirectory;

namespace {

/// A program that publishes until its standard input is closed.
class Publisher
{
public:
    Publisher()
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("FLYWHEEL_TELEMETRY"), QStringLiteral("1"));
        m_program.setProcessEnvironment(environment);
        m_program.start(QStringLiteral(PUBLISHING_PROGRAM), {});
    }
    ~Publisher() { end(); }

    bool runs() { return m_program.waitForReadyRead(); }
    QString id() const { return QString::number(m_program.processId()); }
    void end()
    {
        m_program.closeWriteChannel();
        m_program.waitForFinished();
    }

private:
    QProcess m_program;
};

QStringList list(const char *text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '));
}

QJsonObject objectOf(const Ended &result)
{
    return QJsonDocument::fromJson(result.out.toUtf8()).object();
}

QString loopOf(const QJsonObject &json)
{
    return json[QLatin1String("processes")][0][QLatin1String("loops")][0][QLatin1String("name")].toString();
}

} // namespace

/// flywheel-monitor without a window, as scripts and tests of other projects use it.
class WatchProgramTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsFiguresForPrograms();
    void exitCodeTellsOfLimits_data();
    void exitCodeTellsOfLimits();
    void recordsAndJudgesTheRecording();
    void unwritableRecordingFails();
    void absentProgramLeavesTheOlderRecording();
    void endOfTheProgramEndsTheWatch();
#ifndef Q_OS_WIN
    void reachesAProgramElsewhere_data();
    void reachesAProgramElsewhere();
    void failingCommandEndsTheWatch_data();
    void failingCommandEndsTheWatch();
    void junkEndsTheWatch_data();
    void junkEndsTheWatch();
    void figuresThatCanNotBeWrittenFail();
    void interruptEndsTheWatchWithItsFigures();
#endif
};

void WatchProgramTest::printsFiguresForPrograms()
{
    const RuntimeDirectory directory;
    Publisher publisher;
    QVERIFY(publisher.runs());
    const Ended result = runMonitor(list("--json --for 1") << publisher.id());
    QCOMPARE(result.code, 0);
    QCOMPARE(result.error, QString());
    const QJsonObject json = objectOf(result);
    QCOMPARE(loopOf(json), QStringLiteral("main"));
    QVERIFY2(json[QLatin1String("seconds")].toDouble() >= 0.7, qPrintable(result.out));
}

void WatchProgramTest::exitCodeTellsOfLimits_data()
{
    QTest::addColumn<QStringList>("limits");
    QTest::addColumn<int>("code");
    QTest::newRow("kept") << list("--fail-if main:stalls>1000") << 0;
    QTest::newRow("broken") << list("--fail-if stalls>1000 --fail-if stalls>=0") << 3;
    QTest::newRow("of no loop") << list("--fail-if mian:stalls>0") << 4;
}

void WatchProgramTest::exitCodeTellsOfLimits()
{
    QFETCH(QStringList, limits);
    QFETCH(int, code);
    const RuntimeDirectory directory;
    Publisher publisher;
    QVERIFY(publisher.runs());
    const Ended result = runMonitor(list("--for 0.5") + limits << publisher.id());
    QVERIFY2(result.code == code, qPrintable(result.out + result.error));
    QVERIFY2(result.out.contains(QStringLiteral("limit ")), qPrintable(result.out));
}

void WatchProgramTest::recordsAndJudgesTheRecording()
{
    const RuntimeDirectory directory;
    const QString file = directory.path() + QStringLiteral("/run.flywheel");
    {
        Publisher publisher;
        QVERIFY(publisher.runs());
        QCOMPARE(runMonitor({QStringLiteral("--record"), file, QStringLiteral("--for"), QStringLiteral("1"),
                             publisher.id()})
                     .code,
                 0);
    }
    const Ended result = runMonitor(list("--json --fail-if stalls>=0") << file);
    QCOMPARE(result.code, 3);
    QCOMPARE(loopOf(objectOf(result)), QStringLiteral("main"));
}

void WatchProgramTest::unwritableRecordingFails()
{
    const RuntimeDirectory directory;
    const Ended result = runMonitor({QStringLiteral("--record"), QStringLiteral("/nowhere/run.flywheel")});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains(QStringLiteral("/nowhere/run.flywheel")), qPrintable(result.error));

    // What shows only when there is something to record:
    Publisher publisher;
    QVERIFY(publisher.runs());
    const Ended late = runMonitor({QStringLiteral("--record"), directory.path(), publisher.id()});
    QCOMPARE(late.code, 1);
    QVERIFY2(late.error.contains(directory.path()), qPrintable(late.error));
}

void WatchProgramTest::absentProgramLeavesTheOlderRecording()
{
    const RuntimeDirectory directory;
    const QString file = directory.path() + QStringLiteral("/run.flywheel");
    QFile older(file);
    QVERIFY(older.open(QIODevice::WriteOnly) && older.write("older") == 5);
    older.close();
    const Ended result = runMonitor({QStringLiteral("--record"), file, QStringLiteral("no-such-program")});
    QCOMPARE(result.code, 4);
    QCOMPARE(result.error.count(QLatin1Char('\n')), 1);
    QCOMPARE(QFileInfo(file).size(), 5);
}

void WatchProgramTest::endOfTheProgramEndsTheWatch()
{
    const RuntimeDirectory directory;
    Publisher publisher;
    QVERIFY(publisher.runs());
    QProcess monitor;
    monitor.start(QStringLiteral(MONITOR_PROGRAM), list("--for 60") << publisher.id());
    QTest::qWait(2000); // attached
    publisher.end();
    QVERIFY(monitor.waitForFinished());
    QCOMPARE(monitor.exitCode(), 0);
    const QByteArray error = monitor.readAllStandardError();
    QVERIFY2(error.contains("the program ended, or stopped publishing, after "), error.constData());
    QVERIFY(monitor.readAllStandardOutput().contains("main"));
}

#ifndef Q_OS_WIN
void WatchProgramTest::reachesAProgramElsewhere_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("value"); // %1: the runtime directory, %2: the process
    QTest::newRow("forwarded socket") << QStringLiteral("--socket") << QStringLiteral("%1/flywheel/%2");
    QTest::newRow("command, by id") << QStringLiteral("--via") << QStringLiteral(FLYWHEEL_RUN " --relay %2");
    QTest::newRow("command, by name")
        << QStringLiteral("--via")
        << QStringLiteral("sh -c \"exec " FLYWHEEL_RUN " --relay flywheel_publishing_program\"");
}

void WatchProgramTest::reachesAProgramElsewhere()
{
    QFETCH(QString, option);
    QFETCH(QString, value);
    const RuntimeDirectory directory;
    Publisher publisher;
    QVERIFY(publisher.runs());
    value.replace(QStringLiteral("%1"), directory.path()).replace(QStringLiteral("%2"), publisher.id());
    const Ended result =
        runMonitor({QStringLiteral("--json"), QStringLiteral("--for"), QStringLiteral("0.5"), option, value});
    QVERIFY2(result.code == 0, qPrintable(result.error));
    QCOMPARE(loopOf(objectOf(result)), QStringLiteral("main"));
    const QJsonValue process = objectOf(result)[QLatin1String("processes")][0];
    QCOMPARE(process[QLatin1String("processId")].toInt(), publisher.id().toInt());
    QVERIFY(process[QLatin1String("name")].toString().contains(QStringLiteral(" @ ")));
}

void WatchProgramTest::failingCommandEndsTheWatch_data()
{
    QTest::addColumn<QString>("command");
    QTest::newRow("not there") << QStringLiteral("/nowhere/ssh device");
    QTest::newRow("fails") << QStringLiteral("false");
    QTest::newRow("no such program") << QStringLiteral(FLYWHEEL_RUN " --relay no-such-program");
}

void WatchProgramTest::failingCommandEndsTheWatch()
{
    QFETCH(QString, command);
    const RuntimeDirectory directory;
    for (const char *mode : {"--json", "--text"}) {
        const Ended result = runMonitor({QLatin1String(mode), QStringLiteral("--via"), command});
        QCOMPARE(result.code, 4);
    }
}

void WatchProgramTest::junkEndsTheWatch_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("endless words") << QStringList{QStringLiteral("--via"), QStringLiteral("yes")};
    QTest::newRow("a greeting") << QStringList{QStringLiteral("--via"),
                                               QStringLiteral("sh -c \"echo Welcome; cat\"")};
    QTest::newRow("another file") << list("--socket /etc/passwd");
}

void WatchProgramTest::junkEndsTheWatch()
{
    QFETCH(QStringList, words);
    const RuntimeDirectory directory;
    const Ended result = runMonitor(list("--for 0.5") + words);
    QCOMPARE(result.code, 4);
    QVERIFY2(result.error.contains(QStringLiteral("the program ")), qPrintable(result.error));
}

void WatchProgramTest::figuresThatCanNotBeWrittenFail()
{
    const RuntimeDirectory directory;
    Publisher publisher;
    QVERIFY(publisher.runs());
    QProcess monitor;
    monitor.setStandardOutputFile(QStringLiteral("/dev/full"));
    monitor.start(QStringLiteral(MONITOR_PROGRAM), list("--json --for 0.5") << publisher.id());
    QVERIFY(monitor.waitForFinished());
    QCOMPARE(monitor.exitCode(), 1);
}

void WatchProgramTest::interruptEndsTheWatchWithItsFigures()
{
    const RuntimeDirectory directory;
    const QString file = directory.path() + QStringLiteral("/run.flywheel");
    Publisher publisher;
    QVERIFY(publisher.runs());
    QProcess monitor;
    monitor.start(QStringLiteral(MONITOR_PROGRAM), {QStringLiteral("--record"), file, publisher.id()});
    QTest::qWait(2000);
    QVERIFY(sendSignal(monitor, SIGINT));
    QVERIFY(monitor.waitForFinished());
    QCOMPARE(monitor.exitStatus(), QProcess::NormalExit);
    QCOMPARE(monitor.exitCode(), 0);
    QVERIFY(monitor.readAllStandardOutput().contains("main"));
    QCOMPARE(runMonitor({QStringLiteral("--json"), file}).code, 0);
}
#endif

QTEST_GUILESS_MAIN(WatchProgramTest)
#include "tst_watchprogram.moc"
