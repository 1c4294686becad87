// SPDX-License-Identifier: MIT
#include "monitor/support/monitorprogram.h"
#include "monitor/support/recordings.h"
#include "monitor/support/stacks.h"

#include <QtCore/qfile.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qtemporarydir.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

/// flywheel-monitor --export, as scripts use it.
class ExportProgramTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void writesStacksAndFigures_data();
    void writesStacksAndFigures();
    void lastSecondsOnly();
    void failureIsTold_data();
    void failureIsTold();
    void wrongUse_data();
    void wrongUse();

private:
    QString path(const QString &name) const { return m_files.filePath(name); }
    Ended exportTo(const QString &name, const QStringList &more = {}) const
    {
        return runMonitor(QStringList{QStringLiteral("--export"), path(name)} + more +
                          QStringList{path(QStringLiteral("run.flywheel"))});
    }

    const QTemporaryDir m_files;
};

void ExportProgramTest::initTestCase()
{
    QString error;
    const auto recorder = Recorder::create(path(QStringLiteral("run.flywheel")), error);
    QVERIFY2(recorder, qPrintable(error));
    for (std::uint64_t sequence = 1; sequence <= 100; ++sequence) {
        const Time at = 10s + int(sequence) * 100ms;
        Telemetry::LoopFrame loop = busyLoop(at, 10ms);
        if (sequence == 50) {
            loop.stalls = {stallWith(1, at - 100ms, 100ms, {stackAt(at - 50ms, {1, 2})})};
            loop.stallCount = 1;
        }
        recorder->add(1, process(), pack(frameOf(sequence, at, {loop}), recorder->needsKeyFrame(1, at)));
    }
}

void ExportProgramTest::writesStacksAndFigures_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("folded") << QStringLiteral("a.folded") << QByteArray("main;app+0x1;app+0x2 100000\n");
    QTest::newRow("speedscope") << QStringLiteral("a.speedscope.json") << QByteArray("\"name\":\"app+0x2\"");
    QTest::newRow("samples") << QStringLiteral("a.csv") << QByteArray(",utilisation,");
    QTest::newRow("stalls") << QStringLiteral("a.stalls.csv") << QByteArray(",\"EchoServer\",\"front\",");
}

void ExportProgramTest::writesStacksAndFigures()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, content);
    const Ended result = exportTo(file);
    QCOMPARE(result.error, QString());
    QCOMPARE(result.code, 0);
    QFile written(path(file));
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QByteArray text = written.readAll();
    QVERIFY2(text.contains(content), text.constData());
}

void ExportProgramTest::lastSecondsOnly()
{
    QCOMPARE(exportTo(QStringLiteral("short.csv"), {QStringLiteral("--for"), QStringLiteral("1")}).code, 0);
    QFile written(path(QStringLiteral("short.csv")));
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll().count('\n'), 11); // the titles and ten samples
}

void ExportProgramTest::failureIsTold_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("more");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no folder") << QStringLiteral("nowhere/a.folded") << QString()
                               << QStringLiteral("Choose another place");
    QTest::newRow("no stall") << QStringLiteral("b.folded") << QStringLiteral("1")
                              << QStringLiteral("No stall");
}

void ExportProgramTest::failureIsTold()
{
    QFETCH(QString, file);
    QFETCH(QString, more);
    QFETCH(QString, reason);
    const Ended result =
        exportTo(file, more.isEmpty() ? QStringList() : QStringList{QStringLiteral("--for"), more});
    QCOMPARE(result.code, 1);
    QVERIFY2(result.error.contains(reason), qPrintable(result.error));
    QVERIFY(!QFile::exists(path(file)));
}

void ExportProgramTest::wrongUse_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::newRow("no recording") << QStringLiteral("--export a.folded");
    QTest::newRow("a picture") << QStringLiteral("--export a.png RECORDING");
    QTest::newRow("with text") << QStringLiteral("--export a.csv --text RECORDING");
    QTest::newRow("with a limit") << QStringLiteral("--export a.csv --fail-if stalls>0 RECORDING");
}

void ExportProgramTest::wrongUse()
{
    QFETCH(QString, arguments);
    QStringList words = arguments.split(QLatin1Char(' '));
    words.replaceInStrings(QStringLiteral("RECORDING"), path(QStringLiteral("run.flywheel")));
    const Ended result = runMonitor(words);
    QCOMPARE(result.code, 2);
    QVERIFY2(result.error.contains(QStringLiteral("--export")), qPrintable(result.error));
}

QTEST_GUILESS_MAIN(ExportProgramTest)
#include "tst_exportprogram.moc"
