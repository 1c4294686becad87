// SPDX-License-Identifier: MIT
#include "journal/journalmemory.h"

#include "journal/journal.h"
#include "journal/journalfiles.h"
#include "journal/journalfixture.h"
#include "journal/journalreader.h"
#include "journal/processjournals.h"
#include "support/child.h"
#include "telemetry/runtimedirectory.h"

#include <QtCore/qfileinfo.h>
#include <QtTest/qtest.h>

#include <csignal>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using Flywheel::Telemetry::Test::RuntimeDirectory;

namespace {

mode_t modeOf(const std::string &path)
{
    struct stat status
    {
    };
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

std::uint64_t handlersIn(const std::string &path)
{
    const JournalReading reading = readJournalFile(path);
    return reading.contents ? reading.contents->written : 99;
}

int s_messages = 0;
void countMessage(QtMsgType, const QMessageLogContext &context, const QString &text)
{
    if (qstrcmp(context.category, "flywheel.dispatcher") == 0 && text.contains(QStringLiteral("--dump")))
        ++s_messages;
}

/// How many lines \a body writes to the log about journals.
template <typename Body>
int messagesOf(Body body)
{
    s_messages = 0;
    const QtMessageHandler before = qInstallMessageHandler(countMessage);
    body();
    qInstallMessageHandler(before);
    return s_messages;
}

} // namespace

class tst_JournalMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_runtime.emplace(); }
    void cleanup() { m_runtime.reset(); }

    void onlyItsUserMayRead();
    void sizeIsAPowerOfTwo();
    void otherProcessesSeeWhatIsWritten();
    void endOfLoopRemovesTheFile();
    void movedMemoryStays();
    void withoutFilesOnRequest();
    void insecureDirectoryMeansNoFile();
    void missingRoomIsToldOnce();
    void namesakesGetOtherNames();
    void childWritesToMemoryOfItsOwn();
    void childKeepsNothingOfALostLoop();
    void childDoesNotKeepTheFileInUse();
    void childMakesAFileOfItsOwn();
    void childLeavesTheParentsFile();
    void exitRemovesTheFiles();
    void crashLeavesTheFile();
    void othersFilesStay();

private:
    std::optional<RuntimeDirectory> m_runtime;
};

void tst_JournalMemory::onlyItsUserMayRead()
{
    ::umask(0);
    const JournalMemory memory = JournalMemory::make(1, 8);
    QVERIFY(memory);
    QCOMPARE(QString::fromStdString(memory.path()),
             QStringLiteral("%1/%2-1.journal").arg(m_runtime->sockets()).arg(::getpid()));
    QCOMPARE(modeOf(memory.path()), mode_t(0600));
    QCOMPARE(modeOf(m_runtime->sockets().toStdString()), mode_t(0700));
}

void tst_JournalMemory::sizeIsAPowerOfTwo()
{
    const JournalMemory memory = JournalMemory::make(1, 5'000);
    QCOMPARE(memory.bytes().size(), Journaling::bytesOf(8'192));
    QCOMPARE(QFileInfo(QString::fromStdString(memory.path())).size(), qint64(Journaling::bytesOf(8'192)));
    QCOMPARE(reinterpret_cast<std::uintptr_t>(memory.bytes().data()) % 64, 0u);
    QVERIFY(std::ranges::all_of(memory.bytes(), [](std::byte byte) { return byte == std::byte(0); }));
    Journal journal(memory.bytes());
    QCOMPARE(journal.capacity(), 8'192u);
}

void tst_JournalMemory::otherProcessesSeeWhatIsWritten()
{
    const JournalMemory memory = JournalMemory::make(7, 8);
    Journal journal(memory.bytes());
    identify(journal.header(), 7, 4711, "worker");
    journal.append(numbered(0));
    const JournalReading reading = readJournalFile(memory.path());
    QVERIFY2(reading.contents, reading.problem.c_str());
    const JournalIdentity &identity = reading.contents->identity;
    QCOMPARE(identity.processId, std::uint64_t(::getpid()));
    QCOMPARE(identity.loopId, 7u);
    QCOMPARE(identity.threadId, 4711u);
    QCOMPARE(identity.thread, std::string("worker"));
    QCOMPARE(identity.program, std::string("tst_journalmemory"));
    const auto wall = std::chrono::system_clock::now().time_since_epoch() - identity.wallOffset;
    QVERIFY(std::chrono::abs(wall - steadyNow().time_since_epoch()) < std::chrono::seconds(1));
    QCOMPARE(reading.contents->written, 1u);
    QVERIFY(isBeingWritten(memory.path()));
}

void tst_JournalMemory::endOfLoopRemovesTheFile()
{
    JournalMemory memory = JournalMemory::make(1, 8);
    const std::string path = memory.path();
    memory.removeFile();
    QVERIFY(memory.path().empty());
    QCOMPARE(::access(path.c_str(), F_OK), -1);
    Journal(memory.bytes()).append(numbered(0)); // who still holds the loop may go on
    {
        const JournalMemory again = JournalMemory::make(1, 8);
        QCOMPARE(again.path(), path);
    }
    QCOMPARE(::access(path.c_str(), F_OK), -1);
}

void tst_JournalMemory::movedMemoryStays()
{
    JournalMemory first = JournalMemory::make(1, 8);
    const std::byte *const place = first.bytes().data();
    JournalMemory second = std::move(first);
    JournalMemory third;
    QVERIFY(!third);
    third = std::move(second);
    QCOMPARE(third.bytes().data(), place);
    QCOMPARE(::access(third.path().c_str(), F_OK), 0);
}

void tst_JournalMemory::withoutFilesOnRequest()
{
    qputenv("FLYWHEEL_JOURNAL", "0");
    const int messages = messagesOf([] {
        const JournalMemory memory = JournalMemory::make(1, 8);
        QVERIFY(memory);
        QVERIFY(memory.path().empty());
        Journal(memory.bytes()).append(numbered(0));
    });
    qunsetenv("FLYWHEEL_JOURNAL");
    QCOMPARE(messages, 0);
    QVERIFY(m_runtime->journals().isEmpty());
}

void tst_JournalMemory::insecureDirectoryMeansNoFile()
{
    QVERIFY(QDir().mkpath(m_runtime->sockets()));
    QCOMPARE(::chmod(QFile::encodeName(m_runtime->sockets()).constData(), 0755), 0);
    const JournalMemory memory = JournalMemory::make(1, 8);
    QVERIFY(memory);
    QVERIFY(memory.path().empty());
    QVERIFY(m_runtime->journals().isEmpty());
}

void tst_JournalMemory::missingRoomIsToldOnce()
{
    qputenv("XDG_RUNTIME_DIR", "/proc/self");
    // In a child, which has not told anything yet.
    QVERIFY(succeedsInChild([] {
        return messagesOf([] {
                   JournalMemory::make(1, 8);
                   JournalMemory::make(2, 8);
               }) == 1;
    }));
}

void tst_JournalMemory::namesakesGetOtherNames()
{
    // What a dead process, or one of another container, has left under our number.
    QVERIFY(QDir().mkpath(m_runtime->sockets()));
    QCOMPARE(::chmod(QFile::encodeName(m_runtime->sockets()).constData(), 0700), 0);
    QVERIFY(succeedsInChild([this] {
        const QString pid = QString::number(::getpid());
        MemoryJournal other(8);
        identify(other.journal.header(), 5, 1, "other");
        QFile file(m_runtime->sockets() + QLatin1Char('/') + pid + QStringLiteral("-5.journal"));
        const auto bytes = other.bytes();
        const bool isMade =
            file.open(QIODevice::WriteOnly) &&
            file.write(reinterpret_cast<const char *>(bytes.data()), qint64(bytes.size())) > 0;
        file.close();
        const JournalMemory first = JournalMemory::make(1, 8);
        const JournalMemory second = JournalMemory::make(5, 8);
        return isMade && first.path().ends_with((pid + QStringLiteral(".1-1.journal")).toStdString()) &&
               second.path().ends_with((pid + QStringLiteral(".1-5.journal")).toStdString());
    }));
}

void tst_JournalMemory::childWritesToMemoryOfItsOwn()
{
    JournalMemory memory = JournalMemory::make(1, 8);
    Journal journal(memory.bytes());
    journal.append(numbered(0));
    QVERIFY(succeedsInChild([&] {
        memory.keepPrivate();
        journal.append(numbered(1));
        journal.append(numbered(2));
        return journal.written() == 3 && handlersIn(memory.path()) == 1;
    }));
    QCOMPARE(handlersIn(memory.path()), 1u);
    QCOMPARE(readJournal(memory.bytes()).contents->written, 1u);
}

void tst_JournalMemory::childKeepsNothingOfALostLoop()
{
    JournalMemory memory = JournalMemory::make(1, 8);
    Journal journal(memory.bytes());
    QVERIFY(succeedsInChild([&] {
        memory.keepPrivate(false);
        const bool isZero =
            std::ranges::all_of(memory.bytes(), [](std::byte byte) { return byte == std::byte(0); });
        journal.append(numbered(0));
        return isZero && handlersIn(memory.path()) == 0;
    }));
}

void tst_JournalMemory::childDoesNotKeepTheFileInUse()
{
    // The parent crashes, and its child goes on.
    std::array<int, 2> pipe{};
    QCOMPARE(::pipe(pipe.data()), 0);
    QCOMPARE(exitCodeOfChild([&] {
                 JournalMemory memory = JournalMemory::make(1, 8);
                 if (::fork() == 0) {
                     memory.keepPrivate();
                     ::close(pipe[1]);
                     char end = 0;
                     ::_exit(::read(pipe[0], &end, 1) == 0 ? 0 : 1); // until the test is over
                 }
                 ::raise(SIGKILL);
             }),
             -SIGKILL);
    const std::string path =
        (m_runtime->sockets() + QLatin1Char('/') + m_runtime->journals().value(0)).toStdString();
    QTRY_VERIFY(!isBeingWritten(path));
    ::close(pipe[1]);
    ::close(pipe[0]);
}

void tst_JournalMemory::childMakesAFileOfItsOwn()
{
    JournalMemory memory = JournalMemory::make(1, 8);
    Journal journal(memory.bytes());
    journal.append(numbered(0));
    const std::string parents = memory.path();
    QVERIFY(succeedsInChild([&] {
        memory.keepPrivate();
        journal.append(numbered(1));
        memory.makeFileOfChild(1);
        identify(journal.header(), 1, 1, "child");
        journal.append(numbered(2));
        const bool isRight = memory.path() != parents && handlersIn(memory.path()) == 3 &&
                             readJournalIdentity(memory.path())->processId == std::uint64_t(::getpid()) &&
                             handlersIn(parents) == 1;
        memory.removeFile();
        return isRight;
    }));
    QCOMPARE(m_runtime->journals().size(), 1);
    QCOMPARE(handlersIn(parents), 1u);
}

void tst_JournalMemory::childLeavesTheParentsFile()
{
    std::optional<JournalMemory> memory(JournalMemory::make(1, 8));
    const std::string path = memory->path();
    QCOMPARE(exitCodeOfChild([&] {
                 memory->keepPrivate();
                 memory->removeFile();
                 memory.reset();
                 std::exit(7);
             }),
             7);
    QCOMPARE(::access(path.c_str(), F_OK), 0);
}

void tst_JournalMemory::exitRemovesTheFiles()
{
    QCOMPARE(exitCodeOfChild([] {
                 static JournalMemory *const s_neverDestroyed = new JournalMemory(JournalMemory::make(1, 8));
                 std::exit(s_neverDestroyed->path().empty() ? 1 : 7);
             }),
             7);
    QVERIFY(m_runtime->journals().isEmpty());
}

void tst_JournalMemory::crashLeavesTheFile()
{
    QCOMPARE(exitCodeOfChild([] {
                 const JournalMemory memory = JournalMemory::make(1, 8);
                 Journal journal(memory.bytes());
                 journal.append(numbered(0));
                 ::raise(SIGKILL);
             }),
             -SIGKILL);
    QCOMPARE(m_runtime->journals().size(), 1);
    const std::string path =
        (m_runtime->sockets() + QLatin1Char('/') + m_runtime->journals()[0]).toStdString();
    QCOMPARE(handlersIn(path), 1u);
    QVERIFY(!isBeingWritten(path));
}

void tst_JournalMemory::othersFilesStay()
{
    // Never a file that was there, even one that a link leads to.
    QVERIFY(QDir().mkpath(m_runtime->sockets()));
    QCOMPARE(::chmod(QFile::encodeName(m_runtime->sockets()).constData(), 0700), 0);
    const QString target = m_runtime->path() + QStringLiteral("/target");
    QVERIFY(succeedsInChild([&] {
        for (const char *namesake : {"", ".1", ".2", ".3", ".4", ".5", ".6", ".7", ".8", ".9"}) {
            const QString name =
                QString::number(::getpid()) + QLatin1String(namesake) + QStringLiteral("-1.journal");
            QFile::link(target, m_runtime->sockets() + QLatin1Char('/') + name);
        }
        return JournalMemory::make(1, 8).path().empty();
    }));
    QVERIFY(!QFileInfo::exists(target));
}

QTEST_GUILESS_MAIN(tst_JournalMemory)
#include "tst_journalmemory.moc"
