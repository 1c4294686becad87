// SPDX-License-Identifier: MIT
#include "metrics/stallstacks.h"
#include "telemetry/publisher/framebuilder.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Telemetry;
using namespace std::chrono_literals;

namespace {

LoopSnapshot loop(std::uint64_t id, std::chrono::nanoseconds takenAt)
{
    LoopSnapshot result;
    result.loopId = id;
    result.takenAt = takenAt;
    result.age = takenAt;
    result.enabled = true;
    return result;
}

Stall stall(std::uint64_t number)
{
    Stall result;
    result.number = number;
    result.duration = 60ms;
    return result;
}

ReceiverStats receiver(const char *className, std::uint64_t count)
{
    ReceiverStats result;
    result.className = className;
    result.count = count;
    return result;
}

/// The frame of \a loops, taken when the first of them was.
Frame next(FrameBuilder &builder, const std::vector<LoopSnapshot> &loops)
{
    return builder.next([&loops](const SnapshotOptions &) { return loops; },
                        loops.empty() ? 0ns : loops.front().takenAt);
}

std::vector<std::uint64_t> numbersOf(const std::vector<Stall> &stalls)
{
    std::vector<std::uint64_t> numbers;
    for (const Stall &stall : stalls)
        numbers.push_back(stall.number);
    return numbers;
}

} // namespace

class tst_FrameBuilder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstFrameCoversWholeLife();
    void laterFramesCoverWhatIsNew();
    void saysWhoWaits();
    void framesAddUpToTotals();
    void shrinkingFiguresCountAsNothing();
    void loopsComeAndGo();
    void loopsInAnyOrderAreKnownAgain();
    void eachStallIsSentOnce();
    void aStallIsSentWithItsStack();
    void ongoingStallIsSentAgain();
    void tablesAreSentOnceASecondIfChanged();
    void asksForTablesOnceASecondAndNeverForRecentSamples();
    void sequenceHasNoGaps();
};

void tst_FrameBuilder::firstFrameCoversWholeLife()
{
    LoopSnapshot now = loop(1, 5s);
    now.passes.total = 70;
    now.passTime.count = 70;
    now.passTime.max = 3ms;
    now.passTime.histogram = Histogram({{9, 70}});
    now.utilisation.busy = 2s;
    FrameBuilder builder;
    const LoopFrame frame = next(builder, {now}).loops.at(0);
    QVERIFY(frame.wholeLife);
    QCOMPARE(frame.interval, 5s);
    QCOMPARE(frame.passes, 70u);
    QCOMPARE(frame.passTime.count, 70u);
    QCOMPARE(frame.passTime.maxEver, 3ms);
    QVERIFY(frame.passTime.histogram == Histogram({{9, 70}}));
    QCOMPARE(frame.busy, 2s);
}

void tst_FrameBuilder::laterFramesCoverWhatIsNew()
{
    LoopSnapshot now = loop(1, 5s);
    now.passTime.histogram = Histogram({{9, 70}});
    now.handlers[1].total = 4;
    now.taskDepth.current = 8;
    FrameBuilder builder;
    next(builder, {now});

    now.takenAt = 5100ms;
    now.passTime.histogram = Histogram({{9, 71}, {20, 3}});
    now.handlers[1].total = 6;
    now.taskDepth.current = 2;
    const LoopFrame frame = next(builder, {now}).loops.at(0);
    QVERIFY(!frame.wholeLife);
    QCOMPARE(frame.interval, 100ms);
    QVERIFY(frame.passTime.histogram == Histogram({{9, 1}, {20, 3}}));
    QCOMPARE(frame.handlerRuns[1], 2u);
    QCOMPARE(frame.taskDepth.current, 2u);
}

void tst_FrameBuilder::saysWhoWaits()
{
    LoopSnapshot owner = loop(1, 5s);
    owner.mode = Mode::Owner;
    owner.poller = Poller::Epoll;
    owner.journalFile = "/run/user/1000/flywheel/4711-1.journal";
    LoopSnapshot hosted = loop(2, 5s);
    hosted.mode = Mode::Hosted;
    FrameBuilder builder;
    const Frame frame = next(builder, {owner, hosted});
    QCOMPARE(frame.loops.at(0).mode, "owner");
    QCOMPARE(frame.loops.at(0).poller, "epoll");
    QCOMPARE(frame.loops.at(0).journalFile, owner.journalFile);
    QCOMPARE(frame.loops.at(1).journalFile, "");
    QCOMPARE(frame.loops.at(1).mode, "hosted");
}

void tst_FrameBuilder::framesAddUpToTotals()
{
    LoopSnapshot now = loop(1, 1s);
    FrameBuilder builder;
    Histogram sum;
    std::uint64_t posts = 0;
    std::chrono::nanoseconds interval{};
    for (unsigned round = 1; round <= 10; ++round) {
        now.takenAt += 100ms;
        now.age = now.takenAt;
        now.posts.total += round;
        now.timerLateness.histogram.merge(Histogram({{round, round}, {100, 1}}));
        const LoopFrame frame = next(builder, {now}).loops.at(0);
        sum.merge(frame.timerLateness.histogram);
        posts += frame.posts;
        interval += frame.interval;
    }
    QVERIFY(sum == now.timerLateness.histogram);
    QCOMPARE(posts, now.posts.total);
    QCOMPARE(interval, now.age);
}

void tst_FrameBuilder::shrinkingFiguresCountAsNothing()
{
    LoopSnapshot now = loop(1, 1s);
    now.posts.total = 10;
    now.utilisation.busy = 1s;
    FrameBuilder builder;
    next(builder, {now});
    now.posts.total = 9;
    now.utilisation.busy = 999ms;
    const LoopFrame frame = next(builder, {now}).loops.at(0);
    QCOMPARE(frame.posts, 0u);
    QCOMPARE(frame.busy, 0ns);
}

void tst_FrameBuilder::loopsComeAndGo()
{
    FrameBuilder builder;
    next(builder, {loop(1, 1s), loop(3, 1s), loop(4, 1s)});
    const Frame frame = next(builder, {loop(2, 2s), loop(3, 2s), loop(9, 2s)});
    QCOMPARE(frame.loops.size(), 3u);
    QVERIFY(frame.loops[0].wholeLife);
    QVERIFY(!frame.loops[1].wholeLife);
    QCOMPARE(frame.loops[1].loopId, 3u);
    QVERIFY(frame.loops[2].wholeLife);
    QVERIFY(!next(builder, {loop(9, 3s)}).loops.at(0).wholeLife);
}

void tst_FrameBuilder::loopsInAnyOrderAreKnownAgain()
{
    // A hosted loop registers when it first runs, later than others that got their ids after it.
    FrameBuilder builder;
    next(builder, {loop(3, 1s), loop(2, 1s), loop(1, 1s)});
    const Frame frame = next(builder, {loop(3, 1100ms), loop(1, 1100ms), loop(2, 1100ms)});
    std::uint64_t id = 0;
    for (const LoopFrame &shown : frame.loops) {
        QCOMPARE(shown.loopId, ++id);
        QVERIFY(!shown.wholeLife);
        QCOMPARE(shown.interval, 100ms);
    }
}

void tst_FrameBuilder::eachStallIsSentOnce()
{
    LoopSnapshot now = loop(1, 1s);
    now.stalls = {stall(4), stall(5)};
    FrameBuilder builder;
    QCOMPARE(numbersOf(next(builder, {now}).loops.at(0).stalls), (std::vector<std::uint64_t>{4, 5}));
    QVERIFY(next(builder, {now}).loops.at(0).stalls.empty());
    now.stalls = {stall(5), stall(6), stall(8)};
    QCOMPARE(numbersOf(next(builder, {now}).loops.at(0).stalls), (std::vector<std::uint64_t>{6, 8}));
}

void tst_FrameBuilder::aStallIsSentWithItsStack()
{
    FrameBuilder builder;
    LoopSnapshot now = loop(1, 100ms);
    next(builder, {now});
    now.stalls = {stall(1), stall(2), stall(3)};
    now.stalls[1].stackProblem = StackIsPending;
    QCOMPARE(numbersOf(next(builder, {now}).loops[0].stalls), (std::vector<std::uint64_t>{1}));
    now.stalls[1].stackProblem.clear();
    now.stalls[1].stacks.resize(1);
    const Frame frame = next(builder, {now});
    QCOMPARE(numbersOf(frame.loops[0].stalls), (std::vector<std::uint64_t>{2, 3}));
    QCOMPARE(frame.loops[0].stalls[0].stacks.size(), 1u);
}

void tst_FrameBuilder::ongoingStallIsSentAgain()
{
    LoopSnapshot now = loop(1, 1s);
    now.ongoingStall = stall(1);
    FrameBuilder builder;
    QVERIFY(next(builder, {now}).loops.at(0).ongoingStall);
    now.ongoingStall->duration = 90ms;
    QCOMPARE(next(builder, {now}).loops.at(0).ongoingStall->duration, 90ms);
    now.ongoingStall.reset();
    now.stalls = {stall(1)};
    const LoopFrame ended = next(builder, {now}).loops.at(0);
    QVERIFY(!ended.ongoingStall);
    QCOMPARE(numbersOf(ended.stalls), std::vector<std::uint64_t>{1});
}

void tst_FrameBuilder::tablesAreSentOnceASecondIfChanged()
{
    FrameBuilder builder;
    const auto sentAt = [&builder](std::chrono::nanoseconds takenAt, std::uint64_t count) {
        LoopSnapshot now = loop(1, takenAt);
        now.receivers = {receiver("QTimer", count)};
        const auto table = next(builder, {now}).loops.at(0).receivers;
        return table ? table->at(0).count : 0;
    };
    QCOMPARE(sentAt(1s, 1), 1u);
    QCOMPARE(sentAt(1500ms, 2), 0u); // too early
    QCOMPARE(sentAt(2s, 3), 3u);
    QCOMPARE(sentAt(3s, 3), 0u); // as it was
    QCOMPARE(sentAt(3100ms, 4), 0u);
    QCOMPARE(sentAt(4s, 4), 4u);
}

void tst_FrameBuilder::asksForTablesOnceASecondAndNeverForRecentSamples()
{
    FrameBuilder builder;
    const auto tablesAskedForAt = [&builder](std::chrono::nanoseconds now) {
        SnapshotOptions asked;
        builder.next(
            [&asked](const SnapshotOptions &options) {
                asked = options;
                return std::vector<LoopSnapshot>();
            },
            now);
        return asked.tables && !asked.recent;
    };
    QVERIFY(tablesAskedForAt(5s));
    QVERIFY(!tablesAskedForAt(5900ms));
    QVERIFY(tablesAskedForAt(6s));
}

void tst_FrameBuilder::sequenceHasNoGaps()
{
    FrameBuilder builder;
    QCOMPARE(next(builder, {}).sequence, 1u);
    QCOMPARE(next(builder, {}).sequence, 2u);
}

QTEST_GUILESS_MAIN(tst_FrameBuilder)
#include "tst_framebuilder.moc"
