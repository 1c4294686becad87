// SPDX-License-Identifier: MIT
#include "base/slotpool.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace {

struct Slot
{
    int value;
    std::uint32_t generation;
    std::uint32_t link;
};
using Pool = Flywheel::SlotPool<Slot, 4>;

} // namespace

class tst_SlotPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void indexesAreUniqueAndDense();
    void slotsNeverMove();
    void lastReleasedIsReusedFirst();
    void handleOfReleasedSlotIsNotCurrent();
    void generationSurvivesReuse();
};

void tst_SlotPool::indexesAreUniqueAndDense()
{
    Pool pool;
    std::set<std::uint32_t> indexes;
    for (int i = 0; i < 10; ++i)
        indexes.insert(pool.acquire());
    QCOMPARE(indexes.size(), std::size_t(10));
    QCOMPARE(*indexes.rbegin(), 9u);
}

void tst_SlotPool::slotsNeverMove()
{
    Pool pool;
    const std::uint32_t first = pool.acquire();
    Slot *const address = &pool[first];
    address->value = 42;
    for (int i = 0; i < 1000; ++i)
        pool.acquire();
    QCOMPARE(&pool[first], address);
    QCOMPARE(pool[first].value, 42);
}

void tst_SlotPool::lastReleasedIsReusedFirst()
{
    Pool pool;
    const std::uint32_t a = pool.acquire();
    const std::uint32_t b = pool.acquire();
    pool.release(a);
    pool.release(b);
    QCOMPARE(pool.acquire(), b);
    QCOMPARE(pool.acquire(), a);
}

void tst_SlotPool::handleOfReleasedSlotIsNotCurrent()
{
    Pool pool;
    const std::uint32_t index = pool.acquire();
    const Flywheel::SlotHandle handle = pool.handle(index);
    QVERIFY(pool.isCurrent(handle));
    pool.release(index);
    QVERIFY(!pool.isCurrent(handle));
    QCOMPARE(pool.acquire(), index);
    QVERIFY(!pool.isCurrent(handle));
    QVERIFY(pool.isCurrent(pool.handle(index)));
}

void tst_SlotPool::generationSurvivesReuse()
{
    Pool pool;
    std::vector<Flywheel::SlotHandle> handles;
    for (int i = 0; i < 100; ++i) {
        handles.push_back(pool.handle(pool.acquire()));
        QCOMPARE(handles.back().index, 0u);
        pool.release(0);
    }
    QVERIFY(
        std::none_of(handles.begin(), handles.end(), [&](auto handle) { return pool.isCurrent(handle); }));
}

QTEST_APPLESS_MAIN(tst_SlotPool)
#include "tst_slotpool.moc"
