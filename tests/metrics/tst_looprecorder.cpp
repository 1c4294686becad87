// SPDX-License-Identifier: MIT
#include "journal/journalmemory.h"
#include "metrics/looprecorder.h"
#include "support/fakeclock.h"

#include <QtTest/qtest.h>

#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

Nanoseconds s_suspended{};

Subject named(const char *className, std::u16string_view objectName = {})
{
    Subject subject;
    subject.className = className;
    subject.objectName = objectName;
    return subject;
}

struct Recording
{
    JournalMemory journal{JournalMemory::make(1, 0)};
    LoopRecorder recorder{FakeClock::now, [] { return s_suspended; }, 50ms, journal.bytes()};

    void handler(const Subject &subject, Nanoseconds duration)
    {
        recorder.beginHandler(HandlerKind::Notifier, subject);
        FakeClock::advance(duration);
        recorder.endHandler();
    }
    void pass(Nanoseconds duration)
    {
        recorder.beginPass(false);
        handler(named("Foo"), duration);
        recorder.endPass(false);
    }
    LoopSnapshot snapshot()
    {
        LoopSnapshot result;
        recorder.read(result, FakeClock::now(), true, {});
        return result;
    }
};

} // namespace

class tst_LoopRecorder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void fitsItsMemory();
    void suspendIsNoStall();
    void suspendWhileWaiting();
    void thresholdIsExclusive();
    void keepsTheLast256Stalls();
    void timeBetweenPassesIsNotTheLoops();
    void missedTicksAreBounded();
    void averageFadesWithoutDenormals();
    void handlersAndPassesEndInAnyOrder();
    void whatIsGivenUpEndsWithoutHarm();
    void handlersOfPassesLedByHandAreOnlyCounted();
    void emptyNestedPassesAreNotTheHandlers();
    void handlerThatServesOthersIsNoStall();
    void stretchWithoutServingIsAStall();
    void waitsOfForeignLoopsAreNotTheHandlers();
    void readWhileWritten();
    void corruptNamesAreHarmless();
};

void tst_LoopRecorder::init()
{
    FakeClock::reset();
    s_suspended = {};
}

void tst_LoopRecorder::fitsItsMemory()
{
    // What it allocates besides are the levels of nesting: a few KB.
    QVERIFY(sizeof(LoopRecorder) <= LoopRecorder::MostBytes - 16 * 1024);
}

void tst_LoopRecorder::suspendIsNoStall()
{
    // A clock that goes on while the machine sleeps, then one that does not.
    for (const Nanoseconds seen : {Nanoseconds(3600s), Nanoseconds(60ms)}) {
        Recording recording;
        recording.recorder.beginPass(false);
        recording.recorder.beginHandler(HandlerKind::Notifier, named("Foo"));
        FakeClock::advance(seen);
        s_suspended += 3600s;
        recording.recorder.endHandler();
        recording.recorder.endPass(false);
        QCOMPARE(recording.snapshot().stallCount, std::uint64_t(0));
        QCOMPARE(recording.snapshot().suspends, std::uint64_t(1));
        QCOMPARE(recording.snapshot().suspendedTime, Nanoseconds(3600s));
        // The next one is a stall again.
        FakeClock::advance(1s);
        recording.pass(60ms);
        QCOMPARE(recording.snapshot().stallCount, std::uint64_t(1));
    }
}

void tst_LoopRecorder::suspendWhileWaiting()
{
    Recording recording;
    recording.recorder.beginPass(false);
    recording.recorder.beginWait();
    FakeClock::advance(1s);
    s_suspended += 1h;
    recording.recorder.endWait();
    recording.handler(named("Foo"), 60ms);
    recording.recorder.endPass(false);
    QCOMPARE(recording.snapshot().suspends, std::uint64_t(1));
}

void tst_LoopRecorder::thresholdIsExclusive()
{
    Recording recording;
    recording.pass(50ms);
    QCOMPARE(recording.snapshot().stallCount, std::uint64_t(0));
    recording.pass(50ms + 1ns);
    QCOMPARE(recording.snapshot().stallCount, std::uint64_t(1));
    recording.recorder.setStallThreshold(1s);
    recording.pass(500ms);
    QCOMPARE(recording.snapshot().stallCount, std::uint64_t(1));
}

void tst_LoopRecorder::keepsTheLast256Stalls()
{
    Recording recording;
    for (int i = 1; i <= 300; ++i)
        recording.pass(100ms + i * 1ms);
    const LoopSnapshot snapshot = recording.snapshot();
    QCOMPARE(snapshot.stallCount, std::uint64_t(300));
    QCOMPARE(snapshot.stalls.size(), std::size_t(256));
    QCOMPARE(snapshot.stalls.front().number, std::uint64_t(45));
    QCOMPARE(snapshot.stalls.back().number, std::uint64_t(300));
    QCOMPARE(snapshot.stalls.back().duration, Nanoseconds(400ms));
}

void tst_LoopRecorder::timeBetweenPassesIsNotTheLoops()
{
    Recording recording;
    for (int i = 0; i < 10; ++i) {
        recording.pass(1ms);
        FakeClock::advance(1s);
    }
    QCOMPARE(recording.snapshot().utilisation.busy, Nanoseconds(10ms));
    QCOMPARE(recording.snapshot().utilisation.blocked, Nanoseconds(0));
    QCOMPARE(recording.snapshot().passTime.max, Nanoseconds(1ms));
    QCOMPARE(recording.snapshot().utilisation.outside, Nanoseconds(10s)); // and it is no idle time either
    QVERIFY(recording.snapshot().utilisation.tenSeconds < 0.01);
}

void tst_LoopRecorder::missedTicksAreBounded()
{
    // A day asleep with a timer of 1 ms: as many ticks as it missed, in few steps.
    Recording recording;
    recording.recorder.beginPass(false);
    const Instant due = FakeClock::now();
    FakeClock::advance(24h);
    recording.recorder.readClock();
    recording.recorder.beginTimer({named("Foo"), 1ms, Qt::PreciseTimer}, due, 0);
    recording.recorder.endHandler(true);
    recording.recorder.endPass(false);
    const LoopSnapshot snapshot = recording.snapshot();
    QCOMPARE(snapshot.missedTicks, std::uint64_t(86'400'000));
    QCOMPARE(snapshot.timerLateness.count, std::uint64_t(86'400'001));
    QCOMPARE(snapshot.timerLateness.max, Nanoseconds(24h));
}

void tst_LoopRecorder::averageFadesWithoutDenormals()
{
    GaugeRecorder gauge;
    gauge.record(1'000'000);
    for (int i = 0; i < 100'000; ++i)
        gauge.record(0);
    QVERIFY(gauge.snapshot().average < 1e-6);
    QVERIFY(gauge.snapshot().average == 0 || gauge.snapshot().average > 1e-300);
    QCOMPARE(gauge.snapshot().max, std::uint64_t(1'000'000));
}

void tst_LoopRecorder::handlersAndPassesEndInAnyOrder()
{
    // As with coroutines: a handler runs a pass, and that pass's handler lives on when the former one
    // returns.
    Recording recording;
    LoopRecorder &recorder = recording.recorder;
    recorder.beginPass(false);
    const LoopRecorder::Handle outerPass = recorder.topPass();
    recorder.beginHandler(HandlerKind::Notifier, named("Outer"));
    const LoopRecorder::Handle outer = recorder.topHandler();
    recorder.beginPass(false);
    const LoopRecorder::Handle innerPass = recorder.topPass();
    recorder.beginHandler(HandlerKind::Notifier, named("Inner"));
    const LoopRecorder::Handle inner = recorder.topHandler();
    FakeClock::advance(1ms);
    recorder.endHandler(outer);
    recorder.endPass(outerPass, false);
    FakeClock::advance(1ms);
    recorder.endHandler(inner);
    recorder.endPass(innerPass, false);
    const LoopSnapshot snapshot = recording.snapshot();
    QCOMPARE(snapshot.nestingDepth, 0u);
    QCOMPARE(snapshot.passes.total, std::uint64_t(2));
    for (const ReceiverStats &receiver : snapshot.receivers)
        QCOMPARE(receiver.total, receiver.className == "Outer" ? Nanoseconds(1ms) : Nanoseconds(2ms));
    recording.pass(3ms);
    QCOMPARE(recording.snapshot().passTime.max, Nanoseconds(3ms));
}

void tst_LoopRecorder::whatIsGivenUpEndsWithoutHarm()
{
    Recording recording;
    LoopRecorder &recorder = recording.recorder;
    recorder.beginPass(false);
    const LoopRecorder::Handle pass = recorder.topPass();
    recorder.beginHandler(HandlerKind::Notifier, named("Foo"));
    const LoopRecorder::Handle handler = recorder.topHandler();
    recorder.endPass(pass, false); // takes its handler along
    QVERIFY(!recorder.isInPass());
    recorder.endHandler(handler);
    recorder.endPass(pass, false);
    recording.pass(60ms);
    QCOMPARE(recording.snapshot().stallCount, std::uint64_t(1));
    QCOMPARE(recording.snapshot().passes.total, std::uint64_t(2));
}

void tst_LoopRecorder::handlersOfPassesLedByHandAreOnlyCounted()
{
    Recording recording;
    LoopRecorder &recorder = recording.recorder;
    void *words[3] = {};
    for (int i = 0; i < 10; ++i) {
        LoopRecorder::PassKind kind;
        kind.ledByHand = true;
        recorder.beginPass(false, kind);
        FakeClock::advance(1ms);
        recorder.extendPass();
        recorder.beginUntold(HandlerKind::Timer, named("Innocent"), StackMark(words));
        FakeClock::advance(70ms);
        QVERIFY(!recorder.ongoingStall(FakeClock::now()));
        QCOMPARE(recording.snapshot().utilisation.busy, (i + 1) * Nanoseconds(1ms)); // while it is open, too
        recorder.abandonPass();
    }
    const LoopSnapshot snapshot = recording.snapshot();
    QCOMPARE(snapshot.stallCount, std::uint64_t(0));
    QCOMPARE(snapshot.handlersOf(HandlerKind::Timer).total, std::uint64_t(10));
    QCOMPARE(snapshot.handlerTimeOf(HandlerKind::Timer).count, std::uint64_t(0));
    QCOMPARE(snapshot.utilisation.busy, Nanoseconds(10ms));
    QCOMPARE(snapshot.utilisation.outside, Nanoseconds(700ms));
}

void tst_LoopRecorder::handlerThatServesOthersIsNoStall()
{
    // A long handler that calls processEvents() again and again: nobody waits for longer than 1 ms.
    Recording recording;
    LoopRecorder &recorder = recording.recorder;
    recorder.beginPass(false);
    recorder.beginHandler(HandlerKind::Timer, named("Foo"));
    for (int i = 0; i < 100; ++i) {
        FakeClock::advance(1ms);
        recorder.beginPass(false);
        FakeClock::advance(1ms);
        recorder.endPass(false);
        QVERIFY(!recorder.ongoingStall(FakeClock::now()));
    }
    recorder.endHandler();
    recorder.endPass(false);
    QCOMPARE(recording.snapshot().stallCount, std::uint64_t(0));
    QCOMPARE(recording.snapshot().handlerTimeOf(HandlerKind::Timer).max, Nanoseconds(100ms));
}

void tst_LoopRecorder::stretchWithoutServingIsAStall()
{
    Recording recording;
    LoopRecorder &recorder = recording.recorder;
    recorder.beginPass(false);
    recorder.beginHandler(HandlerKind::Timer, named("Foo"));
    for (const Nanoseconds stretch : {40ms, 70ms, 40ms}) {
        FakeClock::advance(stretch);
        const std::optional<Stall> ongoing = recorder.ongoingStall(FakeClock::now());
        QCOMPARE(ongoing ? ongoing->duration : Nanoseconds::zero(),
                 stretch > 50ms ? stretch : Nanoseconds::zero());
        recorder.beginPass(false);
        FakeClock::advance(1ms);
        recorder.endPass(false);
    }
    recorder.endHandler();
    recorder.endPass(false);
    const LoopSnapshot snapshot = recording.snapshot();
    QCOMPARE(snapshot.stallCount, std::uint64_t(1));
    QCOMPARE(snapshot.stalls.front().duration, Nanoseconds(70ms));
    QCOMPARE(snapshot.stalls.front().className, std::string("Foo"));
    QCOMPARE(snapshot.stalls.front().beganMonotonic, FakeClock::now().time_since_epoch() - 112ms);
}

void tst_LoopRecorder::emptyNestedPassesAreNotTheHandlers()
{
    Recording recording;
    LoopRecorder &recorder = recording.recorder;
    recorder.beginPass(false);
    recorder.beginHandler(HandlerKind::Notifier, named("Pumping"));
    for (int i = 0; i < 100; ++i) {
        recorder.beginPass(false);
        FakeClock::advance(1ms); // looking for events
        recorder.endPass(false);
    }
    recorder.endHandler();
    recorder.endPass(false);
    QCOMPARE(recording.snapshot().stallCount, std::uint64_t(0));
    QCOMPARE(recording.snapshot().handlerTimeOf(HandlerKind::Notifier).max, Nanoseconds(0));
}

void tst_LoopRecorder::waitsOfForeignLoopsAreNotTheHandlers()
{
    Recording recording;
    LoopRecorder &recorder = recording.recorder;
    recorder.beginPass(false);
    recorder.beginHandler(HandlerKind::Notifier, named("Foo"));
    recorder.beginWait();
    FakeClock::advance(1s);
    recorder.endWait();
    FakeClock::advance(1ms);
    recorder.endHandler();
    recorder.endPass(false);
    const LoopSnapshot snapshot = recording.snapshot();
    QCOMPARE(snapshot.stallCount, std::uint64_t(0));
    QCOMPARE(snapshot.handlerTimeOf(HandlerKind::Notifier).max, Nanoseconds(1ms));
    QCOMPARE(snapshot.passTime.max, Nanoseconds(1ms));
    QCOMPARE(snapshot.utilisation.blocked, Nanoseconds(1s));
}

void tst_LoopRecorder::readWhileWritten()
{
    // On the real clock, for the fake one is not for threads.
    const JournalMemory journal = JournalMemory::make(1, 0);
    LoopRecorder recorder(
        steadyNow, [] { return Nanoseconds(); }, 1us, journal.bytes());
    std::atomic<bool> done{false};
    std::thread loop([&] {
        const std::array names{u"one", u"another"};
        for (int i = 0; i < 20'000; ++i) {
            recorder.beginPass(true);
            recorder.recordWakeUps(Immediately, 1);
            recorder.recordDepths(1, 2, 3);
            for (const char *className : {"Foo", "LongerName"}) {
                recorder.beginHandler(HandlerKind::Notifier, named(className, names[std::size_t(i) % 2]));
                recorder.endHandler();
            }
            recorder.beginTimer({named("Foo", u"one"), 1ms, Qt::PreciseTimer}, recorder.now(), 1);
            recorder.endHandler();
            recorder.endPass(true);
        }
        done = true;
    });
    std::uint64_t last = 0;
    while (!done) {
        LoopSnapshot snapshot;
        recorder.read(snapshot, steadyNow(), true, {});
        QVERIFY(snapshot.passes.total >= last);
        last = snapshot.passes.total;
        for (const Stall &stall : snapshot.stalls) {
            QVERIFY(stall.className == "Foo" || stall.className == "LongerName" || stall.className.empty());
            QVERIFY(stall.objectName == "one" || stall.objectName == "another" || stall.objectName.empty());
        }
        for (const ReceiverStats &receiver : snapshot.receivers)
            QVERIFY(receiver.className == "Foo" || receiver.className == "LongerName");
    }
    loop.join();
    LoopSnapshot snapshot;
    recorder.read(snapshot, steadyNow(), true, {});
    QCOMPARE(snapshot.handlersOf(HandlerKind::Notifier).total, std::uint64_t(40'000));
    QCOMPARE(snapshot.topTimers.front().fired, std::uint64_t(20'000));
}

void tst_LoopRecorder::corruptNamesAreHarmless()
{
    Recording recording;
    recording.recorder.beginPass(false);
    recording.recorder.beginHandler(HandlerKind::Notifier, named("Foo", u"foo"));
    // Whoever may write to the journal's file writes what he likes.
    auto *const names = recording.journal.bytes().data() + sizeof(Journaling::Header);
    for (std::size_t i = 0; i < Journaling::SubjectCapacity; ++i)
        std::memset(names + i * sizeof(Journaling::NamesSlot) + 8, 0xFF, sizeof(Journaling::Names));
    FakeClock::advance(1s);
    const std::optional<Stall> stall = recording.recorder.ongoingStall(FakeClock::now());
    QVERIFY(stall);
    QCOMPARE(stall->className.size(), std::size_t(64));
    recording.recorder.journal().subject = ~std::uint64_t(0);
    const std::optional<Stall> unknown = recording.recorder.ongoingStall(FakeClock::now());
    QVERIFY(unknown && unknown->className.empty());
    QVERIFY(static_cast<std::size_t>(unknown->kind) < HandlerKindCount);
    recording.recorder.endHandler();
    recording.recorder.endPass(false);
    QCOMPARE(recording.snapshot().stalls.front().className, std::string("Foo"));
}

QTEST_GUILESS_MAIN(tst_LoopRecorder)
#include "tst_looprecorder.moc"
