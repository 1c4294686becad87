// SPDX-License-Identifier: MIT
#include "monitor/support/monitorprogram.h"
#include "telemetry/runtimedirectory.h"

#include <QtGui/qimage.h>

using namespace Flywheel::Monitor::Test;
using Flywheel::Telemetry::Test::RuntimeDirectory;

/// flywheel-monitor as a whole, as one starts it from a terminal.
class ProgramTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongUseIsOneLine_data();
    void wrongUseIsOneLine();
    void tellsItsVersion();
    void writesAScreenshot();
    void screenshotThatCanNotBeWrittenFails();
    void printsATable();
    void findsTheDemoByItsName();
    void programThatCanNotBeWatchedIsOneLine_data();
    void programThatCanNotBeWatchedIsOneLine();
    void canBeWatchedItself();

private:
    /// A program that publishes.
    static std::unique_ptr<QProcess> startPublisher(const QString &file, const QStringList &arguments = {});
};

std::unique_ptr<QProcess> ProgramTest::startPublisher(const QString &file, const QStringList &arguments)
{
    auto program = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("FLYWHEEL_TELEMETRY"), QStringLiteral("1"));
    program->setProcessEnvironment(environment);
    program->start(file, arguments);
    program->waitForStarted();
    return program;
}

void ProgramTest::wrongUseIsOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    const auto list = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
    QTest::newRow("unknown option") << list("--bogus");
    QTest::newRow("unknown theme") << list("--theme pink");
    QTest::newRow("no size") << list("--size 12");
    QTest::newRow("no number") << list("--text --after soon");
    QTest::newRow("no such window") << list("--window 7");
    QTest::newRow("two targets") << list("one two");
    QTest::newRow("no such recording") << list("/nowhere/run.flywheel");
    QTest::newRow("text and picture") << list("--text --screenshot a.png");
    QTest::newRow("after alone") << list("--after 3");
    QTest::newRow("text and figures") << list("--text --json");
    QTest::newRow("no limit") << list("--fail-if p99");
    QTest::newRow("no duration") << list("--for 0");
    QTest::newRow("no socket") << list("--socket /nowhere/4711");
    QTest::newRow("too long") << list("--for 6000");
    QTest::newRow("picture and limit") << list("--screenshot a.png --fail-if p99>1ms");
}

void ProgramTest::wrongUseIsOneLine()
{
    QFETCH(QStringList, arguments);
    const Ended result = runMonitor(arguments);
    QCOMPARE(result.code, 2);
    QCOMPARE(result.out, QString());
    QVERIFY2(result.error.startsWith(QStringLiteral("flywheel-monitor: ")), qPrintable(result.error));
    QCOMPARE(result.error.count(QLatin1Char('\n')), 1);
}

void ProgramTest::tellsItsVersion()
{
    const Ended result = runMonitor({QStringLiteral("--version")});
    QCOMPARE(result.code, 0);
    QVERIFY(result.out.startsWith(QStringLiteral("flywheel-monitor ")));
}

void ProgramTest::writesAScreenshot()
{
    const RuntimeDirectory directory;
    const QString picture = directory.path() + QStringLiteral("/window.png");
    QCOMPARE(takeScreenshot(picture, {900, 600}).code, 0);
    QCOMPARE(QImage(picture).size(), QSize(900, 600));
}

void ProgramTest::screenshotThatCanNotBeWrittenFails()
{
    const RuntimeDirectory directory;
    const Ended result = runMonitor({QStringLiteral("--screenshot"), QStringLiteral("/nowhere/window.png"),
                                     QStringLiteral("--after"), QStringLiteral("0")});
    QCOMPARE(result.code, 1);
    QVERIFY(result.error.contains(QStringLiteral("/nowhere/window.png")));
}

void ProgramTest::printsATable()
{
    const RuntimeDirectory directory;
    const auto publisher = startPublisher(QStringLiteral(PUBLISHING_PROGRAM));
    QVERIFY(publisher->waitForReadyRead());
    const Ended result = runMonitor({QStringLiteral("--text"), QStringLiteral("--after"), QStringLiteral("3"),
                                     QString::number(publisher->processId())});
    QCOMPARE(result.code, 0);
    QVERIFY2(result.out.contains(QStringLiteral("main")), qPrintable(result.out));
    QVERIFY(result.out.contains(QStringLiteral("P99"), Qt::CaseInsensitive));
    publisher->closeWriteChannel();
    QVERIFY(publisher->waitForFinished());
}

void ProgramTest::programThatCanNotBeWatchedIsOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    const QString text = QStringLiteral("--text");
    const QString name = QStringLiteral("no-such-program");
    QTest::newRow("name") << QStringList{text, name};
    QTest::newRow("name, once") << QStringList{text, QStringLiteral("--after"), QStringLiteral("0"), name};
    QTest::newRow("process") << QStringList{text, QString::number(QCoreApplication::applicationPid())};
    QTest::newRow("no process") << QStringList{text, QStringLiteral("2000000000")};
}

void ProgramTest::programThatCanNotBeWatchedIsOneLine()
{
    QFETCH(QStringList, arguments);
    const RuntimeDirectory directory;
    const Ended result = runMonitor(arguments);
    QCOMPARE(result.code, 4);
    QVERIFY2(result.error.startsWith(QStringLiteral("flywheel-monitor: ")), qPrintable(result.error));
    QCOMPARE(result.error.count(QLatin1Char('\n')), 1);
}

void ProgramTest::findsTheDemoByItsName()
{
    const RuntimeDirectory directory;
    const auto demo = startPublisher(QStringLiteral(DEMO_PROGRAM));
    QVERIFY(demo->waitForReadyRead()); // the head of its own table, once its threads run
    const Ended result = runMonitor({QStringLiteral("--text"), QStringLiteral("--after"), QStringLiteral("3"),
                                     QStringLiteral("flywheel-demo")});
    QCOMPARE(result.code, 0);
    for (const char *loop : {"main", "echo", "worker-1", "worker-2", "worker-3"})
        QVERIFY2(result.out.contains(QStringLiteral("flywheel-demo  %1 ").arg(QLatin1String(loop))),
                 qPrintable(result.out));
    demo->kill();
    QVERIFY(demo->waitForFinished());
}

void ProgramTest::canBeWatchedItself()
{
    const RuntimeDirectory directory;
    const auto watched =
        startPublisher(QStringLiteral(MONITOR_PROGRAM),
                       {QStringLiteral("--screenshot"), directory.path() + QStringLiteral("/window.png"),
                        QStringLiteral("--after"), QStringLiteral("20")});
    QTRY_COMPARE_WITH_TIMEOUT(directory.list().size(), 1, 20000); // it publishes once its window is made
    const Ended result = runMonitor({QStringLiteral("--text"), QStringLiteral("--after"), QStringLiteral("3"),
                                     QString::number(watched->processId())});
    QVERIFY2(result.out.contains(QStringLiteral("main")), qPrintable(result.out));
    watched->kill();
    QVERIFY(watched->waitForFinished());
}

QTEST_GUILESS_MAIN(ProgramTest)
#include "tst_program.moc"
