// SPDX-License-Identifier: MIT
#include "journal/journalreader.h"

#include "journal/journalfixture.h"

#include <QtCore/qdeadlinetimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <thread>

#ifdef Q_OS_UNIX
#    include <sys/stat.h>
#endif

using namespace Flywheel;
using namespace Flywheel::Journaling;
using namespace Flywheel::Test;

namespace {

Instant at(std::int64_t ns)
{
    return Instant(Nanoseconds(ns));
}

} // namespace

class tst_JournalReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordsComeBack();
    void namesComeBack();
    void runningHandlerIsNamed();
    void batchesHaveNoReceiver();
    void oldRecordsMakeRoom();
    void onlyNewRecordsAreRead();
    void whatIsOverwrittenMeanwhileIsLeftOut();
    void readsWhatIsBeingWritten();
    void overwrittenNamesAreNotMixed();
    void damagedFieldsAreRefused_data();
    void damagedFieldsAreRefused();
    void anyBytesAreHarmless();
    void strangeNumbersAreBounded();
    void shortMemoryIsRefused();
#ifdef Q_OS_UNIX
    void filesAreRead();
    void tailReadsOnlyWhatIsNew();
    void tailOutlivesTheFile();
    void cutOffFilesAreRefused();
    void otherFilesAreRefused();
#endif
};

void tst_JournalReader::recordsComeBack()
{
    MemoryJournal memory(8);
    memory.journal.append(
        {.end = 5'000, .duration = 1'500, .id = -7, .lateness = 300, .subject = 3, .kind = 4, .depth = 2});
    const JournalReading reading = readJournal(memory.bytes());
    QVERIFY2(reading.contents, reading.problem.c_str());
    QCOMPARE(reading.contents->written, 1u);
    QCOMPARE(reading.contents->handlers.size(), 1u);
    const JournalContents::Handler &handler = reading.contents->handlers[0];
    QCOMPARE(handler.began, at(3'500));
    QCOMPARE(handler.duration, Nanoseconds(1'500));
    QCOMPARE(handler.lateness, Nanoseconds(300));
    QCOMPARE(handler.id, -7);
    QCOMPARE(handler.subject, 3u);
    QCOMPARE(handler.kind, 4u);
    QCOMPARE(handler.depth, 2u);
    QVERIFY(!reading.contents->running);
}

void tst_JournalReader::namesComeBack()
{
    MemoryJournal memory(8);
    memory.journal.setNames(1, namesOf("Übung", u"a\u00e4\u20ac\U0001f600"));
    std::u16string cut(32, u'x');
    cut[31] = u'\xd83d'; // the first half of a pair
    memory.journal.setNames(2, namesOf(std::string(80, 'C'), cut));
    memory.journal.append({.subject = 1});
    memory.journal.append({.subject = 2});
    memory.journal.append({.subject = 3});
    memory.journal.append({.subject = 60'000});
    const JournalReading reading = readJournal(memory.bytes());
    QVERIFY(reading.contents);
    const auto receiver = [&](std::size_t i) {
        return reading.contents->receiverOf(reading.contents->handlers[i]);
    };
    QCOMPARE(receiver(0).className, std::string("Übung"));
    QCOMPARE(receiver(0).objectName, std::string("aä€😀"));
    QCOMPARE(receiver(1).className, std::string(63, 'C'));
    QCOMPARE(receiver(1).objectName, std::string(31, 'x') + "\xef\xbf\xbd");
    QCOMPARE(receiver(2).className, std::string());
    QCOMPARE(receiver(3).className, std::string());
}

void tst_JournalReader::runningHandlerIsNamed()
{
    MemoryJournal memory(8);
    memory.journal.setNames(5, namesOf("Worker", u"poll"));
    memory.journal.setRunning(5, 3, -12);
    memory.journal.setActivity(at(4'711), Activity::Handler);
    const JournalReading reading = readJournal(memory.bytes());
    QVERIFY(reading.contents && reading.contents->running);
    QCOMPARE(reading.contents->running->began, at(4'711));
    QCOMPARE(reading.contents->running->kind, 3u);
    QCOMPARE(reading.contents->running->id, -12);
    QCOMPARE(reading.contents->receiverOf(*reading.contents->running).className, std::string("Worker"));
    QCOMPARE(reading.contents->identity.lastSign, at(4'711));

    memory.journal.setActivity(at(5'000), Activity::Pass);
    const JournalReading later = readJournal(memory.bytes());
    QVERIFY(later.contents && !later.contents->running);
    QCOMPARE(later.contents->activity, Activity::Pass);
    QCOMPARE(later.contents->since, at(5'000));
}

void tst_JournalReader::batchesHaveNoReceiver()
{
    MemoryJournal memory(8);
    memory.journal.append({.subject = Others, .kind = 2});
    memory.journal.append({.subject = Others, .kind = 0});
    const JournalReading reading = readJournal(memory.bytes());
    QVERIFY(reading.contents);
    QCOMPARE(reading.contents->receiverOf(reading.contents->handlers[0]).className, std::string());
    QCOMPARE(reading.contents->receiverOf(reading.contents->handlers[1]).className, std::string("(others)"));
}

void tst_JournalReader::oldRecordsMakeRoom()
{
    MemoryJournal memory(8);
    for (std::uint64_t number = 0; number < 21; ++number)
        memory.journal.append(numbered(number));
    const JournalReading reading = readJournal(memory.bytes());
    QVERIFY(reading.contents);
    QCOMPARE(reading.contents->written, 21u);
    // The oldest one may be in the middle of being replaced.
    QCOMPARE(reading.contents->handlers.size(), 7u);
    for (std::size_t i = 0; i < 7; ++i)
        QCOMPARE(reading.contents->handlers[i].id, static_cast<std::int64_t>(14 + i));
}

void tst_JournalReader::readsWhatIsBeingWritten()
{
    MemoryJournal memory(64);
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        for (std::uint64_t number = 0; !stop.load(std::memory_order_relaxed); ++number) {
            memory.journal.append(numbered(number));
            if (number % 1000 == 0) // else all may be overwritten, each time, before it is read
                std::this_thread::sleep_for(std::chrono::microseconds(1));
        }
    });
    std::size_t read = 0;
    bool isRight = true;
    const QDeadlineTimer patience(20'000);
    for (int i = 0; (i < 600 || read == 0) && isRight && !patience.hasExpired(); ++i) {
        const JournalReading reading = readJournal(memory.bytes());
        isRight = reading.contents.has_value();
        for (const JournalContents::Handler &handler : reading.contents->handlers) {
            const Record wanted = numbered(static_cast<std::uint64_t>(handler.id));
            isRight = isRight && handler.began + handler.duration == at(wanted.end) &&
                      handler.duration == Nanoseconds(handler.id % 1000) &&
                      handler.lateness == Nanoseconds(handler.id % 777) &&
                      handler.subject == wanted.subject && handler.kind == wanted.kind &&
                      handler.depth == wanted.depth;
        }
        for (std::size_t k = 1; k < reading.contents->handlers.size(); ++k)
            isRight = isRight && reading.contents->handlers[k].id == reading.contents->handlers[k - 1].id + 1;
        read += reading.contents->handlers.size();
    }
    stop = true;
    writer.join();
    QVERIFY(isRight);
    QVERIFY(read > 0);
}

void tst_JournalReader::onlyNewRecordsAreRead()
{
    MemoryJournal memory(8);
    std::size_t bytes = 0;
    const JournalSource source{memory.bytes().size(), [&](std::size_t offset, std::span<std::uint64_t> to) {
                                   std::memcpy(to.data(), memory.bytes().data() + offset, to.size_bytes());
                                   bytes += offset >= bytesOf(0) ? to.size_bytes() : 0;
                                   return true;
                               }};
    for (std::uint64_t number = 0; number < 6; ++number)
        memory.journal.append(numbered(number));
    QCOMPARE(readJournal(source).contents->handlers.size(), 6u);
    bytes = 0;
    QVERIFY(readJournal(source, 6).contents->handlers.empty());
    QCOMPARE(bytes, 0u);
    for (std::uint64_t number = 6; number < 9; ++number) // over the end of the ring
        memory.journal.append(numbered(number));
    const JournalReading reading = readJournal(source, 6);
    QCOMPARE(bytes, 3 * sizeof(RecordWords));
    QCOMPARE(reading.contents->first, 6u);
    QCOMPARE(reading.contents->written, 9u);
    QCOMPARE(reading.contents->handlers.size(), 3u);
    for (std::uint64_t i = 0; i < 3; ++i)
        QCOMPARE(reading.contents->handlers[i].id, std::int64_t(6 + i));
    // Of records that have gone, and of another journal's number.
    QCOMPARE(readJournal(source, 0).contents->first, 2u);
    QVERIFY(readJournal(source, 1000).contents->handlers.empty());
}

void tst_JournalReader::whatIsOverwrittenMeanwhileIsLeftOut()
{
    MemoryJournal memory(8);
    for (std::uint64_t number = 0; number < 8; ++number)
        memory.journal.append(numbered(number));
    bool isFirst = true;
    const JournalSource source{memory.bytes().size(), [&](std::size_t offset, std::span<std::uint64_t> to) {
                                   std::memcpy(to.data(), memory.bytes().data() + offset, to.size_bytes());
                                   if (offset >= bytesOf(0) && std::exchange(isFirst, false)) {
                                       memory.journal.append(numbered(8));
                                       memory.journal.append(numbered(9));
                                   }
                                   return true;
                               }};
    const JournalReading reading = readJournal(source);
    QCOMPARE(reading.contents->written, 8u);
    QCOMPARE(reading.contents->first, 3u); // 0 and 1 are gone, 2 may be half-way
    QCOMPARE(reading.contents->handlers.size(), 5u);
    QCOMPARE(reading.contents->handlers.front().id, 3);
}

void tst_JournalReader::overwrittenNamesAreNotMixed()
{
    MemoryJournal memory(8);
    const std::array<Names, 2> names = {namesOf("AAAAAAAAAAAAAAAAAAAAAAAA", u"aaaaaaaaaaaaaaaa"),
                                        namesOf("BBBBBBBBBBBBBBBBBBBBBBBB", u"bbbbbbbbbbbbbbbb")};
    std::atomic<bool> stop{false};
    std::thread writer([&] {
        for (unsigned i = 0; !stop.load(std::memory_order_relaxed); ++i)
            memory.journal.setNames(9, names[i % 2]);
    });
    bool isRight = true;
    for (int i = 0; i < 600; ++i) {
        const JournalReading reading = readJournal(memory.bytes());
        const JournalContents::Receiver &receiver = reading.contents->receivers[9];
        const bool isA =
            receiver.className == names[0].className.data() && receiver.objectName == "aaaaaaaaaaaaaaaa";
        const bool isB =
            receiver.className == names[1].className.data() && receiver.objectName == "bbbbbbbbbbbbbbbb";
        isRight = isRight && (isA || isB || (receiver.className.empty() && receiver.objectName.empty()));
    }
    stop = true;
    writer.join();
    QVERIFY(isRight);
}

void tst_JournalReader::damagedFieldsAreRefused_data()
{
    QTest::addColumn<std::size_t>("offset");
    QTest::addColumn<quint64>("value");
    QTest::addColumn<std::size_t>("bytes");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, std::size_t offset, quint64 value, std::size_t bytes,
                        const char *problem) {
        QTest::newRow(name) << offset << value << bytes << QString::fromLatin1(problem);
    };
    row("no magic", offsetof(Header, magic), 0, 8, "is not finished");
    row("other magic", offsetof(Header, magic), 0x1234567890, 8, "is not a journal of Flywheel");
    row("other version", offsetof(Header, magic), Magic + (1ULL << 48), 8, "another version of Flywheel");
    row("header", offsetof(Header, headerBytes), 1, 4, "is damaged");
    row("names", offsetof(Header, namesBytes), 0xffffffff, 4, "is damaged");
    row("subjects", offsetof(Header, subjectCapacity), 0xffffffff, 4, "is damaged");
    row("records", offsetof(Header, recordBytes), 0, 4, "is damaged");
    row("no capacity", offsetof(Header, recordCapacity), 0, 8, "is damaged");
    row("odd capacity", offsetof(Header, recordCapacity), 7, 8, "is damaged");
    row("large capacity", offsetof(Header, recordCapacity), 16, 8, "is cut off");
    row("huge capacity", offsetof(Header, recordCapacity), 1ULL << 63, 8, "is cut off");
}

void tst_JournalReader::damagedFieldsAreRefused()
{
    QFETCH(const std::size_t, offset);
    QFETCH(const quint64, value);
    QFETCH(const std::size_t, bytes);
    QFETCH(const QString, problem);
    MemoryJournal memory(8);
    std::memcpy(memory.bytes().data() + offset, &value, bytes);
    const JournalReading reading = readJournal(memory.bytes());
    QVERIFY(!reading.contents);
    QVERIFY2(QString::fromStdString(reading.problem).contains(problem), reading.problem.c_str());
}

void tst_JournalReader::anyBytesAreHarmless()
{
    std::mt19937 random(4711); // NOLINT(cert-msc*): the same each time
    for (int round = 0; round < 300; ++round) {
        MemoryJournal memory(8);
        const std::span<std::byte> bytes = memory.bytes();
        for (std::size_t i = 40; i < bytes.size(); ++i)
            bytes[i] = static_cast<std::byte>(random());
        for (int flips = round % 4; flips > 0; --flips)
            bytes[random() % 40] = static_cast<std::byte>(random());
        const JournalReading reading = readJournal(bytes);
        QVERIFY(reading.contents.has_value() != !reading.problem.empty());
        if (!reading.contents)
            continue;
        QVERIFY(reading.contents->handlers.size() <= 8);
        for (const JournalContents::Handler &handler : reading.contents->handlers) {
            QVERIFY(handler.began.time_since_epoch().count() >= 0 && handler.duration.count() >= 0);
            QVERIFY(reading.contents->receiverOf(handler).className.size() <= 64);
        }
    }
}

void tst_JournalReader::strangeNumbersAreBounded()
{
    MemoryJournal memory(8);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinite = std::numeric_limits<float>::infinity();
    memory.journal.append(
        {.end = std::numeric_limits<std::int64_t>::max(), .duration = infinite, .lateness = nan});
    memory.journal.append(
        {.end = std::numeric_limits<std::int64_t>::min(), .duration = -1, .lateness = -infinite});
    memory.journal.append({.end = 5, .duration = 10});
    memory.journal.setWallOffset(Nanoseconds::max());
    memory.journal.setActivity(at(std::numeric_limits<std::int64_t>::max()), Activity::Handler);
    const JournalReading reading = readJournal(memory.bytes());
    QVERIFY(reading.contents);
    const std::vector<JournalContents::Handler> &handlers = reading.contents->handlers;
    QVERIFY(handlers[0].began >= at(0) && handlers[0].duration > Nanoseconds(0));
    QCOMPARE(handlers[0].lateness, Nanoseconds(0));
    QCOMPARE(handlers[1].began, at(0));
    QCOMPARE(handlers[1].duration, Nanoseconds(0));
    QCOMPARE(handlers[2].began, at(0));
    QVERIFY(reading.contents->identity.wallOffset <= std::chrono::hours(24 * 365 * 130));
}

void tst_JournalReader::shortMemoryIsRefused()
{
    MemoryJournal memory(8);
    for (const std::size_t bytes :
         {std::size_t(0), sizeof(Header) - 8, sizeof(Header), bytesOf(0), bytesOf(8) - 8}) {
        const JournalReading reading = readJournal(memory.bytes().first(bytes));
        QVERIFY(!reading.contents);
        QVERIFY(!reading.problem.empty());
    }
}

#ifdef Q_OS_UNIX

void tst_JournalReader::filesAreRead()
{
    const QTemporaryDir directory;
    MemoryJournal memory(8);
    memory.journal.header().processId = 99;
    memory.journal.append(numbered(1));
    QFile file(directory.filePath(QStringLiteral("99-1.journal")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char *>(memory.bytes().data()),
               static_cast<qint64>(memory.bytes().size()));
    file.close();
    const JournalReading reading = readJournalFile(file.fileName().toStdString());
    QVERIFY2(reading.contents, reading.problem.c_str());
    QCOMPARE(reading.contents->identity.processId, 99u);
    QCOMPARE(reading.contents->handlers.size(), 1u);
    QCOMPARE(readJournalIdentity(file.fileName().toStdString())->processId, 99u);
}

static void store(MemoryJournal &memory, const QString &path)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.write(reinterpret_cast<const char *>(memory.bytes().data()),
               static_cast<qint64>(memory.bytes().size()));
}

void tst_JournalReader::tailReadsOnlyWhatIsNew()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("99-1.journal"));
    MemoryJournal memory(8);
    memory.journal.setNames(1, namesOf("First"));
    memory.journal.append({.end = 10, .subject = 1});
    store(memory, path);
    JournalTail tail(path.toStdString());
    QCOMPARE(tail.readNew().contents->handlers.size(), 1u);
    QCOMPARE(tail.next(), 1u);
    QVERIFY(tail.readNew().contents->handlers.empty());
    memory.journal.setNames(2, namesOf("Second"));
    memory.journal.append({.end = 20, .subject = 2});
    store(memory, path);
    const JournalReading reading = tail.readNew();
    QCOMPARE(reading.contents->handlers.size(), 1u);
    QCOMPARE(reading.contents->receiverOf(reading.contents->handlers[0]).className, "Second");
    for (std::int64_t number = 2; number < 20; ++number)
        memory.journal.append({.end = 10 + 10 * number});
    store(memory, path);
    const std::uint64_t next = tail.next();
    QVERIFY(tail.readNew().contents->first > next); // some were never seen
}

void tst_JournalReader::tailOutlivesTheFile()
{
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("99-1.journal"));
    MemoryJournal memory(8);
    store(memory, path);
    JournalTail tail(path.toStdString());
    memory.journal.append({.end = 10});
    store(memory, path);
    QVERIFY(QFile::remove(path));
    QCOMPARE(tail.readNew().contents->handlers.size(), 1u);
    QVERIFY(!JournalTail(path.toStdString()).readNew().contents);
    QVERIFY(JournalTail(path.toStdString()).readNew().problem.find("can't be opened") == 0);
}

void tst_JournalReader::cutOffFilesAreRefused()
{
    const QTemporaryDir directory;
    MemoryJournal memory(8);
    const std::string path = directory.filePath(QStringLiteral("1-1.journal")).toStdString();
    for (std::size_t bytes = 0; bytes < memory.bytes().size(); bytes += 61) {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(reinterpret_cast<const char *>(memory.bytes().data()), static_cast<qint64>(bytes));
        file.close();
        QVERIFY(!readJournalFile(path).contents);
    }
    // Cut off while it is being read: after its size was asked for.
    int copies = 0;
    const JournalSource source{memory.bytes().size(), [&](std::size_t offset, std::span<std::uint64_t> to) {
                                   std::memcpy(to.data(), memory.bytes().data() + offset, to.size_bytes());
                                   return ++copies < 4;
                               }};
    const JournalReading reading = readJournal(source);
    QVERIFY(!reading.contents.has_value());
    QVERIFY(reading.problem.find("cut off") != std::string::npos);
}

void tst_JournalReader::otherFilesAreRefused()
{
    const QTemporaryDir directory;
    const auto problemOf = [](const QString &path) {
        return QString::fromStdString(readJournalFile(path.toStdString()).problem);
    };
    QVERIFY(problemOf(directory.path()).contains(QStringLiteral("is not a file")));
    QVERIFY(
        problemOf(directory.filePath(QStringLiteral("none"))).contains(QStringLiteral("can't be opened")));
    const QString pipe = directory.filePath(QStringLiteral("pipe"));
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    QVERIFY(problemOf(pipe).contains(QStringLiteral("is not a file"))); // and does not wait for a writer
    const QString link = directory.filePath(QStringLiteral("link"));
    QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), link));
    QVERIFY(problemOf(link).contains(QStringLiteral("can't be opened")));
    QVERIFY(problemOf(QStringLiteral("/etc/passwd")).contains(QStringLiteral("journal")));
    QVERIFY(!readJournalIdentity("/etc/passwd"));
    const QString large = directory.filePath(QStringLiteral("large"));
    QFile file(large);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64(1) << 40));
    QVERIFY(problemOf(large).contains(QStringLiteral("too large")));
}

#endif

QTEST_GUILESS_MAIN(tst_JournalReader)
#include "tst_journalreader.moc"
