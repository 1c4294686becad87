// SPDX-License-Identifier: MIT
// Which loops of which programs the shim hands to Flywheel.
#include "launched.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Launched;

class PreloadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void servesMainThreadAndQThreads();
    void servesEachApplicationObject();
    void servesAnApplicationInAStandardThread_data();
    void servesAnApplicationInAStandardThread();
    void servesAThreadThatStartsAgainWhileItFinishes();
    void servesQtLoadedLocallyByAProgramWithoutQt();
    void leavesOwnDispatchersAlone();
    void servesGuiProgramsAndWhatFollows_data();
    void servesGuiProgramsAndWhatFollows();
    void leavesGuiProgramsAloneWithoutTheirModule();
    void leavesProgramsWithoutQtAlone();
    void worksWithoutFlywheelRun();
    void findsItsImplementationAfterAChangeOfDirectory();
    void saysOnceWhyTheImplementationCannotBeLoaded();
    void takesThePollerFromTheEnvironment_data();
    void takesThePollerFromTheEnvironment();
    void saysSoAboutAnUnknownPoller();
    void announcesEachLoopIfAsked();
};

static QStringList served(const QStringList &names)
{
    QStringList lines;
    for (const QString &name : names)
        lines += name + QStringLiteral(": ") + ours;
    return lines;
}

static QProcessEnvironment preloaded(const QString &library = shim)
{
    QProcessEnvironment result = environment();
    result.insert(QStringLiteral("LD_PRELOAD"), library);
    return result;
}

static const QStringList allThreads = {QStringLiteral("main"), QStringLiteral("plain"),
                                       QStringLiteral("derived"), QStringLiteral("created")};
static const QStringList allApplications = {QStringLiteral("first"), QStringLiteral("second"),
                                            QStringLiteral("third")};

#define VERIFY_SUCCESS(outcome)                                                                              \
    QVERIFY2((outcome).status == QProcess::NormalExit && (outcome).code == 0,                                \
             qPrintable((outcome).errors.join(QLatin1Char('\n'))))

void PreloadTest::servesMainThreadAndQThreads()
{
    const Outcome outcome = flywheel({consoleProgram, QStringLiteral("threads")});
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(allThreads));
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::servesEachApplicationObject()
{
    const Outcome outcome = flywheel({consoleProgram, QStringLiteral("applications")});
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(allApplications));
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::servesAnApplicationInAStandardThread_data()
{
    QTest::addColumn<QString>("action");
    QTest::newRow("the first to use Qt") << QStringLiteral("standard-thread");
    QTest::newRow("after the main thread") << QStringLiteral("other-thread");
}

void PreloadTest::servesAnApplicationInAStandardThread()
{
    QFETCH(QString, action);
    const Outcome stock = run(consoleProgram, {action}, environment());
    const Outcome outcome = flywheel({consoleProgram, action});
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(allThreads));
    QCOMPARE(outcome.errors, stock.errors);
}

void PreloadTest::servesAThreadThatStartsAgainWhileItFinishes()
{
    const Outcome outcome = flywheel({consoleProgram, QStringLiteral("restart")});
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(QStringList(20, QStringLiteral("thread"))));
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::servesQtLoadedLocallyByAProgramWithoutQt()
{
    const Outcome outcome =
        flywheel({QStringLiteral(FLYWHEEL_MODULE_HOST), QStringLiteral(FLYWHEEL_QT_MODULE)});
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served({QStringLiteral("main"), QStringLiteral("thread")}));
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::leavesOwnDispatchersAlone()
{
    const Outcome outcome = flywheel({consoleProgram, QStringLiteral("own-dispatcher")});
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output,
             QStringList({QStringLiteral("main: OwnDispatcher"), QStringLiteral("thread: OwnDispatcher")}));
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::servesGuiProgramsAndWhatFollows_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("QGuiApplication") << QStringLiteral("gui");
    QTest::newRow("QApplication") << QStringLiteral("widgets");
}

void PreloadTest::servesGuiProgramsAndWhatFollows()
{
    QFETCH(QString, kind);
    const QString program = QStringLiteral(FLYWHEEL_GUI_PROGRAM);
    const Outcome outcome = flywheel({program, kind});
    VERIFY_SUCCESS(outcome);
    const QString thread = QStringLiteral("thread");
    QCOMPARE(outcome.output, served({kind, thread, QStringLiteral("console"), thread}));
    QCOMPARE(outcome.errors, run(program, {kind}, environment()).errors);
}

void PreloadTest::leavesGuiProgramsAloneWithoutTheirModule()
{
    // All of Flywheel but libflywheelgui.
    const QTemporaryDir directory;
    const QDir built = QFileInfo(shim).dir();
    const QStringList libraries =
        built.entryList({QStringLiteral("libflywheel.so*"), QStringLiteral("libflywheel-preload*"),
                         QStringLiteral("libflywheeltelemetry.so*")});
    for (const QString &library : libraries)
        QVERIFY(QFile::copy(built.filePath(library), directory.filePath(library)));
    QProcessEnvironment variables = preloaded(directory.filePath(QFileInfo(shim).fileName()));
    variables.insert(QStringLiteral("LD_LIBRARY_PATH"), directory.path());
    const Outcome outcome = run(QStringLiteral(FLYWHEEL_GUI_PROGRAM), {QStringLiteral("widgets")}, variables);
    VERIFY_SUCCESS(outcome);
    const QStringList ofOurs = outcome.errors.filter(QStringLiteral("flywheel"));
    QCOMPARE(ofOurs.size(), 1);
    QVERIFY2(ofOurs.first().contains(QLatin1String("libflywheelgui")), qPrintable(ofOurs.first()));
    QVERIFY(!outcome.output.first().contains(ours));
    QCOMPARE(outcome.output.mid(1),
             served({QStringLiteral("thread"), QStringLiteral("console"), QStringLiteral("thread")}));
}

void PreloadTest::leavesProgramsWithoutQtAlone()
{
    const Outcome outcome = flywheel({QStringLiteral("cat"), QStringLiteral("/proc/self/maps")});
    VERIFY_SUCCESS(outcome);
    QVERIFY(!outcome.output.filter(QFileInfo(shim).fileName()).isEmpty());
    QCOMPARE(outcome.output.filter(QRegularExpression(QStringLiteral("libQt6|preload-impl|libstdc"))),
             QStringList());
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::worksWithoutFlywheelRun()
{
    const Outcome outcome = run(consoleProgram, {QStringLiteral("threads")}, preloaded());
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(allThreads));
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::findsItsImplementationAfterAChangeOfDirectory()
{
    const QFileInfo library(shim);
    const Outcome outcome = run(consoleProgram, {QStringLiteral("elsewhere")},
                                preloaded(QStringLiteral("./") + library.fileName()), library.path());
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(allApplications));
    QCOMPARE(outcome.errors, QStringList());
}

void PreloadTest::saysOnceWhyTheImplementationCannotBeLoaded()
{
    const QTemporaryDir directory;
    const QString lonely = directory.filePath(QFileInfo(shim).fileName());
    QVERIFY(QFile::copy(shim, lonely));

    const Outcome outcome = run(consoleProgram, {QStringLiteral("threads")}, preloaded(lonely));
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output.size(), allThreads.size());
    QCOMPARE(outcome.output.filter(ours), QStringList());
    QCOMPARE(outcome.errors.size(), 1);
    QVERIFY(outcome.errors.first().contains(QStringLiteral("runs on Qt's own dispatcher")));
}

void PreloadTest::takesThePollerFromTheEnvironment_data()
{
    QTest::addColumn<QString>("poller");
    QTest::newRow("epoll") << QStringLiteral("epoll");
    QTest::newRow("poll") << QStringLiteral("poll");
}

void PreloadTest::takesThePollerFromTheEnvironment()
{
    QFETCH(QString, poller);
    QProcessEnvironment variables = preloaded();
    variables.insert(QStringLiteral("FLYWHEEL_POLLER"), poller);
    variables.insert(QStringLiteral("FLYWHEEL_VERBOSE"), QStringLiteral("1"));
    const Outcome outcome = run(consoleProgram, {QStringLiteral("applications")}, variables);
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(allApplications));
    const QString line = QStringLiteral("flywheel: main thread on Flywheel (%1)").arg(poller);
    QCOMPARE(outcome.errors, QStringList(allApplications.size(), line));
}

void PreloadTest::saysSoAboutAnUnknownPoller()
{
    QProcessEnvironment variables = preloaded();
    variables.insert(QStringLiteral("FLYWHEEL_POLLER"), QStringLiteral("abacus"));
    const Outcome outcome = run(consoleProgram, {QStringLiteral("threads")}, variables);
    VERIFY_SUCCESS(outcome);
    QCOMPARE(outcome.output, served(allThreads));
    QVERIFY(!outcome.errors.filter(QStringLiteral("abacus")).isEmpty());
}

void PreloadTest::announcesEachLoopIfAsked()
{
    QProcessEnvironment variables = environment();
    variables.insert(QStringLiteral("FLYWHEEL_VERBOSE"), QStringLiteral("1"));
    const Outcome outcome = flywheel(
        {QStringLiteral("--poller"), QStringLiteral("epoll"), consoleProgram, QStringLiteral("threads")},
        variables);
    VERIFY_SUCCESS(outcome);
    QStringList announced = outcome.errors;
    QCOMPARE(announced.takeFirst(), QStringLiteral("flywheel: main thread on Flywheel (epoll)"));
    QCOMPARE(announced.takeFirst(),
             QStringLiteral("flywheel: thread \"a named thread\" on Flywheel (epoll)"));
    QCOMPARE(announced.size(), 2);
    for (const QString &line : announced)
        QVERIFY(QRegularExpression(QStringLiteral("^flywheel: thread \".+\" on Flywheel \\(epoll\\)$"))
                    .match(line)
                    .hasMatch());
}

QTEST_GUILESS_MAIN(PreloadTest)
#include "tst_preload.moc"
