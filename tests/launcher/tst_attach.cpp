// SPDX-License-Identifier: MIT
// flywheel-run --attach on programs that run on Qt's own dispatchers.
#include "launched.h"
#include "support/processsignal.h"
#include "telemetry/runtimedirectory.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <map>
#include <optional>

using namespace Launched;
using Flywheel::Telemetry::Test::RuntimeDirectory;

namespace {

QString word(const char *text)
{
    return QString::fromLatin1(text);
}

/// attachedprogram.cpp, started by nobody but us.
class Program
{
public:
    explicit Program(const char *mode = "", const QString &launcher = {})
    {
        m_process.setProcessEnvironment(environment());
        const QString file = word(FLYWHEEL_ATTACHED_PROGRAM);
        QStringList arguments{QString::fromLatin1(mode)};
        if (!launcher.isEmpty())
            arguments.prepend(file);
        m_process.start(launcher.isEmpty() ? file : launcher, arguments);
    }
    ~Program()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    bool isReady()
    {
        return QTest::qWaitFor([this] { return m_process.canReadLine(); }, 20'000);
    }
    QString id() const { return QString::number(m_process.processId()); }
    bool runs() const { return m_process.state() == QProcess::Running; }
    bool signal(int number) { return sendSignal(m_process, number); }
    bool isTraced() const { return !status().contains("TracerPid:\t0\n"); }
    bool isStopped() const { return status().contains("State:\tT"); }
    /// True if it ends cleanly once its input is closed.
    bool ends()
    {
        m_process.closeWriteChannel();
        return m_process.waitForFinished() && m_process.exitStatus() == QProcess::NormalExit &&
               m_process.exitCode() == 0;
    }

private:
    QByteArray status() const
    {
        QFile file(QStringLiteral("/proc/%1/status").arg(id()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QProcess m_process;
};

/// The loops that the monitor sees of a process, and how many events a second each delivers; empty if none.
std::map<QString, double> loopsOf(const QString &id)
{
    const Outcome outcome =
        run(word(FLYWHEEL_MONITOR), {word("--json"), word("--for"), word("1"), id}, environment());
    const QJsonObject json =
        QJsonDocument::fromJson(outcome.output.join(QLatin1Char('\n')).toUtf8()).object();
    std::map<QString, double> result;
    for (const QJsonValue loop : json[QLatin1String("processes")][0][QLatin1String("loops")].toArray())
        result[loop[QLatin1String("name")].toString()] = loop[QLatin1String("eventsPerSecond")].toDouble();
    return result;
}

} // namespace

class AttachTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup() { m_runtime.reset(); }

    void observesLoopsThatRun_data();
    void observesLoopsThatRun();
    void detachLeavesTheProgramAsItWas();
    void publishesAProgramOnFlywheel();
    void hungProgramIsRefusedWithItsStack();
    void cancellingHarmsNobody_data();
    void cancellingHarmsNobody();
    void refusals_data();
    void refusals();
    void stoppedProgramIsRefused();
    void missingDebuggerIsNamed();

private:
    std::optional<RuntimeDirectory> m_runtime;
};

void AttachTest::observesLoopsThatRun_data()
{
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("waiting") << QByteArray();
    QTest::newRow("busy") << QByteArray("busy");
    QTest::newRow("threads that allocate") << QByteArray("allocating");
    QTest::newRow("signals all the time") << QByteArray("signals");
}

void AttachTest::observesLoopsThatRun()
{
    QFETCH(QByteArray, mode);
    Program program(mode.constData());
    QVERIFY(program.isReady());
    QVERIFY(m_runtime->list().isEmpty());
    const Outcome outcome = flywheel({word("--attach"), program.id()});
    QVERIFY2(outcome.code == 0, qPrintable(outcome.errors.join(QLatin1Char('\n'))));
    const std::map<QString, double> loops = loopsOf(program.id());
    QCOMPARE(loops.size(), 2u);
    QVERIFY(loops.at(QStringLiteral("main")) > 5); // of a hundred
    QVERIFY(loops.at(QStringLiteral("worker")) > 5);
    QVERIFY(program.ends());
}

void AttachTest::detachLeavesTheProgramAsItWas()
{
    Program program;
    QVERIFY(program.isReady());
    for (int round = 0; round < 2; ++round) {
        QCOMPARE(flywheel({word("--attach"), program.id()}).code, 0);
        QCOMPARE(loopsOf(program.id()).size(), 2u);
        QCOMPARE(flywheel({word("--detach"), program.id()}).code, 0);
        QVERIFY(m_runtime->list().isEmpty());
    }
    QVERIFY(program.ends());
}

void AttachTest::publishesAProgramOnFlywheel()
{
    Program program("", flywheelRun); // environment() asks for no telemetry
    QVERIFY(program.isReady());
    QCOMPARE(flywheel({word("--attach"), program.id()}).code, 0);
    QCOMPARE(loopsOf(program.id()).size(), 2u);
    QVERIFY(program.ends());
}

void AttachTest::hungProgramIsRefusedWithItsStack()
{
    Program program("hung");
    QTest::qWait(1000); // it hangs before it could say so
    const Outcome outcome = flywheel({word("--attach"), program.id()});
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors.size(), 1);
    QVERIFY2(outcome.errors[0].contains(QLatin1String("nanosleep")), qPrintable(outcome.errors[0]));
}

void AttachTest::cancellingHarmsNobody_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<QByteArray>("mode");
    QTest::newRow("Ctrl+C") << SIGINT << QByteArray();
    QTest::newRow("Ctrl+C, busy") << SIGINT << QByteArray("busy");
    QTest::newRow("kill") << SIGTERM << QByteArray();
    QTest::newRow("kill -9, hung") << SIGKILL << QByteArray("hung");
}

void AttachTest::cancellingHarmsNobody()
{
    QFETCH(int, signal);
    QFETCH(QByteArray, mode);
    for (const int delay : {50, 200, 300}) {
        Program program(mode.constData());
        if (mode == "hung")
            QTest::qWait(500);
        else
            QVERIFY(program.isReady());
        QProcess launcher;
        launcher.setProcessEnvironment(environment());
        launcher.start(flywheelRun, {word("--attach"), program.id()});
        QVERIFY(launcher.waitForStarted());
        QTest::qWait(delay);
        sendSignal(launcher, signal); // on a fast machine it may have ended by itself
        QVERIFY(launcher.state() == QProcess::NotRunning || launcher.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(!program.isTraced(), 5000);
        QVERIFY(mode == "hung" ? program.runs() : program.ends());
    }
}

void AttachTest::stoppedProgramIsRefused()
{
    Program program;
    QVERIFY(program.isReady());
    QVERIFY(program.signal(SIGSTOP));
    QTRY_VERIFY(program.isStopped());
    const Outcome outcome = flywheel({word("--attach"), program.id()});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors[0].contains(QLatin1String("it is stopped")), qPrintable(outcome.errors[0]));
    QVERIFY(program.signal(SIGCONT));
    QCOMPARE(flywheel({word("--detach"), program.id()}).code, 1); // it never was attached to
    QVERIFY(program.ends());
}

void AttachTest::refusals_data()
{
    QTest::addColumn<QString>("process");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no such process") << word("2000000000") << word("there is no process 2000000000");
    QTest::newRow("no such name") << word("no-such-program")
                                  << word("no process is called 'no-such-program'");
    QTest::newRow("no Qt") << word("1") << word("process 1 cannot be observed");
}

void AttachTest::refusals()
{
    QFETCH(QString, process);
    QFETCH(QString, reason);
    const Outcome outcome = flywheel({word("--attach"), process});
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors.size(), 1);
    QVERIFY2(outcome.errors[0].contains(reason), qPrintable(outcome.errors[0]));
}

void AttachTest::missingDebuggerIsNamed()
{
    Program program;
    QVERIFY(program.isReady());
    QProcessEnvironment poor = environment();
    poor.insert(word("PATH"), word("/nowhere"));
    const Outcome outcome = flywheel({word("--attach"), program.id()}, poor);
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors[0].contains(QLatin1String("install the package gdb")),
             qPrintable(outcome.errors[0]));
    QVERIFY(program.ends());
}

QTEST_GUILESS_MAIN(AttachTest)
#include "tst_attach.moc"
