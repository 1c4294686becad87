// SPDX-License-Identifier: MIT
// The command line of flywheel-run, and what of it reaches the program, its parent and its children.
#include "launched.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <csignal>

#include <unistd.h>

using namespace Launched;

class FlywheelRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWrongUseInOneLine_data();
    void refusesWrongUseInOneLine();
    void refusesAPathThatCannotBePreloaded();
    void refusesWithoutItsShim();
    void warnsOfAPrivilegedProgram();
    void printsHelpAndVersion();
    void passesArgumentsOn_data();
    void passesArgumentsOn();
    void passesTheExitCodeOn();
    void passesSignalsOn();
    void choosesThePoller_data();
    void choosesThePoller();
    void keepsChildrenOnQt();
    void printsStatisticsOfEachLoop_data();
    void printsStatisticsOfEachLoop();
    void printsStatisticsOfAProgramThatExitsInItsLoop();
    void observesAndLeavesQtsDispatchers();
    void letsTheMonitorWatchUnlessToldOtherwise();
    void recordsNothingIfToldSo();
    void servesChildrenIfAsked();
    void restoresThePreloadListForChildren();
};

static QString word(const char *text)
{
    return QString::fromLatin1(text);
}

/// A copy of what the launcher needs to start, in \a directory, with the layout of the build tree.
static QString copyLauncher(const QString &directory, bool withShim)
{
    const QDir root(directory);
    root.mkpath(word("bin"));
    root.mkpath(word("lib"));
    const QString copy = root.filePath(word("bin/flywheel-run"));
    const bool copied =
        QFile::copy(flywheelRun, copy) &&
        (!withShim || QFile::copy(shim, root.filePath(word("lib/") + QFileInfo(shim).fileName())));
    return copied ? copy : QString();
}

void FlywheelRunTest::refusesWrongUseInOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("reason");

    QTest::newRow("nothing") << QStringList() << word("no program given");
    QTest::newRow("options alone") << QStringList({word("--children"), word("--")})
                                   << word("no program given");
    QTest::newRow("unknown option") << QStringList({word("--frobnicate"), word("true")})
                                    << word("unknown option '--frobnicate'");
    QTest::newRow("a dash") << QStringList({word("-"), word("true")}) << word("unknown option '-'");
    QTest::newRow("no poller") << QStringList(word("--poller")) << word("--poller needs a name");
    QTest::newRow("unknown poller") << QStringList({word("--poller"), word("abacus"), word("true")})
                                    << word("unknown poller 'abacus'");
    QTest::newRow("empty poller") << QStringList({word("--poller="), word("true")})
                                  << word("unknown poller ''");
    QTest::newRow("observed poller") << QStringList({word("--observe"), word("--poller=epoll"), word("true")})
                                     << word("--observe leaves Qt's dispatchers in place");
    QTest::newRow("observed GLib") << QStringList({word("--glib"), word("--observe"), word("true")})
                                   << word("--observe leaves Qt's dispatchers in place");
    QTest::newRow("summary of nothing") << QStringList({word("--no-metrics"), word("--stats"), word("true")})
                                        << word("--no-metrics leaves nothing to show");
    QTest::newRow("nothing observed") << QStringList({word("--observe"), word("--no-metrics"), word("true")})
                                      << word("--no-metrics leaves nothing to show");
    QTest::newRow("not in PATH") << QStringList(word("no-such-program")) << word("cannot find the program");
    QTest::newRow("empty name") << QStringList(QString()) << word("cannot find the program");
    QTest::newRow("no such file") << QStringList(word("./no-such-program")) << word("No such file");
    QTest::newRow("not executable") << QStringList(word("/etc/passwd")) << word("Permission denied");
    QTest::newRow("a directory") << QStringList(word("/")) << word("Permission denied");
}

void FlywheelRunTest::refusesWrongUseInOneLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, reason);

    const Outcome outcome = flywheel(arguments);
    QCOMPARE(outcome.status, QProcess::NormalExit);
    QCOMPARE(outcome.code, 2);
    QCOMPARE(outcome.output, QStringList());
    QCOMPARE(outcome.errors.size(), 1);
    QVERIFY2(outcome.errors.first().startsWith(word("flywheel-run: ")), qPrintable(outcome.errors.first()));
    QVERIFY2(outcome.errors.first().contains(reason), qPrintable(outcome.errors.first()));
}

void FlywheelRunTest::refusesAPathThatCannotBePreloaded()
{
    const QTemporaryDir directory;
    for (const char *name : {"with space", "with:colon"}) {
        const QString launcher = copyLauncher(directory.filePath(word(name)), true);
        const Outcome outcome = run(launcher, {word("true")}, environment());
        QCOMPARE(outcome.code, 2);
        QCOMPARE(outcome.errors.size(), 1);
        QVERIFY(outcome.errors.first().contains(word("cannot preload")));
    }
}

void FlywheelRunTest::refusesWithoutItsShim()
{
    const QTemporaryDir directory;
    const QString launcher = copyLauncher(directory.path(), false);
    const Outcome outcome = run(launcher, {word("true")}, environment());
    QCOMPARE(outcome.code, 2);
    QCOMPARE(outcome.errors.size(), 1);
    QVERIFY(outcome.errors.first().contains(word("cannot find libflywheel-preload.so")));
}

void FlywheelRunTest::warnsOfAPrivilegedProgram()
{
    // A user other than root cannot make such a program for somebody else, but has one: su is setuid root.
    const QTemporaryDir directory;
    QString program = word("su");
    if (geteuid() == 0) {
        program = directory.filePath(word("privileged"));
        QVERIFY(QFile::copy(word("/bin/true"), program));
        QCOMPARE(chown(qPrintable(program), 1, 1), 0);
        QVERIFY(QProcess::execute(word("chmod"), {word("u+s"), program}) == 0);
    }
    const Outcome outcome = flywheel({program, word("--help")});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.errors.size(), 1);
    QVERIFY(outcome.errors.first().contains(word("runs without Flywheel")));
}

void FlywheelRunTest::printsHelpAndVersion()
{
    const Outcome help = flywheel({word("--help")});
    QCOMPARE(help.code, 0);
    QVERIFY(help.output.first().startsWith(word("Usage: flywheel-run ")));
    QCOMPARE(help.errors, QStringList());

    const Outcome version = flywheel({word("--version")});
    QCOMPARE(version.code, 0);
    QCOMPARE(version.output, QStringList(word("flywheel-run " FLYWHEEL_VERSION)));
}

void FlywheelRunTest::passesArgumentsOn_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("plain") << QStringList();
    QTest::newRow("after --") << QStringList(word("--"));
    QTest::newRow("after options") << QStringList(
        {word("--children"), word("--glib"), word("--poller=poll"), word("--")});
}

void FlywheelRunTest::passesArgumentsOn()
{
    QFETCH(QStringList, options);
    const QStringList arguments = {word("%s\n"), word("--help"), word("--"), word("a b"), word("*")};
    const Outcome outcome = flywheel(options + QStringList(word("printf")) + arguments);
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.output, arguments.mid(1));
}

void FlywheelRunTest::passesTheExitCodeOn()
{
    for (const int code : {0, 1, 2, 77, 255})
        QCOMPARE(flywheel({consoleProgram, word("exit"), QString::number(code)}).code, code);
}

void FlywheelRunTest::passesSignalsOn()
{
    QProcess process;
    process.setProcessEnvironment(environment());
    process.start(flywheelRun, {consoleProgram, word("wait")});
    QVERIFY(process.waitForReadyRead());
    process.terminate();
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    QCOMPARE(process.exitCode(), SIGTERM);
}

void FlywheelRunTest::choosesThePoller_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("poller");
    QTest::newRow("--poller poll") << QStringList({word("--poller"), word("poll")}) << word("poll");
    QTest::newRow("--poller=poll") << QStringList(word("--poller=poll")) << word("poll");
    QTest::newRow("--poller epoll") << QStringList({word("--poller"), word("epoll")}) << word("epoll");
    QTest::newRow("inherited") << QStringList() << word("poll");
}

void FlywheelRunTest::choosesThePoller()
{
    QFETCH(QStringList, options);
    QFETCH(QString, poller);
    QProcessEnvironment variables = environment();
    variables.insert(word("FLYWHEEL_VERBOSE"), word("1"));
    variables.insert(word("FLYWHEEL_POLLER"), word("poll"));
    const Outcome outcome =
        flywheel(options + QStringList({consoleProgram, word("exit"), word("0")}), variables);
    QCOMPARE(outcome.errors, QStringList(word("flywheel: main thread on Flywheel (%1)").arg(poller)));
}

void FlywheelRunTest::letsTheMonitorWatchUnlessToldOtherwise()
{
    const QStringList print = {word("printenv"), word("FLYWHEEL_TELEMETRY")};
    QCOMPARE(flywheel(print).output, QStringList(word("1")));
    QProcessEnvironment off = environment();
    off.insert(word("FLYWHEEL_TELEMETRY"), word("0"));
    QCOMPARE(flywheel(print, off).output, QStringList(word("0")));
}

void FlywheelRunTest::recordsNothingIfToldSo()
{
    const Outcome outcome = flywheel({word("--no-metrics"), word("printenv"), word("FLYWHEEL_METRICS")});
    QCOMPARE(outcome.output, QStringList(word("0")));
}

/// The columns of the line that begins with the name of a loop; none if there is no such line.
static QStringList columnsOf(const QStringList &lines, const QString &loop)
{
    for (const QString &line : lines) {
        if (line.startsWith(word("  ") + loop + word(" ")))
            return line.mid(2 + loop.size()).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }
    return {};
}

void FlywheelRunTest::printsStatisticsOfEachLoop_data()
{
    QTest::addColumn<QStringList>("program");
    QTest::addColumn<QString>("mode");
    QTest::addColumn<int>("loops");
    QTest::newRow("console") << QStringList({consoleProgram, word("threads")}) << word("owner") << 4;
    QTest::newRow("GUI") << QStringList({word(FLYWHEEL_GUI_PROGRAM), word("widgets")}) << word("hosted") << 4;
}

void FlywheelRunTest::printsStatisticsOfEachLoop()
{
    QFETCH(QStringList, program);
    QFETCH(QString, mode);
    QFETCH(int, loops);
    const Outcome outcome = flywheel(QStringList(word("--stats")) + program);
    QCOMPARE(outcome.code, 0);
    const auto isTitle = [&](const QString &line) {
        return line.startsWith(word("flywheel: %1 loops of process ").arg(loops));
    };
    QVERIFY2(std::any_of(outcome.errors.begin(), outcome.errors.end(), isTitle),
             qPrintable(outcome.errors.join(QLatin1Char('\n'))));
    const QStringList main = columnsOf(outcome.errors, word("main"));
    QVERIFY(main.size() > 3);
    QCOMPARE(main.at(0), mode);
    QVERIFY(main.at(1).toInt() > 0); // passes
    QVERIFY(main.at(2).toInt() > 0); // handlers
}

void FlywheelRunTest::printsStatisticsOfAProgramThatExitsInItsLoop()
{
    const Outcome outcome = flywheel({word("--stats"), consoleProgram, word("exitinloop"), word("7")});
    QCOMPARE(outcome.code, 7);
    const QStringList main = columnsOf(outcome.errors, word("main"));
    QVERIFY2(!main.isEmpty(), qPrintable(outcome.errors.join(QLatin1Char('\n'))));
    QCOMPARE(main.at(0), word("owner"));
}

void FlywheelRunTest::observesAndLeavesQtsDispatchers()
{
    const Outcome outcome = flywheel({word("--observe"), word("--stats"), consoleProgram, word("threads")});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.output.size(), 4);
    for (const QString &line : outcome.output)
        QVERIFY2(line.contains(word(": QEventDispatcher")), qPrintable(line));
    for (const QString &loop : {word("main"), word("a named thread")}) {
        const QStringList columns = columnsOf(outcome.errors, loop);
        QVERIFY2(!columns.isEmpty(), qPrintable(outcome.errors.join(QLatin1Char('\n'))));
        QCOMPARE(columns.at(0), word("observed"));
        QVERIFY(columns.at(2).toInt() > 0); // handlers
    }
}

void FlywheelRunTest::keepsChildrenOnQt()
{
    const Outcome outcome = flywheel({consoleProgram, word("child")});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.output.size(), 4);
    QCOMPARE(outcome.output.filter(ours), QStringList(word("parent: ") + ours));
}

void FlywheelRunTest::servesChildrenIfAsked()
{
    const Outcome outcome = flywheel({word("--children"), consoleProgram, word("child")});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.output.filter(ours).size(), 4);

    const Outcome wrapped =
        flywheel({word("--children"), word("sh"), word("-c"), consoleProgram + word(" child")});
    QCOMPARE(wrapped.code, 0);
    QCOMPARE(wrapped.output.filter(ours).size(), 4);
}

void FlywheelRunTest::restoresThePreloadListForChildren()
{
    const QString print = word("printf '<%s>' \"${LD_PRELOAD-unset}\"");
    const QStringList program = {word("sh"), word("-c"), print};
    QCOMPARE(flywheel(program).output, QStringList(word("<unset>")));

    QProcessEnvironment variables = environment();
    variables.insert(word("LD_PRELOAD"), word("libm.so.6 libc.so.6"));
    QCOMPARE(flywheel(program, variables).output, QStringList(word("<libm.so.6 libc.so.6>")));
    QCOMPARE(flywheel(QStringList(word("--children")) + program, variables).output,
             QStringList(word("<%1:libm.so.6 libc.so.6>").arg(shim)));
}

QTEST_GUILESS_MAIN(FlywheelRunTest)
#include "tst_flywheelrun.moc"
