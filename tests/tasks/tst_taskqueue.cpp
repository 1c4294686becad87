// SPDX-License-Identifier: MIT
#include "support/fakeclock.h"
#include "tasks/taskqueue.h"

#include <QtTest/qtest.h>

#include <thread>
#include <vector>

using namespace std::chrono_literals;
using Flywheel::Immediately;
using Flywheel::InlineTask;
using Flywheel::Never;
using Flywheel::TaskQueue;
using Flywheel::Test::FakeClock;

namespace {

TaskQueue::Posted post(TaskQueue &queue, auto callable)
{
    const TaskQueue::Posted posted = queue.post(InlineTask(callable));
    if (posted == TaskQueue::Posted::QueuedFirst)
        queue.endWake();
    return posted;
}

/// Runs one batch. How many there were.
int runBatch(TaskQueue &queue)
{
    const TaskQueue::Limit limit = queue.beginBatch();
    TaskQueue::Taken taken;
    int run = 0;
    for (; queue.takeNext(limit, taken); ++run)
        taken.task();
    return run;
}

} // namespace

class tst_TaskQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { FakeClock::reset(); }
    void runsInOrderOfPosts();
    void onlyFirstPosterWakes();
    void batchIsBounded();
    void nestedBatchGoesOnWithTheOuterOne();
    void chunksAreRecycled();
    void depthIsExact();
    void ageOfTheOldest();
    void weightsAddUp();
    void closedQueueRefusesAndDestroys();
    void destructorsMayPostWhileClosing();
    void manyProducersLoseNothing();
};

void tst_TaskQueue::runsInOrderOfPosts()
{
    TaskQueue queue(FakeClock::now);
    std::vector<int> order;
    for (int i = 0; i < 1000; ++i)
        post(queue, [&order, i] { order.push_back(i); });
    QCOMPARE(runBatch(queue), 1000);
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(order[std::size_t(i)], i);
}

void tst_TaskQueue::onlyFirstPosterWakes()
{
    TaskQueue queue(FakeClock::now);
    QCOMPARE(post(queue, [] {}), TaskQueue::Posted::QueuedFirst);
    QCOMPARE(post(queue, [] {}), TaskQueue::Posted::Queued);
    runBatch(queue);
    QCOMPARE(post(queue, [] {}), TaskQueue::Posted::QueuedFirst);
}

void tst_TaskQueue::batchIsBounded()
{
    TaskQueue queue(FakeClock::now);
    int calls = 0;
    post(queue, [&] {
        ++calls;
        post(queue, [&] { ++calls; });
    });
    QCOMPARE(runBatch(queue), 1);
    QCOMPARE(calls, 1);
    QVERIFY(!queue.isEmpty());
    QCOMPARE(runBatch(queue), 1);
    QVERIFY(queue.isEmpty());
}

void tst_TaskQueue::nestedBatchGoesOnWithTheOuterOne()
{
    TaskQueue queue(FakeClock::now);
    std::vector<int> order;
    int nested = 0;
    post(queue, [&] {
        order.push_back(1);
        post(queue, [&] { order.push_back(4); });
        nested = runBatch(queue);
    });
    post(queue, [&] { order.push_back(2); });
    post(queue, [&] { order.push_back(3); });
    QCOMPARE(runBatch(queue), 1);
    QCOMPARE(nested, 3);
    QCOMPARE(order, (std::vector{1, 2, 3, 4}));
}

void tst_TaskQueue::chunksAreRecycled()
{
    TaskQueue queue(FakeClock::now);
    const auto round = [&] {
        for (int i = 0; i < 500; ++i)
            post(queue, [] {});
        runBatch(queue);
    };
    round();
    round();
    const std::uint64_t warm = queue.capacity();
    for (int i = 0; i < 100; ++i)
        round();
    QCOMPARE(queue.capacity(), warm);
}

void tst_TaskQueue::depthIsExact()
{
    TaskQueue queue(FakeClock::now);
    std::vector<std::uint64_t> depths;
    for (int i = 0; i < 3; ++i)
        post(queue, [&] { depths.push_back(queue.depth()); });
    QCOMPARE(queue.depth(), std::uint64_t(3));
    runBatch(queue);
    QCOMPARE(depths, (std::vector<std::uint64_t>{2, 1, 0}));
}

void tst_TaskQueue::ageOfTheOldest()
{
    TaskQueue queue(FakeClock::now);
    queue.setStamping(true);
    QCOMPARE(queue.oldest(), Never);
    const auto first = FakeClock::now();
    std::vector<Flywheel::Instant> seen;
    post(queue, [&] { seen.push_back(queue.oldest()); });
    FakeClock::advance(1s);
    post(queue, [] {});
    QCOMPARE(queue.oldest(), first);
    const TaskQueue::Limit limit = queue.beginBatch();
    FakeClock::advance(1s);
    post(queue, [] {});
    QCOMPARE(queue.oldest(), first);
    TaskQueue::Taken taken;
    QVERIFY(queue.takeNext(limit, taken));
    QCOMPARE(taken.posted, first);
    QVERIFY(queue.takeNext(limit, taken));
    QCOMPARE(queue.oldest(), first + 2s);
    runBatch(queue);
    QCOMPARE(queue.oldest(), Never);
}

void tst_TaskQueue::weightsAddUp()
{
    TaskQueue queue(FakeClock::now);
    queue.setStamping(true);
    std::uint64_t posted = 0;
    std::uint64_t weight = 0;
    for (const int burst : {1, 1, 7, 8, 9, 100, 3}) {
        for (int i = 0; i < burst; ++i, ++posted)
            post(queue, [] {});
        const TaskQueue::Limit limit = queue.beginBatch();
        TaskQueue::Taken taken;
        while (queue.takeNext(limit, taken))
            weight += taken.posted != Immediately ? taken.weight : 0;
    }
    // All but those behind the last one that was noted.
    QVERIFY(weight <= posted);
    QVERIFY(posted - weight < 8);
}

void tst_TaskQueue::closedQueueRefusesAndDestroys()
{
    TaskQueue queue(FakeClock::now);
    const auto shared = std::make_shared<int>(0);
    for (int i = 0; i < 200; ++i)
        post(queue, [shared] { ++*shared; });
    queue.close();
    QCOMPARE(shared.use_count(), 1L);
    QCOMPARE(*shared, 0);
    QCOMPARE(post(queue, [shared] {}), TaskQueue::Posted::Refused);
    QCOMPARE(shared.use_count(), 1L);
    QVERIFY(queue.isEmpty());
}

void tst_TaskQueue::destructorsMayPostWhileClosing()
{
    TaskQueue queue(FakeClock::now);
    TaskQueue::Posted posted = TaskQueue::Posted::Queued;
    struct Poster
    {
        TaskQueue *queue;
        TaskQueue::Posted *posted;
        ~Poster()
        {
            *posted = post(*queue, [] {});
        }
    };
    post(queue, [poster = std::make_shared<Poster>(&queue, &posted)] {});
    queue.close();
    QCOMPARE(posted, TaskQueue::Posted::Refused);
}

void tst_TaskQueue::manyProducersLoseNothing()
{
    constexpr int Producers = 4;
    constexpr int Each = 20'000;
    TaskQueue queue(FakeClock::now);
    std::array<int, Producers> next{}; // each producer's tasks come in its order
    bool inOrder = true;
    std::vector<std::thread> producers;
    for (int p = 0; p < Producers; ++p) {
        producers.emplace_back([&, p] {
            for (int i = 0; i < Each; ++i)
                post(queue, [&, p, i] { inOrder = inOrder && next[std::size_t(p)]++ == i; });
        });
    }
    for (int run = 0; run < Producers * Each;) {
        const int batch = runBatch(queue);
        run += batch;
        if (batch == 0)
            std::this_thread::yield();
    }
    for (std::thread &producer : producers)
        producer.join();
    QVERIFY(inOrder);
    QVERIFY(queue.isEmpty());
}

QTEST_GUILESS_MAIN(tst_TaskQueue)
#include "tst_taskqueue.moc"
