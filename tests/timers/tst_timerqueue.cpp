// SPDX-License-Identifier: MIT
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

#include <functional>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

constexpr Instant Start{1000s};

/// A queue and what it delivered. Handlers are set by a timer's id and may call anything.
struct Fixture
{
    TimerQueue queue;
    QObject object, other;
    QList<int> delivered;
    std::function<void(int id, Instant now)> handler = [](int, Instant) {};

    void start(int id, Nanoseconds interval, Instant now = Start) { startFor(&object, id, interval, now); }
    void startFor(QObject *receiver, int id, Nanoseconds interval, Instant now = Start)
    {
        queue.insert(id, interval, Qt::PreciseTimer, receiver, now);
    }

    /// One delivery of what is due, as a pass of the loop does it.
    void deliver(Instant now)
    {
        const TimerQueue::Batch batch = queue.beginBatch(now);
        while (const std::optional<TimerQueue::Due> due = queue.takeDue(batch)) {
            delivered.append(due->id);
            handler(due->id, now);
            queue.finish(*due);
        }
    }
    QList<int> deliveredAt(Instant now)
    {
        delivered.clear();
        deliver(now);
        return delivered;
    }
};

QList<int> idsOf(const std::vector<TimerQueue::Info> &infos)
{
    QList<int> ids;
    for (const TimerQueue::Info &info : infos)
        ids.append(info.id);
    return ids;
}

} // namespace

class tst_TimerQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyQueueHasNoDeadline();
    void deliversByDeadlineThenByStart();
    void restartedTimerGoesBehindItsEquals();
    void firedTimerGoesBehindItsEquals();
    void orderOutlastsCountersWrapAround();
    void dueCarriesWhatTheLoopNeeds();
    void remainingDeadlineIsFoundById();
    void insertReplacesSameId();
    void removeTellsUnknownIds();
    void removeAllTakesOneObjectsTimers();
    void timersOfObjectAreSortedByDeadline();
    void timersOfObjectIncludesTheOneBeingDelivered();

    void batchHoldsWhatIsDueAtItsBegin();
    void zeroTimerFiresOnceABatch();
    void zeroTimerStartedInHandlerWaitsForNextBatch();
    void timerStoppedByEarlierHandlerDoesNotFire();
    void timerRestartedInItsHandlerStartsAnew();
    void timerStoppedInItsHandlerIsGone();
    void idReusedInItsHandlerIsNotDisturbed();
    void objectDestroyedInHandlerLosesAllTimers();

    void nestedDeliverySkipsTheTimerBeingHandled();
    void nestedDeliveryTakesOverTheRestOfTheBatch();
    void deadlineLeavesOutTimersBeingHandled();
    void timerBeingHandledMissesWhatFallsDueMeanwhile();
    void outerTimerStoppedInNestedHandler();

    void lateTimerFiresOnceAndSkipsWhatItMissed();
    void punctualTimerDoesNotDrift();
};

void tst_TimerQueue::emptyQueueHasNoDeadline()
{
    Fixture f;
    QVERIFY(f.queue.isEmpty());
    QVERIFY(f.queue.nextDeadline() == Never);
    QVERIFY(f.queue.timersOf(&f.object).empty());
    f.queue.removeAll(&f.object);
    QCOMPARE(f.deliveredAt(Start), QList<int>());
}

void tst_TimerQueue::deliversByDeadlineThenByStart()
{
    Fixture f;
    f.start(1, 3ms);
    f.start(2, 1ms);
    f.start(3, 2ms);
    f.start(4, 1ms);
    f.start(5, 500us, Start + 500us);
    QVERIFY(f.queue.nextDeadline() == Start + 1ms);
    QCOMPARE(f.deliveredAt(Start + 1ms - 1ns), QList<int>());
    QCOMPARE(f.deliveredAt(Start + 2ms), QList<int>({2, 4, 5, 3}));
}

void tst_TimerQueue::restartedTimerGoesBehindItsEquals()
{
    Fixture f;
    f.start(1, 1ms);
    f.start(2, 1ms);
    f.start(1, 1ms);
    QCOMPARE(f.deliveredAt(Start + 1ms), QList<int>({2, 1}));
}

void tst_TimerQueue::firedTimerGoesBehindItsEquals()
{
    Fixture f;
    f.start(1, 1ms);
    f.start(2, 2ms);
    QCOMPARE(f.deliveredAt(Start + 1ms), QList<int>({1}));
    QCOMPARE(f.deliveredAt(Start + 2ms), QList<int>({2, 1}));
}

void tst_TimerQueue::orderOutlastsCountersWrapAround()
{
    Fixture f;
    for (int round = 0; round < 1'000; ++round) {
        for (const int id : {3, 1, 2})
            f.start(id, 0ns);
        QCOMPARE(f.deliveredAt(Start), QList<int>({3, 1, 2}));
    }
}

void tst_TimerQueue::dueCarriesWhatTheLoopNeeds()
{
    Fixture f;
    f.start(7, 5ms);
    const std::optional<TimerQueue::Due> due = f.queue.takeDue(f.queue.beginBatch(Start + 9ms));
    QVERIFY(due);
    QCOMPARE(due->id, 7);
    QCOMPARE(due->object, &f.object);
    QVERIFY(due->interval == 5ms);
    QVERIFY(due->deadline == Start + 5ms); // the intended one: lateness is measured from it
    f.queue.finish(*due);
}

void tst_TimerQueue::remainingDeadlineIsFoundById()
{
    Fixture f;
    f.start(1, 5ms);
    f.start(2, 3ms);
    QVERIFY(f.queue.deadlineOf(1) == Start + 5ms);
    QVERIFY(f.queue.deadlineOf(2) == Start + 3ms);
    QVERIFY(!f.queue.deadlineOf(3));
}

void tst_TimerQueue::insertReplacesSameId()
{
    Fixture f;
    f.start(1, 5ms);
    f.startFor(&f.other, 1, 8ms);
    QCOMPARE(idsOf(f.queue.timersOf(&f.object)), QList<int>());
    QCOMPARE(idsOf(f.queue.timersOf(&f.other)), QList<int>({1}));
    QVERIFY(f.queue.nextDeadline() == Start + 8ms);
    QVERIFY(f.queue.remove(1));
    QVERIFY(f.queue.isEmpty());
}

void tst_TimerQueue::removeTellsUnknownIds()
{
    Fixture f;
    f.start(1, 5ms);
    QVERIFY(!f.queue.remove(2));
    QVERIFY(f.queue.remove(1));
    QVERIFY(!f.queue.remove(1));
    QVERIFY(f.queue.isEmpty());
    QVERIFY(f.queue.nextDeadline() == Never);
}

void tst_TimerQueue::removeAllTakesOneObjectsTimers()
{
    Fixture f;
    for (int id = 1; id <= 100; ++id)
        f.startFor(id % 3 == 0 ? &f.other : &f.object, id, 1ms);
    f.queue.removeAll(&f.object);
    QCOMPARE(f.queue.timersOf(&f.object).size(), std::size_t(0));
    QCOMPARE(f.queue.timersOf(&f.other).size(), std::size_t(33));
    QCOMPARE(f.deliveredAt(Start + 1ms).size(), 33);
}

void tst_TimerQueue::timersOfObjectAreSortedByDeadline()
{
    Fixture f;
    f.start(1, 9ms);
    f.start(2, 3ms);
    f.startFor(&f.other, 3, 1ms);
    f.start(4, 3ms);
    f.queue.insert(5, 100ms, Qt::CoarseTimer, &f.object, Start);
    QCOMPARE(idsOf(f.queue.timersOf(&f.object)), QList<int>({2, 4, 1, 5}));
    const TimerQueue::Info last = f.queue.timersOf(&f.object).back();
    QCOMPARE(last.type, Qt::CoarseTimer);
    QVERIFY(last.interval == 100ms);
}

void tst_TimerQueue::timersOfObjectIncludesTheOneBeingDelivered()
{
    Fixture f;
    f.start(1, 4ms);
    f.start(2, 6ms);
    f.handler = [&](int, Instant) {
        QCOMPARE(idsOf(f.queue.timersOf(&f.object)), QList<int>({2, 1}));
        QVERIFY(f.queue.deadlineOf(1) == Start + 8ms);
    };
    QCOMPARE(f.deliveredAt(Start + 5ms), QList<int>({1}));
}

void tst_TimerQueue::batchHoldsWhatIsDueAtItsBegin()
{
    Fixture f;
    f.start(1, 1ms);
    f.start(2, 2ms);
    f.handler = [&](int, Instant now) { f.start(3, 0ns, now); };
    QCOMPARE(f.deliveredAt(Start + 2ms), QList<int>({1, 2}));
    f.handler = [](int, Instant) {};
    QCOMPARE(f.deliveredAt(Start + 2ms), QList<int>({1, 3})); // 1 again: it was a millisecond late
}

void tst_TimerQueue::zeroTimerFiresOnceABatch()
{
    Fixture f;
    f.start(1, 0ns);
    f.start(2, 0ns);
    for (int pass = 0; pass < 3; ++pass) {
        QVERIFY(f.queue.nextDeadline() <= Start + 1ms);
        QCOMPARE(f.deliveredAt(Start + 1ms), QList<int>({1, 2}));
    }
}

void tst_TimerQueue::zeroTimerStartedInHandlerWaitsForNextBatch()
{
    Fixture f;
    f.start(1, 0ns);
    f.handler = [&](int id, Instant now) {
        f.queue.remove(id);
        f.start(id + 1, 0ns, now);
    };
    QCOMPARE(f.deliveredAt(Start), QList<int>({1}));
    QCOMPARE(f.deliveredAt(Start), QList<int>({2}));
}

void tst_TimerQueue::timerStoppedByEarlierHandlerDoesNotFire()
{
    Fixture f;
    for (int id = 1; id <= 4; ++id)
        f.start(id, 1ms);
    f.handler = [&](int id, Instant) { f.queue.remove(id + 1); };
    QCOMPARE(f.deliveredAt(Start + 1ms), QList<int>({1, 3}));
}

void tst_TimerQueue::timerRestartedInItsHandlerStartsAnew()
{
    Fixture f;
    f.start(1, 1ms);
    f.handler = [&](int, Instant now) { f.start(1, 7ms, now); };
    QCOMPARE(f.deliveredAt(Start + 2ms), QList<int>({1}));
    QVERIFY(f.queue.nextDeadline() == Start + 9ms);
}

void tst_TimerQueue::timerStoppedInItsHandlerIsGone()
{
    Fixture f;
    f.start(1, 1ms);
    f.handler = [&](int id, Instant) {
        QVERIFY(f.queue.remove(id));
        QVERIFY(f.queue.isEmpty());
        QVERIFY(!f.queue.deadlineOf(id));
    };
    QCOMPARE(f.deliveredAt(Start + 1ms), QList<int>({1}));
    QVERIFY(f.queue.isEmpty());
    QCOMPARE(f.deliveredAt(Start + 5ms), QList<int>());
}

void tst_TimerQueue::idReusedInItsHandlerIsNotDisturbed()
{
    Fixture f;
    f.start(1, 1ms);
    f.handler = [&](int, Instant now) {
        f.queue.remove(1);
        f.startFor(&f.other, 1, 3ms, now); // takes the slot that was just released
    };
    f.deliver(Start + 1ms);
    QVERIFY(f.queue.deadlineOf(1) == Start + 4ms);
    f.handler = [](int, Instant) {};
    QCOMPARE(f.deliveredAt(Start + 4ms), QList<int>({1}));
    QVERIFY(f.queue.nextDeadline() == Start + 7ms);
}

void tst_TimerQueue::objectDestroyedInHandlerLosesAllTimers()
{
    Fixture f;
    for (int id = 1; id <= 1'000; ++id)
        f.startFor(id % 2 ? &f.object : &f.other, id, 1ms);
    f.handler = [&](int, Instant) { f.queue.removeAll(&f.object); };
    const QList<int> delivered = f.deliveredAt(Start + 1ms);
    QCOMPARE(delivered.size(), 501);
    QCOMPARE(delivered.first(), 1);
    QCOMPARE(delivered.at(1), 2);
    QVERIFY(f.queue.timersOf(&f.object).empty());
}

void tst_TimerQueue::nestedDeliverySkipsTheTimerBeingHandled()
{
    Fixture f;
    f.start(1, 0ns);
    f.start(2, 1ms);
    f.handler = [&](int id, Instant now) {
        if (id == 1)
            f.deliver(now + 1ms);
    };
    QCOMPARE(f.deliveredAt(Start), QList<int>({1, 2}));
}

void tst_TimerQueue::nestedDeliveryTakesOverTheRestOfTheBatch()
{
    Fixture f;
    for (int id = 1; id <= 4; ++id)
        f.start(id, 1ms);
    f.handler = [&](int id, Instant now) {
        if (id == 2)
            f.deliver(now);
    };
    QCOMPARE(f.deliveredAt(Start + 1ms), QList<int>({1, 2, 3, 4}));
}

void tst_TimerQueue::deadlineLeavesOutTimersBeingHandled()
{
    Fixture f;
    f.start(1, 0ns);
    f.start(2, 9ms);
    f.handler = [&](int, Instant) { QVERIFY(f.queue.nextDeadline() == Start + 9ms); };
    QCOMPARE(f.deliveredAt(Start), QList<int>({1}));
    QVERIFY(f.queue.nextDeadline() == Start);
}

void tst_TimerQueue::timerBeingHandledMissesWhatFallsDueMeanwhile()
{
    Fixture f;
    f.start(1, 10ms);
    f.handler = [&](int, Instant now) { f.queue.beginBatch(now + 25ms); };
    f.deliver(Start + 10ms);
    QVERIFY(f.queue.nextDeadline() == Start + 45ms);
}

void tst_TimerQueue::outerTimerStoppedInNestedHandler()
{
    Fixture f;
    f.start(1, 1ms);
    f.start(2, 2ms);
    f.handler = [&](int id, Instant now) {
        if (id == 1)
            f.deliver(now + 1ms);
        else
            QVERIFY(f.queue.remove(1));
    };
    QCOMPARE(f.deliveredAt(Start + 1ms), QList<int>({1, 2}));
    QVERIFY(!f.queue.deadlineOf(1));
    QVERIFY(f.queue.nextDeadline() == Start + 4ms);
}

void tst_TimerQueue::lateTimerFiresOnceAndSkipsWhatItMissed()
{
    Fixture f;
    f.start(1, 10ms);
    QCOMPARE(f.deliveredAt(Start + 57ms), QList<int>({1}));
    QVERIFY(f.queue.nextDeadline() == Start + 67ms);
}

void tst_TimerQueue::punctualTimerDoesNotDrift()
{
    Fixture f;
    f.start(1, 1ms);
    for (int i = 1; i <= 1'000; ++i)
        QCOMPARE(f.deliveredAt(Start + i * 1ms + 80us), QList<int>({1}));
    QVERIFY(f.queue.nextDeadline() == Start + 1'001ms);
}

QTEST_APPLESS_MAIN(tst_TimerQueue)
#include "tst_timerqueue.moc"
