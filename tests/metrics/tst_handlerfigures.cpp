// SPDX-License-Identifier: MIT
#include "journal/journalmemory.h"
#include "metrics/handlerfigures.h"

#include <QtTest/qtest.h>

#include <thread>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

struct Figures
{
    JournalMemory memory{JournalMemory::make(1, 0)};
    Journal journal{memory.bytes()};
    SubjectTable subjects{journal};
    HandlerFigures figures{journal, subjects, Instant(1s)};

    std::uint32_t subject(HandlerKind kind, const char *className, std::u16string_view name = {})
    {
        Subject subject;
        subject.className = className;
        subject.objectName = name;
        const SubjectTable::Index known = subjects.beginKnown(kind, subject, figures.receivers);
        if (known != SubjectTable::Unknown)
            return known;
        const HandlerFigures::Guard guard(figures);
        return subjects.begin(kind, subject, figures.receivers);
    }
    void handler(HandlerKind kind, const char *className, Nanoseconds duration, std::u16string_view name = {})
    {
        const SubjectTable::Index index = subject(kind, className, name);
        Journal::Record record;
        record.duration = static_cast<float>(duration.count());
        record.kind = static_cast<std::uint8_t>(kind);
        record.subject = static_cast<std::uint16_t>(subjects.forRecord(index));
        if (SubjectTable::canBeRecorded(index))
            figures.note(record);
        end(index);
    }
    void end(SubjectTable::Index index)
    {
        figures.receivers.unpin(subjects.receiver(index));
        subjects.end(index);
    }
    Series series(HandlerKind kind)
    {
        const HandlerFigures::Guard guard(figures);
        return figures.handlerTime[static_cast<std::size_t>(kind)].snapshot(true);
    }
    std::string nameInJournal(std::uint64_t number)
    {
        const std::uint16_t subject = journal.record(number).subject;
        return journal.names(subject)->className.data();
    }
};

} // namespace

class tst_HandlerFigures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordsKeepEveryField();
    void readersGetWhatWasNoted();
    void notesAreFoldedBeforeTheyAreOverwritten();
    void longestNotedIsExact();
    void longPassesAreExact();
    void rowsThatMakeRoomKeepTheirSums();
    void recordsKeepTheirNames();
    void namesWithoutRoomAreOthers();
    void corruptFileIsHarmless();
    void readWhileNoting();
};

void tst_HandlerFigures::recordsKeepEveryField()
{
    Figures f;
    Journal::Record record;
    record.end = std::numeric_limits<std::int64_t>::max() - 7;
    record.duration = 1.5e9f;
    record.id = -12;
    record.lateness = 3e12f;
    record.subject = 511;
    record.kind = 5;
    record.depth = Journaling::MostDepth;
    record.timer = 129;
    f.journal.append(record);
    const Journal::Record read = f.journal.record(0);
    QCOMPARE(read.end, record.end);
    QCOMPARE(read.duration, record.duration);
    QCOMPARE(read.id, record.id);
    QCOMPARE(read.lateness, record.lateness);
    QCOMPARE(read.subject, record.subject);
    QCOMPARE(read.kind, record.kind);
    QCOMPARE(read.depth, record.depth);
    QCOMPARE(read.timer, record.timer);
}

void tst_HandlerFigures::readersGetWhatWasNoted()
{
    Figures f;
    f.handler(HandlerKind::Notifier, "Foo", 3us);
    f.handler(HandlerKind::Notifier, "Foo", 5us);
    f.handler(HandlerKind::PostedEvent, "Bar", 7us);
    const Series notifiers = f.series(HandlerKind::Notifier);
    QCOMPARE(notifiers.count, std::uint64_t(2));
    QCOMPARE(notifiers.sum, 8us);
    QCOMPARE(notifiers.max, 5us);
    QCOMPARE(notifiers.recent.samples, 2U);
    QCOMPARE(f.series(HandlerKind::PostedEvent).sum, 7us);
    QCOMPARE(f.figures.window.lastSecond(Instant(1s)).sums[std::size_t(HandlerKind::Notifier)],
             std::uint64_t(2));
    const std::vector<ReceiverStats> receivers = f.figures.receivers.snapshot();
    QCOMPARE(receivers.size(), std::size_t(2));
    QCOMPARE(receivers[0].className, std::string("Foo"));
    QCOMPARE(receivers[0].total, 8us);
    QCOMPARE(receivers[1].count, std::uint64_t(1));
}

void tst_HandlerFigures::notesAreFoldedBeforeTheyAreOverwritten()
{
    Figures f;
    for (int i = 0; i < 100'000; ++i) {
        f.handler(HandlerKind::Notifier, i % 3 == 0 ? "Foo" : "Bar", Nanoseconds(i));
        f.figures.notePass(Nanoseconds(i));
    }
    QCOMPARE(f.series(HandlerKind::Notifier).count, std::uint64_t(100'000));
    QCOMPARE(f.series(HandlerKind::Notifier).sum.count(), std::int64_t(99'999) * 50'000);
    QCOMPARE(f.figures.passTime.count(), std::uint64_t(100'000));
}

void tst_HandlerFigures::longestNotedIsExact()
{
    Figures f;
    for (const Nanoseconds less : {0ns, 1ns, 2ns})
        f.handler(HandlerKind::Task, "Foo", HandlerFigures::LongestNoted - less);
    QCOMPARE(f.series(HandlerKind::Task).sum, HandlerFigures::LongestNoted * 3 - 3ns);
}

void tst_HandlerFigures::longPassesAreExact()
{
    Figures f;
    f.figures.notePass(3s);
    f.figures.notePass(5s + 1ns);
    const HandlerFigures::Guard guard(f.figures);
    QCOMPARE(f.figures.passTime.snapshot(true).sum, 8s + 1ns);
    QCOMPARE(f.figures.passTime.count(), std::uint64_t(2));
}

void tst_HandlerFigures::rowsThatMakeRoomKeepTheirSums()
{
    Figures f;
    std::vector<std::string> names;
    for (int i = 0; i < 3000; ++i)
        names.push_back("Class" + std::to_string(i));
    for (const std::string &name : names)
        f.handler(HandlerKind::Notifier, name.c_str(), 1us);
    const std::uint64_t noted = f.series(HandlerKind::Notifier).count;
    std::uint64_t inRows = 0;
    for (const ReceiverStats &row : f.figures.receivers.snapshot())
        inRows += row.count;
    QCOMPARE(inRows, noted);
}

void tst_HandlerFigures::recordsKeepTheirNames()
{
    Figures f;
    for (int i = 0; i < 50'000; ++i) {
        const std::string name = "Class" + std::to_string(i / 1000 % 200);
        f.handler(HandlerKind::Notifier, name.c_str(), Nanoseconds(i / 1000 % 200));
    }
    const std::uint64_t end = f.journal.written();
    QCOMPARE(end, std::uint64_t(50'000));
    for (std::uint64_t number = end - f.journal.capacity(); number < end; ++number) {
        const auto expected = "Class" + std::to_string(std::int64_t(f.journal.record(number).duration));
        QCOMPARE(f.nameInJournal(number), expected);
    }
}

void tst_HandlerFigures::namesWithoutRoomAreOthers()
{
    Figures f;
    std::vector<std::u16string> names;
    for (char16_t i = 0; i < 2000; ++i)
        names.push_back(u"object" + std::u16string(1, char16_t(0x4E00 + i)));
    // Nested, so that all are held at once.
    std::vector<SubjectTable::Index> held;
    std::size_t withoutRoom = 0;
    for (const std::u16string &name : names) {
        held.push_back(f.subject(HandlerKind::Timer, "Foo", name));
        withoutRoom += !SubjectTable::canBeRecorded(held.back());
        QVERIFY(held.back() != Journaling::Others);
    }
    QVERIFY(withoutRoom >= names.size() - Journaling::SubjectCapacity);
    QCOMPARE(f.subjects.forRecord(1), std::uint32_t(Journaling::Others));
    for (const SubjectTable::Index index : held)
        f.end(index);
    QVERIFY(f.journal.names(Journaling::Others)->className.data() == std::string("(others)"));
}

void tst_HandlerFigures::corruptFileIsHarmless()
{
    Figures f;
    f.handler(HandlerKind::Notifier, "Foo", 1us);
    auto *const words = reinterpret_cast<std::uint64_t *>(f.memory.bytes().data() + Journaling::bytesOf(0));
    for (int i = 0; i < 3; ++i)
        words[i] = ~std::uint64_t(0);
    f.journal.header().written = 1ULL << 60;
    f.series(HandlerKind::Notifier);
    f.handler(HandlerKind::Notifier, "Foo", 1us);
    QVERIFY(f.series(HandlerKind::Notifier).count <= 2);
}

void tst_HandlerFigures::readWhileNoting()
{
    constexpr int Count = 400'000;
    Figures f;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 0; i < Count; ++i) {
            f.handler(HandlerKind::Notifier, i % 5 < 3 ? "Foo" : "Bar", 10ns);
            f.figures.notePass(10ns);
        }
        done = true;
    });
    std::uint64_t last = 0;
    while (!done) {
        const HandlerFigures::Guard guard(f.figures);
        const Series series = f.figures.handlerTime[std::size_t(HandlerKind::Notifier)].snapshot(true);
        QVERIFY(series.count >= last);
        last = series.count;
        // All figures agree with each other.
        QCOMPARE(series.sum, 10ns * std::int64_t(series.count));
        QCOMPARE(series.histogram.count(), series.count);
        std::uint64_t inRows = 0;
        for (const ReceiverStats &row : f.figures.receivers.snapshot())
            inRows += row.count;
        QCOMPARE(inRows, series.count);
    }
    writer.join();
    QCOMPARE(f.series(HandlerKind::Notifier).count, std::uint64_t(Count));
    QCOMPARE(f.figures.passTime.count(), std::uint64_t(Count));
}

QTEST_GUILESS_MAIN(tst_HandlerFigures)
#include "tst_handlerfigures.moc"
