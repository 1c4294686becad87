// SPDX-License-Identifier: MIT
// Processes and file system watches.
#include "parityloop.h"

#include <QtCore/qfile.h>
#include <QtCore/qfilesystemwatcher.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>
#include <optional>
#include <vector>

using namespace Flywheel::Test;

class tst_ParityProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void finishes();
    void echoes();
    void standardErrorIsApart();
    void killed();
    void cannotStart();
    void severalAtOnce();
    void fileIsWatched();
    void directoryIsWatched();

private:
    static void overwrite(const QString &name, const char *text)
    {
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    std::optional<ParityLoop> m_loop;
};

void tst_ParityProcess::finishes()
{
    QProcess process;
    const QSignalSpy finished(&process, &QProcess::finished);
    process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("echo out; exit 5")});
    m_loop->runUntil([&] { return !finished.isEmpty(); });
    QCOMPARE(process.exitCode(), 5);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.readAllStandardOutput(), QByteArray("out\n"));
}

void tst_ParityProcess::echoes()
{
    QProcess process;
    QByteArray received;
    const QByteArray sent(1'000'000, 'x');
    connect(&process, &QProcess::readyReadStandardOutput, this,
            [&] { received += process.readAllStandardOutput(); });
    process.start(QStringLiteral("cat"), QStringList());
    process.write(sent);
    m_loop->runUntil([&] { return received.size() >= sent.size(); });
    const QSignalSpy finished(&process, &QProcess::finished);
    process.closeWriteChannel();
    m_loop->runUntil([&] { return !finished.isEmpty(); });
    QVERIFY(received == sent);
    QCOMPARE(process.exitCode(), 0);
}

void tst_ParityProcess::standardErrorIsApart()
{
    QProcess process;
    const QSignalSpy finished(&process, &QProcess::finished);
    process.start(QStringLiteral("/bin/sh"),
                  {QStringLiteral("-c"), QStringLiteral("echo out; echo err >&2")});
    m_loop->runUntil([&] { return !finished.isEmpty(); });
    QCOMPARE(process.readAllStandardOutput(), QByteArray("out\n"));
    QCOMPARE(process.readAllStandardError(), QByteArray("err\n"));
}

void tst_ParityProcess::killed()
{
    QProcess process;
    const QSignalSpy started(&process, &QProcess::started);
    const QSignalSpy finished(&process, &QProcess::finished);
    process.start(QStringLiteral("sleep"), {QStringLiteral("100")});
    m_loop->runUntil([&] { return !started.isEmpty(); });
    process.kill();
    m_loop->runUntil([&] { return !finished.isEmpty(); });
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
}

void tst_ParityProcess::cannotStart()
{
    QProcess process;
    const QSignalSpy errors(&process, &QProcess::errorOccurred);
    process.start(QStringLiteral("/nonexistent/program"), QStringList());
    m_loop->runUntil([&] { return !errors.isEmpty(); });
    QCOMPARE(process.error(), QProcess::FailedToStart);
}

void tst_ParityProcess::severalAtOnce()
{
    std::vector<std::unique_ptr<QProcess>> processes;
    int finished = 0;
    for (int i = 0; i < 10; ++i) {
        auto &process = processes.emplace_back(std::make_unique<QProcess>());
        connect(process.get(), &QProcess::finished, this,
                [&finished, i](int code) { finished += code == i; });
        process->start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("exit %1").arg(i)});
    }
    m_loop->runUntil([&] { return finished == 10; });
}

void tst_ParityProcess::fileIsWatched()
{
    const QTemporaryDir directory;
    const QString name = directory.filePath(QStringLiteral("file"));
    overwrite(name, "before");
    QFileSystemWatcher watcher;
    const QSignalSpy changed(&watcher, &QFileSystemWatcher::fileChanged);
    QVERIFY(watcher.addPath(name));
    overwrite(name, "after");
    m_loop->runUntil([&] { return !changed.isEmpty(); });
    QCOMPARE(changed.front().front().toString(), name);
}

void tst_ParityProcess::directoryIsWatched()
{
    const QTemporaryDir directory;
    QFileSystemWatcher watcher;
    const QSignalSpy changed(&watcher, &QFileSystemWatcher::directoryChanged);
    QVERIFY(watcher.addPath(directory.path()));
    for (int i = 1; i <= 3; ++i) {
        const qsizetype before = changed.size();
        overwrite(directory.filePath(QString::number(i)), "new");
        m_loop->runUntil([&] { return changed.size() > before; });
    }
}

QTEST_APPLESS_MAIN(tst_ParityProcess)
#include "tst_parityprocess.moc"
