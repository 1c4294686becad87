// SPDX-License-Identifier: MIT
// Handlers that switch stacks (coroutines) end in another order than they began.
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <random>

using namespace Flywheel;
using namespace std::chrono_literals;

class tst_DeliveryOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliveriesEndInTheOrderInWhichTheyBegan();
    void timersRemovedMeanwhileAreGone();
    void slotReusedMeanwhileIsAnotherTimers();
    void anyOrderKeepsEachTimersDeadline();

private:
    static constexpr Instant Start{1000s};
};

void tst_DeliveryOrder::deliveriesEndInTheOrderInWhichTheyBegan()
{
    TimerQueue queue;
    QObject object;
    queue.insert(1, 1ms, Qt::PreciseTimer, &object, Start);
    queue.insert(2, 10ms, Qt::PreciseTimer, &object, Start - 9ms);
    const auto first = queue.takeDue(queue.beginBatch(Start + 1ms));
    const auto second = queue.takeDue(queue.beginBatch(Start + 1ms));
    QVERIFY(first && second);
    QCOMPARE(first->id, 1);
    QVERIFY(queue.finish(*first));
    QVERIFY(queue.nextDeadline() == Start + 2ms);
    QVERIFY(queue.deadlineOf(2) == Start + 11ms);
    QVERIFY(queue.finish(*second));
    QVERIFY(queue.deadlineOf(1) == Start + 2ms);
    QVERIFY(queue.deadlineOf(2) == Start + 11ms);
}

void tst_DeliveryOrder::timersRemovedMeanwhileAreGone()
{
    TimerQueue queue;
    QObject object;
    for (int id = 1; id <= 3; ++id)
        queue.insert(id, 1ms, Qt::PreciseTimer, &object, Start);
    std::vector<TimerQueue::Due> due;
    for (int i = 0; i < 3; ++i)
        due.push_back(*queue.takeDue(queue.beginBatch(Start + 1ms)));
    QVERIFY(queue.remove(due[1].id));
    QVERIFY(queue.finish(due[0]));
    QVERIFY(queue.finish(due[2]));
    QVERIFY(!queue.finish(due[1]));
    QCOMPARE(queue.size(), 2u);
    QVERIFY(queue.nextDeadline() == Start + 2ms);
}

void tst_DeliveryOrder::slotReusedMeanwhileIsAnotherTimers()
{
    TimerQueue queue;
    QObject object;
    queue.insert(1, 1ms, Qt::PreciseTimer, &object, Start);
    const auto former = queue.takeDue(queue.beginBatch(Start + 1ms));
    queue.insert(1, 5ms, Qt::PreciseTimer, &object, Start + 1ms);
    const auto latter = queue.takeDue(queue.beginBatch(Start + 6ms));
    QVERIFY(former && latter);
    QVERIFY(!queue.finish(*former));
    QVERIFY(queue.deadlineOf(1) == Start + 11ms);
    QVERIFY(queue.finish(*latter));
    QVERIFY(queue.nextDeadline() == Start + 11ms);
}

void tst_DeliveryOrder::anyOrderKeepsEachTimersDeadline()
{
    std::mt19937 random(1);
    TimerQueue queue;
    QObject object;
    for (int id = 1; id <= 50; ++id)
        queue.insert(id, id * 1ms, Qt::PreciseTimer, &object, Start);
    std::vector<TimerQueue::Due> running;
    Instant now = Start;
    for (int step = 0; step < 20'000; ++step) {
        now += 137us;
        if (random() % 2 == 0) {
            if (const auto due = queue.takeDue(queue.beginBatch(now)))
                running.push_back(*due);
        } else if (!running.empty()) {
            const auto any = running.begin() + static_cast<std::ptrdiff_t>(random() % running.size());
            const std::optional<Instant> expected = queue.deadlineOf(any->id);
            QVERIFY(queue.finish(*any));
            QVERIFY(queue.deadlineOf(any->id) == expected);
            running.erase(any);
        }
    }
    for (const TimerQueue::Due &due : running)
        QVERIFY(queue.finish(due));
    QCOMPARE(queue.size(), 50u);
    QCOMPARE(queue.timersOf(&object).size(), 50u);
}

QTEST_APPLESS_MAIN(tst_DeliveryOrder)
#include "tst_deliveryorder.moc"
