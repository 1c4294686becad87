// SPDX-License-Identifier: MIT
#include "timers/deadlineheap.h"

#include <QtTest/qtest.h>

#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

constexpr Instant Start{1000s};

} // namespace

class tst_DeadlineHeap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordersByDeadlineThenByStart();
    void orderOfStartMayWrapAround();
    void knowsWhatItHolds();
    void behavesLikeSet_data();
    void behavesLikeSet();
};

void tst_DeadlineHeap::ordersByDeadlineThenByStart()
{
    DeadlineHeap heap;
    heap.push({Start + 2ns, 0, 0});
    heap.push({Start + 1ns, 4, 1});
    heap.push({Start + 1ns, 2, 2});
    heap.push({Start + 1ns, 3, 3});
    heap.push({Start, 9, 4});
    for (const std::uint32_t slot : {4u, 2u, 3u, 1u, 0u}) {
        QCOMPARE(heap.top().slot, slot);
        heap.pop();
    }
    QVERIFY(heap.isEmpty());
}

void tst_DeadlineHeap::orderOfStartMayWrapAround()
{
    DeadlineHeap heap;
    heap.push({Start, 1, 0});
    heap.push({Start, UINT32_MAX, 1});
    heap.push({Start, UINT32_MAX - 5, 2});
    for (const std::uint32_t slot : {2u, 1u, 0u}) {
        QCOMPARE(heap.top().slot, slot);
        heap.pop();
    }
}

void tst_DeadlineHeap::knowsWhatItHolds()
{
    DeadlineHeap heap;
    QVERIFY(!heap.find(1'000));
    QVERIFY(!heap.remove(1'000));
    heap.push({Start, 1, 1'000});
    QVERIFY(!heap.find(999));
    QVERIFY(heap.find(1'000)->deadline == Start);
    heap.pop();
    QVERIFY(!heap.find(1'000));
}

void tst_DeadlineHeap::behavesLikeSet_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<int>("deadlines");
    for (unsigned seed = 1; seed <= 4; ++seed) {
        QTest::addRow("%u, many ties", seed) << seed << 20;
        QTest::addRow("%u, hardly any tie", seed) << seed << 1'000'000;
    }
}

void tst_DeadlineHeap::behavesLikeSet()
{
    QFETCH(unsigned, seed);
    QFETCH(int, deadlines);
    constexpr std::size_t Slots = 1'500;
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> anyDeadline(0, deadlines);
    std::uniform_int_distribution<std::uint32_t> anySlot(0, Slots - 1);
    DeadlineHeap heap;
    std::vector<std::optional<DeadlineEntry>> entries(Slots);
    std::set<DeadlineEntry> model;

    for (std::uint32_t step = 0; step < 30'000; ++step) {
        const std::uint32_t slot = anySlot(random);
        const bool isIn = entries[slot].has_value();
        QCOMPARE(heap.find(slot) != nullptr, isIn);
        if (isIn) {
            QCOMPARE(heap.find(slot)->order, entries[slot]->order);
            model.erase(*std::exchange(entries[slot], std::nullopt));
            QVERIFY(heap.remove(slot));
        } else if (random() % 4 == 0 && !model.empty()) {
            entries[model.begin()->slot].reset();
            model.erase(model.begin());
            heap.pop();
        } else {
            QVERIFY(!heap.remove(slot));
            entries[slot] = {Start + Nanoseconds(anyDeadline(random)), step, slot};
            model.insert(*entries[slot]);
            heap.push(*entries[slot]);
        }
        QCOMPARE(heap.isEmpty(), model.empty());
        if (!model.empty())
            QCOMPARE(heap.top().slot, model.begin()->slot);
    }
}

QTEST_APPLESS_MAIN(tst_DeadlineHeap)
#include "tst_deadlineheap.moc"
