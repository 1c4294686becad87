// SPDX-License-Identifier: MIT
// What flywheel-run --dump makes of journals. Those of real programs are in tst_dumpedprograms.
#include "dump.h"
#include "eventnames.h"
#include "handlertext.h"

#include "journal/journal.h"
#include "journal/journalfixture.h"
#include "telemetry/runtimedirectory.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qfileinfo.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qmetaobject.h>
#include <QtTest/qtest.h>

#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Preload;
using namespace Flywheel::Test;
using namespace std::chrono_literals;
using Flywheel::Journaling::Activity;
using Flywheel::Telemetry::Test::RuntimeDirectory;

namespace {

constexpr std::int64_t Second = 1'000'000'000;

/// Two loops; the second one runs a handler.
RecordedProcess twoLoops()
{
    RecordedProcess process;
    process.name = "4711";
    process.readAt = Instant(100s);
    JournalContents main;
    main.identity = {
        .processId = 4711, .threadId = 4711, .loopId = 1, .program = "echoserver", .thread = "main"};
    main.identity.lastSign = Instant(90s);
    main.receivers.resize(3);
    main.receivers[1] = {"EchoServer", "front"};
    for (int i = 0; i < 60; ++i) {
        main.handlers.push_back({.began = Instant(1s * i),
                                 .duration = 1ms + 1us * i,
                                 .id = 7,
                                 .kind = 1,
                                 .subject = 1,
                                 .depth = 1});
    }
    main.since = Instant(90s);
    JournalContents worker = main;
    worker.identity.thread = "worker";
    worker.identity.threadId = 4713;
    worker.handlers = {{.began = Instant(30s),
                        .duration = 2s,
                        .lateness = 3ms,
                        .id = -5,
                        .kind = 0,
                        .subject = 1,
                        .depth = 2}};
    worker.activity = Activity::Handler;
    worker.since = Instant(94s);
    worker.running = {.began = Instant(94s), .id = QEvent::MetaCall, .kind = 4, .subject = 1};
    process.loops = {main, worker};
    return process;
}

QStringList linesOf(const std::string &text)
{
    return QString::fromStdString(text).split(QLatin1Char('\n'));
}

/// The lines between a title and the next empty line.
QStringList sectionOf(const std::string &text, const char *title)
{
    const QStringList lines = linesOf(text);
    QStringList section;
    bool isIn = false;
    for (const QString &line : lines) {
        if (line.isEmpty())
            isIn = false;
        if (isIn)
            section.append(line);
        if (line.startsWith(QLatin1String(title)))
            isIn = true;
    }
    return section;
}

QJsonArray eventsOf(const RecordedProcess &process)
{
    QJsonParseError error;
    const QJsonDocument document =
        QJsonDocument::fromJson(QByteArray::fromStdString(traceOf(process)), &error);
    if (error.error != QJsonParseError::NoError)
        qWarning("%s", qPrintable(error.errorString()));
    return document.object().value(QStringLiteral("traceEvents")).toArray();
}

QString text(const QJsonValue &event, const char *key)
{
    return event.toObject().value(QLatin1String(key)).toString();
}

double number(const QJsonValue &event, const char *key)
{
    return event.toObject().value(QLatin1String(key)).toDouble();
}

} // namespace

class DumpTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_runtime.reset(); }

    void whatRunsComesFirst();
    void slowestHandlersAreListed();
    void lastHandlersOfEachLoop();
    void deadProcessIsToldOfInThePast();
    void namesReachTheTerminalAsPlainText();
    void durationsAreReadable();
    void eventsHaveQtsNames();
    void traceHasAllHandlers();
    void traceIsNested();
    void traceQuotesNames();
    void findsTheProcessThatLives();
    void findsTheLastOneOfANumber();
    void findsAFile();
    void tellsWhatCannotBeRead();
    void listsProcesses();

private:
    void leave(const QString &name, std::int64_t made, const char *program) const;
    QString path(const QString &name) const { return m_runtime->sockets() + QLatin1Char('/') + name; }

    std::optional<RuntimeDirectory> m_runtime;
};

void DumpTest::init()
{
    m_runtime.emplace();
    QVERIFY(QDir().mkpath(m_runtime->sockets()));
    QCOMPARE(::chmod(QFile::encodeName(m_runtime->sockets()).constData(), 0700), 0);
}

void DumpTest::leave(const QString &name, std::int64_t made, const char *program) const
{
    MemoryJournal memory(4);
    Journaling::Header &header = memory.journal.header();
    header.processId = std::uint64_t(JournalName::parse(name.toStdString()).processId);
    header.processMade = made;
    std::string_view(program).copy(header.program.data(), header.program.size());
    memory.journal.setNames(1, namesOf("Worker", u"poll"));
    memory.journal.append({.end = made + Second, .duration = 5e6F, .subject = 1, .kind = 0});
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char *>(memory.bytes().data()), qint64(memory.bytes().size()));
}

void DumpTest::whatRunsComesFirst()
{
    RecordedProcess process = twoLoops();
    process.lives = true;
    const std::string all = textOf(process, 50);
    QVERIFY(linesOf(all)[0].startsWith(QStringLiteral("Process 4711, echoserver: runs; read at ")));
    const QStringList now = sectionOf(all, "Right now:");
    QCOMPARE(now.size(), 2);
    QVERIFY2(now[0].contains(QStringLiteral("main    runs no handler for 10.00 s, since ")),
             qPrintable(now[0]));
    QVERIFY2(now[1].contains(QStringLiteral("worker  runs a handler for 6.00 s, since ")),
             qPrintable(now[1]));
    QVERIFY2(now[1].endsWith(QStringLiteral(": event, EchoServer \"front\", MetaCall")), qPrintable(now[1]));
}

void DumpTest::slowestHandlersAreListed()
{
    const QStringList slowest = sectionOf(textOf(twoLoops(), 50), "The slowest handlers");
    QCOMPARE(slowest.size(), 11);
    QVERIFY2(slowest[1].contains(QStringLiteral(
                 "worker      2.00 s     3.00 ms      2  timer     EchoServer \"front\", timeout 5")),
             qPrintable(slowest[1]));
    QVERIFY(slowest[2].contains(
        QStringLiteral("1.06 ms           -      1  notifier  EchoServer \"front\", descriptor 7")));
}

void DumpTest::lastHandlersOfEachLoop()
{
    const std::string all = textOf(twoLoops(), 50);
    QVERIFY(all.find("(51 of the 61 that are kept; `flywheel-run --dump 4711 -` prints all)") !=
            std::string::npos);
    const QStringList last = sectionOf(all, "The last handlers");
    QCOMPARE(last.size(), 52);
    QVERIFY(last[21].contains(QStringLiteral("main")) && last[22].contains(QStringLiteral("worker")));
    const QStringList every = sectionOf(textOf(twoLoops(), 1'000), "The last handlers");
    QCOMPARE(every.size(), 62);
}

void DumpTest::deadProcessIsToldOfInThePast()
{
    const std::string all = textOf(twoLoops(), 50);
    QVERIFY(linesOf(all)[0].contains(QStringLiteral("has ended without removing its journals")));
    const QStringList then = sectionOf(all, "When it ended:");
    QCOMPARE(then.size(), 2);
    QVERIFY(then[0].contains(QStringLiteral("main    ran no handler, since ")));
    QVERIFY(then[1].contains(QStringLiteral("worker  ran a handler, since ")));
}

void DumpTest::namesReachTheTerminalAsPlainText()
{
    RecordedProcess process = twoLoops();
    for (JournalContents &loop : process.loops) {
        loop.identity.program = "evil\x1b]0;title\x07";
        loop.identity.thread = "thread\n\x1b[31m";
        loop.receivers[1] = {"Class\x1b[2J", std::string("a\0b\r\n\xff", 6)};
        loop.handlers[0].kind = 77;
        loop.handlers[0].subject = 60'000;
    }
    for (const std::string &all : {textOf(process, 1'000), listOf({process}), traceOf(process)}) {
        for (const char c : all)
            QVERIFY(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
        QVERIFY(QString::fromStdString(all).toStdString() == all); // UTF-8
    }
    QVERIFY(textOf(process, 1'000).find("kind 77") != std::string::npos);
}

void DumpTest::durationsAreReadable()
{
    QCOMPARE(durationText(0ns), std::string("0 ns"));
    QCOMPARE(durationText(999ns), std::string("999 ns"));
    QCOMPARE(durationText(1'500ns), std::string("1.50 us"));
    QCOMPARE(durationText(123'456us), std::string("123 ms"));
    QCOMPARE(durationText(2s), std::string("2.00 s"));
}

void DumpTest::eventsHaveQtsNames()
{
    const QMetaEnum types = QMetaEnum::fromType<QEvent::Type>();
    constexpr int lastOfQt64 = QEvent::WindowAboutToChangeInternal;
    for (int type = 0; type <= QEvent::MaxUser; ++type) {
        const std::string_view name = eventName(type);
        if (!name.empty() || type <= lastOfQt64)
            QCOMPARE(QByteArray(name.data(), qsizetype(name.size())), QByteArray(types.valueToKey(type)));
    }
    QCOMPARE(FirstUserEvent, int(QEvent::User));
    QCOMPARE(LastUserEvent, int(QEvent::MaxUser));
    QCOMPARE(eventName(-1), std::string_view());
}

void DumpTest::traceHasAllHandlers()
{
    const QJsonArray events = eventsOf(twoLoops());
    QCOMPARE(events.size(), 61 + 1 + 4); // one runs; two names of each loop
    const QJsonValue name = events[1];
    QCOMPARE(text(name, "ph"), QStringLiteral("M"));
    const QJsonValue first = events[2];
    QCOMPARE(text(first, "ph"), QStringLiteral("X"));
    QCOMPARE(text(first, "name"), QStringLiteral("EchoServer \"front\", descriptor 7"));
    QCOMPARE(text(first, "cat"), QStringLiteral("notifier"));
    QCOMPARE(number(first, "pid"), 4711.0);
    QCOMPARE(number(first, "dur"), 1000.0);
    const QJsonValue running = events.last();
    QCOMPARE(text(running, "ph"), QStringLiteral("B"));
    QCOMPARE(number(running, "ts"), 94e6);
    QCOMPARE(number(running, "tid"), 4713.0);
}

void DumpTest::traceIsNested()
{
    // In the order in which they end: an inner one, the one around it, whose rounded duration lets it begin
    // too late, and one that comes after.
    RecordedProcess process = twoLoops();
    process.loops.resize(1);
    process.loops[0].handlers = {{.began = Instant(10s), .duration = 1s},
                                 {.began = Instant(10s + 300ns), .duration = 5s},
                                 {.began = Instant(20s), .duration = 1s}};
    const QJsonArray events = eventsOf(process);
    QCOMPARE(events.size(), 5);
    QCOMPARE(number(events[2], "dur"), 5e6);
    QCOMPARE(number(events[3], "ts"), number(events[2], "ts"));
    QCOMPARE(number(events[3], "ts") + number(events[3], "dur"), 11e6);
    QCOMPARE(number(events[4], "ts"), 20e6);
}

void DumpTest::traceQuotesNames()
{
    RecordedProcess process = twoLoops();
    process.loops[0].receivers[1] = {"A\"B\\C", "\"},{\n\t\x01"};
    const QJsonArray events = eventsOf(process);
    QCOMPARE(events.size(), 66);
    const QJsonObject arguments = events[2].toObject().value(QStringLiteral("args")).toObject();
    QCOMPARE(arguments.value(QStringLiteral("class")).toString(), QStringLiteral("A\"B\\C"));
    QCOMPARE(arguments.value(QStringLiteral("object")).toString(), QStringLiteral("\"},{???"));
}

void DumpTest::findsTheProcessThatLives()
{
    leave(QStringLiteral("2000000001-1.journal"), 1, "living");
    leave(QStringLiteral("2000000001.1-1.journal"), 5 * Second, "dead");
    const int held = ::open(QFile::encodeName(path(QStringLiteral("2000000001-1.journal"))).constData(),
                            O_RDWR | O_CLOEXEC);
    const std::optional<RecordedProcess> found = findProcess("2000000001");
    ::close(held);
    QVERIFY(found && found->lives);
    QCOMPARE(found->loops.size(), 1u);
    QCOMPARE(found->loops[0].identity.program, std::string("living"));
    const std::optional<RecordedProcess> other = findProcess("2000000001.1");
    QVERIFY(other && !other->lives);
    QCOMPARE(other->loops[0].identity.program, std::string("dead"));
    QVERIFY(!findProcess("2000000002"));
    QVERIFY(!findProcess("200000000"));
    QVERIFY(!findProcess("x"));
}

void DumpTest::findsTheLastOneOfANumber()
{
    leave(QStringLiteral("2000000001-1.journal"), 1, "older");
    leave(QStringLiteral("2000000001-2.journal"), 1, "older");
    leave(QStringLiteral("2000000001.1-1.journal"), 5 * Second, "newer");
    const std::optional<RecordedProcess> found = findProcess("2000000001");
    QVERIFY(found);
    QCOMPARE(found->name, std::string("2000000001.1"));
    QCOMPARE(findProcess("2000000001-1.journal")->problems.size(), 1u); // of another directory
}

void DumpTest::findsAFile()
{
    leave(QStringLiteral("2000000001-1.journal"), 1, "older");
    const QString copy = m_runtime->path() + QStringLiteral("/copy");
    QVERIFY(QFile::copy(path(QStringLiteral("2000000001-1.journal")), copy));
    const std::optional<RecordedProcess> found = findProcess(copy.toStdString());
    QVERIFY(found);
    QCOMPARE(found->loops.size(), 1u);
    QVERIFY(textOf(*found, 10).find("Worker \"poll\"") != std::string::npos);
}

void DumpTest::tellsWhatCannotBeRead()
{
    QFile file(path(QStringLiteral("2000000001-1.journal")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("nothing of use");
    file.close();
    const std::optional<RecordedProcess> found = findProcess("2000000001");
    QVERIFY(found && found->loops.empty());
    QVERIFY(textOf(*found, 10).find("is too short for a journal") != std::string::npos);
    QVERIFY(listOf({*found}).find("can't be read") != std::string::npos);
}

void DumpTest::listsProcesses()
{
    leave(QStringLiteral("2000000001-1.journal"), 1, "first");
    leave(QStringLiteral("2000000001-2.journal"), 1, "first");
    leave(QStringLiteral("2000000002-1.journal"), 1, "second");
    const std::vector<RecordedProcess> processes = recordedProcessesIn(m_runtime->sockets().toStdString());
    QCOMPARE(processes.size(), 2u);
    QCOMPARE(processes[0].loops.size(), 2u);
    const QStringList lines = linesOf(listOf(processes));
    QCOMPARE(lines.size(), 4);
    QVERIFY(lines[1].contains(QStringLiteral("2000000001    ended       2")) &&
            lines[1].endsWith(QStringLiteral("first")));
}

QTEST_GUILESS_MAIN(DumpTest)
#include "tst_dump.moc"
