// SPDX-License-Identifier: MIT
// flywheel-run --dump on programs that hang, crash or end.
#include "launched.h"
#include "telemetry/runtimedirectory.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>

using namespace Launched;
using Flywheel::Telemetry::Test::RuntimeDirectory;

namespace {

QString word(const char *text)
{
    return QString::fromLatin1(text);
}

/// stuckprogram.cpp under flywheel-run.
class Stuck
{
public:
    explicit Stuck(const char *deed, const QStringList &variables = {})
    {
        QProcessEnvironment variablesOfProcess = environment();
        for (const QString &variable : variables)
            variablesOfProcess.insert(variable.section(QLatin1Char('='), 0, 0),
                                      variable.section(QLatin1Char('='), 1));
        m_process.setProcessEnvironment(variablesOfProcess);
        m_process.start(flywheelRun, {word(FLYWHEEL_STUCK_PROGRAM), QString::fromLatin1(deed)});
        m_process.waitForStarted();
        m_id = m_process.processId();
    }
    ~Stuck() { kill(); }

    /// True once it has come to its deed.
    bool acts()
    {
        return QTest::qWaitFor([this] { return m_process.canReadLine(); }, 20'000);
    }
    bool ends() { return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(); }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    QString id() const { return QString::number(m_id); }

private:
    QProcess m_process;
    qint64 m_id = 0;
};

Outcome dumpOf(const QStringList &arguments)
{
    return flywheel(QStringList(word("--dump")) + arguments);
}

bool hasLine(const QStringList &lines, std::initializer_list<const char *> parts)
{
    return std::any_of(lines.begin(), lines.end(), [&](const QString &line) {
        return std::all_of(parts.begin(), parts.end(),
                           [&](const char *part) { return line.contains(QString::fromUtf8(part)); });
    });
}

} // namespace

class DumpedProgramsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup() { m_runtime.reset(); }

    void hangingHandlerIsNamedWhileItHangs();
    void crashIsToldOf_data();
    void crashIsToldOf();
    void cleanEndLeavesNothing_data();
    void cleanEndLeavesNothing();
    void killedWhileHanging();
    void restartedProgramDoesNotLoseTheCrash();
    void allHandlersGoToAFile();
    void traceGoesToAFile();
    void withoutJournalItSaysWhy_data();
    void withoutJournalItSaysWhy();
    void namesProcessesWithJournals();

private:
    std::optional<RuntimeDirectory> m_runtime;
};

void DumpedProgramsTest::hangingHandlerIsNamedWhileItHangs()
{
    Stuck program("hang");
    QVERIFY(program.acts());
    const Outcome dump = dumpOf({program.id()});
    QCOMPARE(dump.code, 0);
    QCOMPARE(dump.errors, QStringList());
    QVERIFY(hasLine(dump.output, {"Process ", "stuckprogram: runs; read at "}));
    QVERIFY(
        hasLine(dump.output, {"main ", "runs a handler for", ": event, Culprit \"the culprit\", MetaCall"}));
    QVERIFY(hasLine(dump.output, {"  main ", "timer ", "Harmless \"ticker\", id "}));
    QVERIFY(hasLine(dump.output, {"busy worker ", "timer ", "Harmless \"in the worker\", id "}));
    // One that goes on is told of as such.
    QTest::qWait(20);
    QVERIFY(dumpOf({program.id()}).output != dump.output);
}

void DumpedProgramsTest::crashIsToldOf_data()
{
    QTest::addColumn<QByteArray>("deed");
    for (const char *deed : {"abort", "kill", "fault", "_exit"})
        QTest::newRow(deed) << QByteArray(deed);
}

void DumpedProgramsTest::crashIsToldOf()
{
    QFETCH(const QByteArray, deed);
    Stuck program(deed.constData());
    QVERIFY(program.ends());
    QCOMPARE(m_runtime->journals().size(), 2);
    for (const QString &name : m_runtime->journals()) {
        struct stat status
        {
        };
        QCOMPARE(
            ::stat(QFile::encodeName(m_runtime->sockets() + QLatin1Char('/') + name).constData(), &status),
            0);
        QCOMPARE(status.st_mode & 07777, mode_t(0600));
    }
    const Outcome dump = dumpOf({program.id()});
    QCOMPARE(dump.code, 0);
    QVERIFY(hasLine(dump.output, {"stuckprogram: has ended without removing its journals"}));
    QVERIFY(hasLine(dump.output,
                    {"main ", "ran a handler, since ", ": event, Culprit \"the culprit\", MetaCall"}));
    QVERIFY(hasLine(dump.output, {"  main ", "timer ", "Harmless \"ticker\", id "}));
    QVERIFY(hasLine(dump.output, {"busy worker ", "timer ", "Harmless \"in the worker\", id "}));
}

void DumpedProgramsTest::cleanEndLeavesNothing_data()
{
    QTest::addColumn<QByteArray>("deed");
    for (const char *deed : {"end", "exit"})
        QTest::newRow(deed) << QByteArray(deed);
}

void DumpedProgramsTest::cleanEndLeavesNothing()
{
    QFETCH(const QByteArray, deed);
    Stuck program(deed.constData());
    QVERIFY(program.ends());
    QCOMPARE(m_runtime->journals(), QStringList());
    const Outcome dump = dumpOf({program.id()});
    QCOMPARE(dump.code, 1);
    QVERIFY(hasLine(dump.errors, {"no journal of process ", "It has ended cleanly"}));
    QVERIFY(hasLine(dump.errors, {"There are no journals in "}));
}

void DumpedProgramsTest::killedWhileHanging()
{
    Stuck program("hang");
    QVERIFY(program.acts());
    program.kill();
    const Outcome dump = dumpOf({program.id()});
    QVERIFY(hasLine(dump.output,
                    {"main ", "ran a handler, since ", ": event, Culprit \"the culprit\", MetaCall"}));
}

void DumpedProgramsTest::restartedProgramDoesNotLoseTheCrash()
{
    // As a service that its supervisor starts again at once.
    QStringList crashed;
    for (int i = 0; i < 4; ++i) {
        Stuck program("abort");
        QVERIFY(program.ends());
        crashed.append(program.id());
    }
    Stuck again("hang");
    QVERIFY(again.acts());
    QCOMPARE(dumpOf({crashed[3]}).code, 0);
    QCOMPARE(dumpOf({crashed[2]}).code, 0);
    QCOMPARE(dumpOf({crashed[1]}).code, 1);
    QCOMPARE(dumpOf({again.id()}).code, 0);
}

void DumpedProgramsTest::allHandlersGoToAFile()
{
    Stuck program("hang");
    QVERIFY(program.acts());
    const QString path = m_runtime->path() + word("/dump.txt");
    const Outcome dump = dumpOf({program.id(), path});
    QCOMPARE(dump.code, 0);
    QCOMPARE(dump.output, QStringList());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString all = QString::fromUtf8(file.readAll());
    QVERIFY(all.contains(word("The last handlers, the oldest first:\n")));
    QVERIFY(dumpOf({program.id(), word("-")}).output.contains(word("The last handlers, the oldest first:")));
    const Outcome refused = dumpOf({program.id(), word("/no/such/directory/file")});
    QCOMPARE(refused.code, 1);
    QVERIFY(hasLine(refused.errors, {"cannot write /no/such/directory/file: "}));
}

void DumpedProgramsTest::traceGoesToAFile()
{
    Stuck program("abort");
    QVERIFY(program.ends());
    const QString path = m_runtime->path() + word("/dump.json");
    QCOMPARE(dumpOf({program.id(), path}).code, 0);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonArray events =
        QJsonDocument::fromJson(file.readAll()).object().value(word("traceEvents")).toArray();
    int running = 0;
    int ticks = 0;
    for (const QJsonValue &event : events) {
        const QString name = event.toObject().value(word("name")).toString();
        running += event.toObject().value(word("ph")) == word("B") &&
                   name.startsWith(word("Culprit \"the culprit\""));
        ticks +=
            event.toObject().value(word("ph")) == word("X") && name.startsWith(word("Harmless \"ticker\""));
    }
    QCOMPARE(running, 1);
    QVERIFY(ticks > 5);
}

void DumpedProgramsTest::withoutJournalItSaysWhy_data()
{
    QTest::addColumn<QString>("variable");
    QTest::newRow("no journal") << word("FLYWHEEL_JOURNAL=0");
    QTest::newRow("no metrics") << word("FLYWHEEL_METRICS=0");
}

void DumpedProgramsTest::withoutJournalItSaysWhy()
{
    QFETCH(const QString, variable);
    Stuck program("hang", {variable});
    QVERIFY(program.acts());
    QCOMPARE(m_runtime->journals(), QStringList());
    const Outcome dump = dumpOf({program.id()});
    QCOMPARE(dump.code, 1);
    QCOMPARE(dump.output, QStringList());
    QVERIFY(hasLine(dump.errors,
                    {"flywheel-run: no journal of process ", "FLYWHEEL_METRICS=0", "FLYWHEEL_JOURNAL=0"}));
}

void DumpedProgramsTest::namesProcessesWithJournals()
{
    QVERIFY(hasLine(dumpOf({}).output, {"There are no journals in "}));
    Stuck hanging("hang");
    QVERIFY(hanging.acts());
    Stuck crashed("abort");
    QVERIFY(crashed.ends());
    const Outcome list = dumpOf({});
    QCOMPARE(list.code, 0);
    QVERIFY(hasLine(list.output, {qPrintable(hanging.id()), "runs ", "stuckprogram"}));
    QVERIFY(hasLine(list.output, {qPrintable(crashed.id()), "ended ", "stuckprogram"}));
    QVERIFY(hasLine(dumpOf({word("1")}).errors, {qPrintable(hanging.id()), "runs "}));
}

QTEST_GUILESS_MAIN(DumpedProgramsTest)
#include "tst_dumpedprograms.moc"
