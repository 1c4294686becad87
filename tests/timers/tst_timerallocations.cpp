// SPDX-License-Identifier: MIT
#include "support/allocations.h"
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

#include <memory>
#include <random>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_TimerAllocations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void warmQueueDoesNotAllocate();
    void timersTakeAtMost96Bytes_data();
    void timersTakeAtMost96Bytes();
};

void tst_TimerAllocations::warmQueueDoesNotAllocate()
{
    constexpr int Count = 10'000;
    std::vector<QObject> objects(Count);
    std::mt19937 random(1);
    TimerQueue queue;
    Instant now{1000s};
    const auto start = [&](int id) {
        const auto interval = std::chrono::milliseconds(random() % 100);
        queue.insert(id, interval, Qt::CoarseTimer, &objects[std::size_t(id - 1)], now);
    };
    const auto deliver = [&] {
        int delivered = 0;
        const TimerQueue::Batch batch = queue.beginBatch(now);
        while (const std::optional<TimerQueue::Due> due = queue.takeDue(batch)) {
            ++delivered;
            queue.finish(*due);
        }
        return delivered;
    };
    for (int id = 1; id <= Count; ++id)
        start(id);
    now += 1ms;
    QVERIFY(deliver() > 0);

    const std::size_t before = allocations();
    int delivered = 0;
    for (int round = 0; round < 20; ++round) {
        for (int id = 1; id <= Count; id += 7) { // stop
            queue.remove(id);
            queue.removeAll(&objects[std::size_t(id)]);
        }
        for (int id = Count; id >= 1; --id) // start and restart
            start(id);
        now += 10ms;
        delivered += deliver(); // fire
    }
    QCOMPARE(allocations(), before);
    QVERIFY(delivered > Count);
}

void tst_TimerAllocations::timersTakeAtMost96Bytes_data()
{
    QTest::addColumn<int>("count");
    for (int count = 1'000; count <= 200'000; count += count / 9) // tables grow at sizes that nobody chose
        QTest::addRow("%d", count) << count;
    for (const int count : {66'000, 99'000, 100'000, 132'000, 157'300, 200'000})
        QTest::addRow("%d, awkward", count) << count;
}

/// One timer an object, the most expensive case.
void tst_TimerAllocations::timersTakeAtMost96Bytes()
{
    QFETCH(int, count);
    const std::vector<QObject> objects(static_cast<std::size_t>(count));
    const std::size_t before = allocatedBytes();
    auto queue = std::make_unique<TimerQueue>();
    for (int i = 0; i < count; ++i) {
        auto *const object = const_cast<QObject *>(&objects[static_cast<std::size_t>(i)]);
        queue->insert(i + 1, std::chrono::milliseconds(i), Qt::PreciseTimer, object, Instant(1000s));
    }
    const double bytes = double(allocatedBytes() - before) / count;
    QVERIFY2(bytes <= 96, qPrintable(QString::number(bytes)));
    QVERIFY(bytes >= 40); // less than what a slot holds: then this test counts wrong
}

QTEST_APPLESS_MAIN(tst_TimerAllocations)
#include "tst_timerallocations.moc"
