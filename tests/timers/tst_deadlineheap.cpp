// SPDX-License-Identifier: MIT
#include "timers/deadlineheap.h"

#include <QtTest/qtest.h>

#include <random>
#include <set>
#include <vector>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

constexpr Instant Start{1000s};
constexpr std::size_t Gone = SIZE_MAX;

struct Positions
{
    std::vector<std::size_t> *of;
    void operator()(std::uint32_t slot, std::size_t position) const { (*of)[slot] = position; }
};

} // namespace

class tst_DeadlineHeap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordersByDeadlineThenByStart();
    void orderOfStartMayWrapAround();
    void behavesLikeSet_data();
    void behavesLikeSet();
};

void tst_DeadlineHeap::ordersByDeadlineThenByStart()
{
    std::vector<std::size_t> positions(5, Gone);
    DeadlineHeap heap(Positions{&positions});
    heap.push({Start + 2ns, 0, 0});
    heap.push({Start + 1ns, 4, 1});
    heap.push({Start + 1ns, 2, 2});
    heap.push({Start + 1ns, 3, 3});
    heap.push({Start, 9, 4});
    for (const std::uint32_t slot : {4u, 2u, 3u, 1u, 0u}) {
        QCOMPARE(heap.top().slot, slot);
        heap.removeAt(0);
    }
    QVERIFY(heap.isEmpty());
}

void tst_DeadlineHeap::orderOfStartMayWrapAround()
{
    std::vector<std::size_t> positions(3, Gone);
    DeadlineHeap heap(Positions{&positions});
    heap.push({Start, 1, 0});
    heap.push({Start, UINT32_MAX, 1});
    heap.push({Start, UINT32_MAX - 5, 2});
    for (const std::uint32_t slot : {2u, 1u, 0u}) {
        QCOMPARE(heap.top().slot, slot);
        heap.removeAt(0);
    }
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
    std::vector<std::size_t> positions(Slots, Gone);
    std::vector<DeadlineEntry> entries(Slots);
    DeadlineHeap heap(Positions{&positions});
    std::set<DeadlineEntry> model;

    for (std::uint32_t step = 0; step < 30'000; ++step) {
        const std::uint32_t slot = random() % 4 == 0 && !model.empty() ? heap.top().slot : anySlot(random);
        if (positions[slot] == Gone) {
            entries[slot] = {Start + Nanoseconds(anyDeadline(random)), step, slot};
            heap.push(entries[slot]);
            model.insert(entries[slot]);
        } else {
            QCOMPARE(heap.at(positions[slot]).slot, slot);
            heap.removeAt(positions[slot]);
            positions[slot] = Gone;
            model.erase(entries[slot]);
        }
        QCOMPARE(heap.isEmpty(), model.empty());
        if (!model.empty())
            QCOMPARE(heap.top().slot, model.begin()->slot);
    }
}

QTEST_APPLESS_MAIN(tst_DeadlineHeap)
#include "tst_deadlineheap.moc"
