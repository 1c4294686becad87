// SPDX-License-Identifier: MIT
#include "telemetry/protocol/publishers.h"
#include "telemetry/runtimedirectory.h"
#include "telemetry/watcher.h"

#include <QtCore/qdir.h>
#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>

#include <algorithm>
#include <optional>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace Flywheel::Telemetry::Test;

class tst_ForkedPublishers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup() { m_runtime.reset(); }

    void eachProcessThatRunsALoopPublishesItself_data();
    void eachProcessThatRunsALoopPublishesItself();

private:
    std::optional<RuntimeDirectory> m_runtime;
};

void tst_ForkedPublishers::eachProcessThatRunsALoopPublishesItself_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<int>("processes");
    QTest::newRow("daemon before the application object") << QStringLiteral("daemon") << 1;
    QTest::newRow("daemon after it") << QStringLiteral("latedaemon") << 1;
    QTest::newRow("fork before the application object") << QStringLiteral("forkbefore") << 2;
    QTest::newRow("fork after it") << QStringLiteral("latefork") << 2;
    QTest::newRow("fork in a handler, and a loop there") << QStringLiteral("forkinhandler") << 2;
}

void tst_ForkedPublishers::eachProcessThatRunsALoopPublishesItself()
{
    QFETCH(const QString, mode);
    QFETCH(const int, processes);
    const QTemporaryDir folder;
    const auto running = [&folder] { return QDir(folder.path()).entryList(QDir::Files); };
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("FLYWHEEL_TELEMETRY"), QStringLiteral("1"));
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(FORKING_PROGRAM), {mode, folder.path()});
    QTRY_COMPARE_WITH_TIMEOUT(running().size(), processes, 20'000);

    std::vector<qint64> ids;
    for (const QString &name : running())
        ids.push_back(name.toLongLong());
    std::sort(ids.begin(), ids.end());
    const auto published = [] {
        std::vector<qint64> found;
        for (const Publisher &publisher : publishers())
            found.push_back(publisher.processId);
        return found;
    };
    QTRY_COMPARE(published(), ids);
    for (const Publisher &publisher : publishers()) {
        Watcher watcher(publisher.socketPath);
        watcher.begin(ShortestInterval);
        QTRY_VERIFY(watcher.frames() >= 2);
        QCOMPARE(watcher.received<Hello>()[0].process.processId, std::uint64_t(publisher.processId));
        const Frame frame = watcher.received<Frame>().back();
        QCOMPARE(frame.loops.size(), 1u);
        QCOMPARE(frame.loops[0].threadName, "main");
        QCOMPARE(frame.loops[0].threadId, std::uint64_t(publisher.processId));
    }
    for (const QString &name : running())
        QVERIFY(QFile::remove(folder.filePath(name)));
    QTRY_VERIFY_WITH_TIMEOUT(publishers().empty(), 20'000);
    QVERIFY(program.state() == QProcess::NotRunning || program.waitForFinished());
    QCOMPARE(program.readAllStandardError(), QByteArray());
}

QTEST_GUILESS_MAIN(tst_ForkedPublishers)
#include "tst_forkedpublishers.moc"
