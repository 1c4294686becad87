// SPDX-License-Identifier: MIT
// Handlers that the monitor reads from the journals of loops.
#include "model/handlerreader.h"

#include "journal/journalfixture.h"
#include "model/journalbatch.h"
#include "monitor/support/watched.h"

#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Monitor;
using namespace Flywheel::Monitor::Test;

namespace {

using Flywheel::Test::MemoryJournal;
using Flywheel::Test::namesOf;

constexpr std::uint64_t ThreadId = 4712;

/// The journal of the loop that a Watched shows, as a file.
class JournalOnDisk
{
public:
    JournalOnDisk() : m_memory(1024)
    {
        Journaling::Header &header = m_memory.journal.header();
        header.processId = static_cast<std::uint64_t>(QCoreApplication::applicationPid());
        header.threadId = ThreadId;
        header.loopId = 1;
        m_memory.journal.setNames(1, namesOf("EchoServer", u"front"));
    }

    std::string path() const { return m_directory.filePath(QStringLiteral("4711-1.journal")).toStdString(); }
    Journal &journal() { return m_memory.journal; }
    Journaling::Header &header() { return m_memory.journal.header(); }
    void append(std::chrono::nanoseconds end, std::chrono::nanoseconds duration)
    {
        m_memory.journal.append(
            {.end = end.count(), .duration = float(duration.count()), .id = 7, .subject = 1, .depth = 1});
    }
    void store()
    {
        QFile file(QString::fromStdString(path()));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write(reinterpret_cast<const char *>(m_memory.bytes().data()), qint64(m_memory.bytes().size()));
    }
    void remove() { QVERIFY(QFile::remove(QString::fromStdString(path()))); }
    /// A frame of its loop.
    Telemetry::LoopFrame frame(std::chrono::nanoseconds at) const
    {
        Telemetry::LoopFrame loop = busyLoop(at, 10ms);
        loop.threadId = ThreadId;
        loop.journalFile = path();
        return loop;
    }

private:
    const QTemporaryDir m_directory;
    MemoryJournal m_memory;
};

std::vector<LoggedHandler> handlersOf(const Loop &loop)
{
    std::vector<LoggedHandler> result;
    loop.handlers().forEach({0s, 100'000s}, [&](const LoggedHandler &each) { result.push_back(each); });
    return result;
}

/// One handler is in the journal, and has been read.
bool begins(Watched &watched, JournalOnDisk &disk)
{
    disk.append(99s, 1ms);
    disk.store();
    if (!watched.isAttached() || !watched.show(100s, {disk.frame(100s)}))
        return false;
    watched.session.followHandlers({watched.loop()});
    return watched.show(100100ms, {disk.frame(100100ms)});
}

} // namespace

class tst_HandlerReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsNew();
    void onlyWhatIsFollowed();
    void whatWasOverwrittenIsAGap();
    void whatRunsIsKnown();
    void readsOnceMoreAtTheEnd();
    void journalsOfOthersAreRefused();
    void missingFilesAreTold();
    void withoutAJournalSaysWhy();
    void namesAreMadePlain();
};

void tst_HandlerReader::readsWhatIsNew()
{
    Watched watched;
    JournalOnDisk disk;
    QVERIFY(begins(watched, disk));
    QCOMPARE(handlersOf(*watched.loop()).size(), 1u);
    disk.append(100150ms, 3ms);
    disk.store();
    QVERIFY(watched.show(100200ms, {disk.frame(100200ms)}));
    const auto handlers = handlersOf(*watched.loop());
    QCOMPARE(handlers.size(), 2u);
    QCOMPARE(handlers[1].begin, Time(100147ms));
    QCOMPARE(handlers[1].id, 7);
    QCOMPARE(watched.loop()->handlers().receiverOf(handlers[1]).className, QStringLiteral("EchoServer"));
    QCOMPARE(watched.loop()->handlers().known().end, Time(100200ms));
    QVERIFY(watched.loop()->handlers().gaps().empty());
    QCOMPARE(whyNoHandlers(*watched.loop()), QString());
}

void tst_HandlerReader::onlyWhatIsFollowed()
{
    Watched watched;
    JournalOnDisk disk;
    disk.append(99s, 1ms);
    disk.store();
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {disk.frame(100s)}));
    QVERIFY(watched.show(100100ms, {disk.frame(100100ms)}));
    QVERIFY(watched.loop()->handlers().isEmpty());
    QVERIFY(!whyNoHandlers(*watched.loop()).isEmpty());
}

void tst_HandlerReader::whatWasOverwrittenIsAGap()
{
    Watched watched;
    JournalOnDisk disk;
    QVERIFY(begins(watched, disk));
    for (int i = 0; i < 2000; ++i)
        disk.append(100100ms + 10us * i, 1us);
    disk.store();
    QVERIFY(watched.show(100200ms, {disk.frame(100200ms)}));
    const HandlerLog &log = watched.loop()->handlers();
    QCOMPARE(log.size(), 1u + 1024u - 1u); // the oldest one kept may be half-way overwritten
    QCOMPARE(log.gaps().size(), 1u);
    QCOMPARE(log.gaps()[0].begin, Time(100100ms));
    QCOMPARE(log.gaps()[0].end, handlersOf(*watched.loop())[1].end);
}

void tst_HandlerReader::whatRunsIsKnown()
{
    Watched watched;
    JournalOnDisk disk;
    disk.journal().setRunning(1, std::uint32_t(HandlerKind::Timer), 7);
    disk.journal().setActivity(Instant(99s), Journal::Activity::Handler);
    disk.store();
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {disk.frame(100s)}));
    watched.session.followHandlers({watched.loop()});
    QVERIFY(watched.show(100100ms, {disk.frame(100100ms)}));
    const auto running = watched.loop()->handlers().running();
    QVERIFY(running);
    QCOMPARE(running->handler.begin, Time(99s));
    QCOMPARE(running->receiver.objectName, QStringLiteral("front"));
    disk.append(100150ms, 1150ms);
    disk.journal().setActivity(Instant(100150ms), Journal::Activity::None);
    disk.store();
    QVERIFY(watched.show(100200ms, {disk.frame(100200ms)}));
    QVERIFY(!watched.loop()->handlers().running());
}

void tst_HandlerReader::readsOnceMoreAtTheEnd()
{
    Watched watched;
    JournalOnDisk disk;
    disk.store();
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {disk.frame(100s)}));
    watched.session.followHandlers({watched.loop()});
    QVERIFY(watched.show(100100ms, {disk.frame(100100ms)}));
    disk.append(100130ms, 1ms);
    disk.store();
    disk.remove(); // as a program does that ends
    Telemetry::Goodbye goodbye;
    watched.publisher.send(goodbye);
    QTRY_COMPARE(watched.process()->state(), Process::State::Ended);
    QCOMPARE(handlersOf(*watched.loop()).size(), 1u);
}

void tst_HandlerReader::journalsOfOthersAreRefused()
{
    Watched watched;
    JournalOnDisk disk;
    disk.append(99s, 1ms);
    disk.header().threadId = 1;
    disk.store();
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {disk.frame(100s)}));
    watched.session.followHandlers({watched.loop()});
    QVERIFY(watched.show(100100ms, {disk.frame(100100ms)}));
    QVERIFY(watched.loop()->handlers().isEmpty());
    QVERIFY(whyNoHandlers(*watched.loop()).contains(QStringLiteral("another loop")));
}

void tst_HandlerReader::missingFilesAreTold()
{
    Watched watched;
    JournalOnDisk disk;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {disk.frame(100s)}));
    watched.session.followHandlers({watched.loop()});
    QVERIFY(watched.show(100100ms, {disk.frame(100100ms)}));
    QVERIFY(whyNoHandlers(*watched.loop()).contains(QStringLiteral("can't be opened")));
}

void tst_HandlerReader::withoutAJournalSaysWhy()
{
    Watched watched;
    QVERIFY(watched.isAttached());
    QVERIFY(watched.show(100s, {busyLoop(100s, 10ms)}));
    watched.session.followHandlers({watched.loop()});
    QVERIFY(watched.show(100100ms, {busyLoop(100100ms, 10ms)}));
    QVERIFY(whyNoHandlers(*watched.loop()).contains(QStringLiteral("FLYWHEEL_JOURNAL")));
}

void tst_HandlerReader::namesAreMadePlain()
{
    JournalContents contents;
    contents.written = 1;
    contents.receivers = {{}, {"Evil\x1b[2J", "a\nb"}};
    contents.handlers = {{.began = Instant(1s), .duration = 1ms, .id = 1, .kind = 77, .subject = 1},
                         {.began = Instant(2s), .duration = 1ms, .id = 1, .kind = 0, .subject = 9'999}};
    const HandlerBatch batch = toBatch(contents, 0, 3s);
    QCOMPARE(batch.receivers.size(), 1u);
    QVERIFY(!batch.receivers[0].className.contains(QChar(0x1b)));
    QVERIFY(!batch.receivers[0].objectName.contains(QLatin1Char('\n')));
    QCOMPARE(batch.handlers[0].receiver, 0);
    QVERIFY(batch.handlers[1].receiver >= batch.receivers.size());
    QCOMPARE(int(batch.handlers[0].kind), int(HandlerKindCount) - 1);
}

QTEST_GUILESS_MAIN(tst_HandlerReader)
#include "tst_handlerreader.moc"
