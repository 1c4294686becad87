// SPDX-License-Identifier: MIT
#include "telemetry/runtimedirectory.h"

#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtGui/qimage.h>
#include <QtTest/qtest.h>

using Flywheel::Telemetry::Test::RuntimeDirectory;

/// flywheel-monitor as a whole, as one starts it from a terminal.
class ProgramTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wrongUseIsOneLine_data();
    void wrongUseIsOneLine();
    void tellsItsVersion();
    void saysThatThereIsNoDisplay();
    void screenshotNeedsNoDisplay();
    void screenshotThatCanNotBeWrittenFails();
    void printsATable();
    void runsOnFlywheel();

private:
    struct Result
    {
        int code;
        QString out;
        QString error;
    };
    static Result run(const QStringList &arguments);
    static QProcessEnvironment withoutDisplay();
    /// A program that publishes.
    static std::unique_ptr<QProcess> startPublisher(const QString &file, const QStringList &arguments = {});
};

QProcessEnvironment ProgramTest::withoutDisplay()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
        environment.remove(QString::fromLatin1(name));
    return environment;
}

ProgramTest::Result ProgramTest::run(const QStringList &arguments)
{
    QProcess program;
    program.setProcessEnvironment(withoutDisplay());
    program.start(QStringLiteral(MONITOR_PROGRAM), arguments);
    const bool ended = program.waitForFinished();
    return {ended ? program.exitCode() : -1, QString::fromUtf8(program.readAllStandardOutput()),
            QString::fromUtf8(program.readAllStandardError())};
}

std::unique_ptr<QProcess> ProgramTest::startPublisher(const QString &file, const QStringList &arguments)
{
    auto program = std::make_unique<QProcess>();
    QProcessEnvironment environment = withoutDisplay();
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
}

void ProgramTest::wrongUseIsOneLine()
{
    QFETCH(QStringList, arguments);
    const Result result = run(arguments);
    QCOMPARE(result.code, 2);
    QCOMPARE(result.out, QString());
    QVERIFY2(result.error.startsWith(QStringLiteral("flywheel-monitor: ")), qPrintable(result.error));
    QCOMPARE(result.error.count(QLatin1Char('\n')), 1);
}

void ProgramTest::tellsItsVersion()
{
    const Result result = run({QStringLiteral("--version")});
    QCOMPARE(result.code, 0);
    QVERIFY(result.out.startsWith(QStringLiteral("flywheel-monitor ")));
}

void ProgramTest::saysThatThereIsNoDisplay()
{
    const Result result = run({});
    QCOMPARE(result.code, 1);
    QVERIFY(result.error.contains(QStringLiteral("--text")));
}

void ProgramTest::screenshotNeedsNoDisplay()
{
    const RuntimeDirectory directory;
    const QString picture = directory.path() + QStringLiteral("/window.png");
    const Result result = run({QStringLiteral("--screenshot"), picture, QStringLiteral("--after"),
                               QStringLiteral("0"), QStringLiteral("--size"), QStringLiteral("900x600")});
    QCOMPARE(result.code, 0);
    QCOMPARE(QImage(picture).size(), QSize(900, 600));
}

void ProgramTest::screenshotThatCanNotBeWrittenFails()
{
    const RuntimeDirectory directory;
    const Result result = run({QStringLiteral("--screenshot"), QStringLiteral("/nowhere/window.png"),
                               QStringLiteral("--after"), QStringLiteral("0")});
    QCOMPARE(result.code, 1);
    QVERIFY(result.error.contains(QStringLiteral("/nowhere/window.png")));
}

void ProgramTest::printsATable()
{
    const RuntimeDirectory directory;
    const auto publisher = startPublisher(QStringLiteral(PUBLISHING_PROGRAM));
    QVERIFY(publisher->waitForReadyRead());
    const Result result = run({QStringLiteral("--text"), QStringLiteral("--after"), QStringLiteral("1"),
                               QString::number(publisher->processId())});
    QCOMPARE(result.code, 0);
    QVERIFY2(result.out.contains(QStringLiteral("main")), qPrintable(result.out));
    QVERIFY(result.out.contains(QStringLiteral("P99"), Qt::CaseInsensitive));
    publisher->closeWriteChannel();
    QVERIFY(publisher->waitForFinished());
}

void ProgramTest::runsOnFlywheel()
{
    const RuntimeDirectory directory;
    const auto watched =
        startPublisher(QStringLiteral(MONITOR_PROGRAM),
                       {QStringLiteral("--screenshot"), directory.path() + QStringLiteral("/window.png"),
                        QStringLiteral("--after"), QStringLiteral("20")});
    const Result result = run({QStringLiteral("--text"), QStringLiteral("--after"), QStringLiteral("1.5"),
                               QString::number(watched->processId())});
    QVERIFY2(result.out.contains(QStringLiteral("main")), qPrintable(result.out));
    watched->terminate();
    QVERIFY(watched->waitForFinished());
}

QTEST_MAIN(ProgramTest)
#include "tst_program.moc"
