// SPDX-License-Identifier: MIT
// What a program may expect of a process whose only threads are its own.
#include "support/child.h"
#include "telemetry/protocol/publishers.h"
#include "telemetry/runtimedirectory.h"
#include "telemetry/watcher.h"

#include <flywheel/metrics.h>
#include <flywheel/telemetry.h>

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <thread>

#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;
using Flywheel::Test::exitCodeOfChild;

namespace {

QStringList threads()
{
    return QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
}

/// The signals that a thread of this process blocks, as bits.
quint64 blockedIn(const QString &thread)
{
    QFile status(QStringLiteral("/proc/self/task/%1/status").arg(thread));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("SigBlk:"))
            return line.mid(7).trimmed().toULongLong(nullptr, 16);
    }
    return 0;
}

bool blocks(quint64 mask, int signal)
{
    return (mask >> (signal - 1) & 1) != 0;
}

void verifyNewThreadBlocksSignals(const QStringList &before)
{
    QStringList added = threads();
    for (const QString &thread : before)
        added.removeAll(thread);
    QCOMPARE(added.size(), 1);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGUSR1, SIGALRM, SIGPROF, SIGPIPE})
        QVERIFY2(blocks(blockedIn(added[0]), signal), qPrintable(QString::number(signal)));
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        QTRY_VERIFY(!blocks(blockedIn(added[0]), fault)); // glibc blocks all while a thread starts
    QVERIFY(!blocks(blockedIn(QString::number(::getpid())), SIGTERM)); // ours is as it was
}

} // namespace

class tst_QuietThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup()
    {
        stopTelemetry();
        m_runtime.reset();
    }

    // The first one: no loop has run yet.
    void processHasOneThreadUntilItsLoopRuns();
    void telemetryTakesNoSignals();
    void watchdogTakesNoSignals();
    void childOfAWatchedProgramExits();
    void childMayWatchItself();

private:
    std::optional<RuntimeDirectory> m_runtime;
};

void tst_QuietThreads::processHasOneThreadUntilItsLoopRuns()
{
    const QStringList before = threads();
    QVERIFY(startTelemetry());
    QCOMPARE(threads(), before);
    QCOMPARE(publishers().size(), 1u); // but can be found
    QCoreApplication::processEvents();
    QCOMPARE(threads().size(), before.size() + 1);
    Watcher watcher(publishers().at(0).socketPath);
    watcher.begin(ShortestInterval);
    QTRY_VERIFY(watcher.frames() >= 1);
}

void tst_QuietThreads::telemetryTakesNoSignals()
{
    const QStringList before = threads();
    QVERIFY(startTelemetry());
    QCoreApplication::processEvents();
    verifyNewThreadBlocksSignals(before);
}

void tst_QuietThreads::watchdogTakesNoSignals()
{
    const QStringList before = threads();
    setStallHandler([](const LoopSnapshot &, const Stall &) {});
    verifyNewThreadBlocksSignals(before);
    setStallHandler({});
}

void tst_QuietThreads::childOfAWatchedProgramExits()
{
    setStallHandler([](const LoopSnapshot &, const Stall &) {});
    QCOMPARE(exitCodeOfChild([] { std::exit(0); }), 0);
    QCOMPARE(exitCodeOfChild([] {
                 setStallHandler({});
                 std::exit(0);
             }),
             0);
    setStallHandler({});
}

void tst_QuietThreads::childMayWatchItself()
{
    setStallHandler([](const LoopSnapshot &, const Stall &) {});
    QCOMPARE(exitCodeOfChild([] {
                 setStallHandler([](const LoopSnapshot &, const Stall &) {});
                 std::exit(0);
             }),
             0);
    setStallHandler({});
}

QTEST_GUILESS_MAIN(tst_QuietThreads)
#include "tst_quietthreads.moc"
