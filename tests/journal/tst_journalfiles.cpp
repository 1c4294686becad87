// SPDX-License-Identifier: MIT
#include "journal/journalfiles.h"

#include "journal/journalfixture.h"
#include "telemetry/runtimedirectory.h"

#include <QtTest/qtest.h>

#include <optional>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using Flywheel::Telemetry::Test::RuntimeDirectory;

class tst_JournalFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_runtime.reset(); }

    void names_data();
    void names();
    void listsOnlyJournals();
    void mappedFileIsBeingWritten();
    void lastCrashesOfAProgramAreKept();
    void crashesOfAllProgramsAreBounded();
    void roomIsBounded();
    void processesThatLiveKeepTheirs();
    void unfinishedFilesGo();
    void otherFilesStay();
    void strangersDirectoryIsNotLookedAt();

private:
    QString path(const QString &name) const { return m_runtime->sockets() + QLatin1Char('/') + name; }
    /// Of a process that has ended \a second seconds after another one.
    void leave(const QString &name, const char *program, int second, std::size_t records = 1) const;
    QStringList leftAfterCleaning() const
    {
        removeOldJournals(m_runtime->sockets().toStdString());
        return m_runtime->journals();
    }

    std::optional<RuntimeDirectory> m_runtime;
};

void tst_JournalFiles::init()
{
    m_runtime.emplace();
    QVERIFY(QDir().mkpath(m_runtime->sockets()));
    QCOMPARE(::chmod(QFile::encodeName(m_runtime->sockets()).constData(), 0700), 0);
}

void tst_JournalFiles::leave(const QString &name, const char *program, int second, std::size_t records) const
{
    MemoryJournal memory(records);
    Journaling::Header &header = memory.journal.header();
    header.processId = std::uint64_t(JournalName::parse(name.toStdString()).processId);
    header.processMade = second;
    std::string_view(program).copy(header.program.data(), header.program.size());
    memory.journal.setActivity(Instant(std::chrono::seconds(1'000 + second)), Journaling::Activity::Pass);
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char *>(memory.bytes().data()), qint64(memory.bytes().size()));
}

void tst_JournalFiles::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("process");
    QTest::addColumn<qint64>("processId");
    QTest::addColumn<quint64>("loopId");
    QTest::newRow("plain") << QStringLiteral("4711-1.journal") << QStringLiteral("4711") << qint64(4711)
                           << quint64(1);
    QTest::newRow("namesake") << QStringLiteral("4711.9-18446744073709551615.journal")
                              << QStringLiteral("4711.9") << qint64(4711)
                              << std::numeric_limits<quint64>::max();
    for (const char *name : {"",
                             "-",
                             ".journal",
                             "-.journal",
                             "1.journal",
                             "1-.journal",
                             "-1.journal",
                             "1-1",
                             "1-1.journa",
                             "1-1.journal~",
                             "01-1.journal",
                             "1-01.journal",
                             "0-1.journal",
                             "1-0.journal",
                             "1.0-1.journal",
                             "1.10-1.journal",
                             "1.-1.journal",
                             "1.1.1-1.journal",
                             "+1-1.journal",
                             "1-+1.journal",
                             " 1-1.journal",
                             "1- 1.journal",
                             "x-1.journal",
                             "1-x.journal",
                             "99999999999-1.journal",
                             "1-18446744073709551616.journal",
                             "1--1.journal",
                             "1-1-1.journal",
                             "../1-1.journal"})
        QTest::addRow("'%s'", name) << QString::fromLatin1(name) << QString() << qint64(0) << quint64(0);
}

void tst_JournalFiles::names()
{
    QFETCH(const QString, name);
    const JournalName parsed = JournalName::parse(name.toStdString());
    QTEST(QString::fromStdString(parsed.process), "process");
    QTEST(qint64(parsed.processId), "processId");
    QTEST(quint64(parsed.loopId), "loopId");
    if (parsed.processId != 0)
        QCOMPARE(QString::fromStdString(parsed.toString()), name);
}

void tst_JournalFiles::listsOnlyJournals()
{
    for (const char *name : {"12-10.journal", "12-9.journal", "5.1-1.journal", "5-1.journal"})
        leave(QString::fromLatin1(name), "a", 1);
    QFile other(path(QStringLiteral("12")));
    QVERIFY(other.open(QIODevice::WriteOnly));
    QStringList found;
    for (const JournalFile &file : journalFilesIn(m_runtime->sockets().toStdString()))
        found.append(QString::fromStdString(file.path).mid(m_runtime->sockets().size() + 1));
    const QStringList wanted = {QStringLiteral("5-1.journal"), QStringLiteral("5.1-1.journal"),
                                QStringLiteral("12-9.journal"), QStringLiteral("12-10.journal")};
    QCOMPARE(found, wanted);
    QVERIFY(journalFilesIn("/no/such/directory").empty());
}

void tst_JournalFiles::mappedFileIsBeingWritten()
{
    // Of a process that is not known here, so the system has to tell.
    const QString name = path(QStringLiteral("2147483647-1.journal"));
    leave(QStringLiteral("2147483647-1.journal"), "a", 1);
    QVERIFY(!isBeingWritten(name.toStdString()));
    const int fd = ::open(QFile::encodeName(name).constData(), O_RDWR | O_CLOEXEC);
    QVERIFY(fd >= 0);
    void *const mapping = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    QVERIFY(mapping != MAP_FAILED);
#ifdef Q_OS_LINUX
    QVERIFY(isBeingWritten(name.toStdString()));
#endif
    ::munmap(mapping, 4096);
    QVERIFY(!isBeingWritten(name.toStdString()));
    QVERIFY(!isBeingWritten(name.toStdString() + "none"));
}

void tst_JournalFiles::lastCrashesOfAProgramAreKept()
{
    for (int process = 1; process <= 5; ++process) {
        for (int loop = 1; loop <= 2; ++loop)
            leave(QStringLiteral("%1-%2.journal").arg(2'000'000'000 + process).arg(loop), "crasher", process);
    }
    leave(QStringLiteral("2000000006-1.journal"), "another", 0);
    const QStringList wanted = {
        QStringLiteral("2000000004-1.journal"), QStringLiteral("2000000004-2.journal"),
        QStringLiteral("2000000005-1.journal"), QStringLiteral("2000000005-2.journal"),
        QStringLiteral("2000000006-1.journal")};
    QCOMPARE(leftAfterCleaning(), wanted);
    QCOMPARE(leftAfterCleaning(), wanted);
}

void tst_JournalFiles::crashesOfAllProgramsAreBounded()
{
    for (int process = 0; process < 12; ++process) {
        leave(QStringLiteral("%1-1.journal").arg(2'000'000'000 + process),
              QByteArray::number(process).constData(), process);
    }
    const QStringList left = leftAfterCleaning();
    QCOMPARE(left.size(), qsizetype(MostEnded));
    QCOMPARE(left.first(), QStringLiteral("2000000004-1.journal"));
}

void tst_JournalFiles::roomIsBounded()
{
    constexpr std::size_t records = std::size_t(1) << 20; // 25 MB
    for (int process = 0; process < 4; ++process)
        leave(QStringLiteral("%1-1.journal").arg(2'000'000'000 + process),
              QByteArray::number(process).constData(), process, records);
    const QStringList wanted = {QStringLiteral("2000000002-1.journal"),
                                QStringLiteral("2000000003-1.journal")};
    QCOMPARE(leftAfterCleaning(), wanted);
}

void tst_JournalFiles::processesThatLiveKeepTheirs()
{
    std::vector<int> descriptors;
    for (int process = 0; process < 10; ++process) {
        const QString name = QStringLiteral("%1-1.journal").arg(2'000'000'000 + process);
        leave(name, "crasher", process);
        descriptors.push_back(::open(QFile::encodeName(path(name)).constData(), O_RDWR | O_CLOEXEC));
    }
    QCOMPARE(leftAfterCleaning().size(), 10);
    for (const int fd : descriptors)
        ::close(fd);
    QCOMPARE(leftAfterCleaning().size(), 2);
}

void tst_JournalFiles::unfinishedFilesGo()
{
    QFile empty(path(QStringLiteral("2000000000-1.journal")));
    QVERIFY(empty.open(QIODevice::WriteOnly));
    empty.close();
    QFile zero(path(QStringLiteral("2000000000-2.journal")));
    QVERIFY(zero.open(QIODevice::WriteOnly) && zero.resize(300'000));
    zero.close();
    QCOMPARE(leftAfterCleaning(), QStringList());
}

void tst_JournalFiles::otherFilesStay()
{
    QFile text(path(QStringLiteral("2000000000-1.journal")));
    QVERIFY(text.open(QIODevice::WriteOnly));
    text.write("Dear diary, today nothing happened, which is as it should be on a day like this.");
    text.close();
    QVERIFY(QDir().mkpath(path(QStringLiteral("2000000001-1.journal"))));
    QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), path(QStringLiteral("2000000002-1.journal"))));
    for (int process = 3; process < 9; ++process) {
        leave(QStringLiteral("%1-1.journal.bak").arg(2'000'000'000 + process), "crasher", process);
    }
    const auto all = [this] {
        return QDir(m_runtime->sockets())
            .entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)
            .size();
    };
    leftAfterCleaning();
    QCOMPARE(all(), 9);
}

void tst_JournalFiles::strangersDirectoryIsNotLookedAt()
{
    const auto contains = [](const QString &directory) {
        const std::vector<std::string> directories = journalDirectories();
        return std::ranges::find(directories, directory.toStdString()) != directories.end();
    };
    QVERIFY(contains(m_runtime->sockets()));
    QCOMPARE(::chmod(QFile::encodeName(m_runtime->sockets()).constData(), 0755), 0);
    QVERIFY(!contains(m_runtime->sockets()));
}

QTEST_GUILESS_MAIN(tst_JournalFiles)
#include "tst_journalfiles.moc"
