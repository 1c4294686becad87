// SPDX-License-Identifier: MIT
#include "timers/slottable.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <random>
#include <unordered_map>
#include <vector>

namespace {

constexpr std::uint32_t None = UINT32_MAX;

/// Slots whose keys are plain numbers. Counts how often a key is read: a read is a cache miss in a large
/// table.
struct Keys
{
    std::vector<int> values;
    mutable std::size_t reads = 0;
};

template <std::uint64_t (*Number)(int)>
struct KeyOf
{
    const Keys *keys;
    int key(std::uint32_t slot) const
    {
        ++keys->reads;
        return keys->values[slot];
    }
    static std::uint64_t number(int key) { return Number(key); }
};

std::uint64_t itself(int key)
{
    return static_cast<std::uint64_t>(key);
}

std::uint64_t sameForAll(int)
{
    return 7;
}

std::uint64_t sameForEight(int key)
{
    return static_cast<std::uint64_t>(key) / 8;
}

/// Undoes the table's hash function, so that a key's home is chosen by the test: key / 100, of 16.
std::uint64_t chosenHome(int key)
{
    constexpr std::uint64_t Inverse = 0xF1DE'83E1'9937'733Du;
    static_assert(Inverse * 0x9E37'79B9'7F4A'7C15u == 1);
    const std::uint64_t mixed = (static_cast<std::uint64_t>(key / 100) << 60) * Inverse;
    return (mixed ^ mixed >> 32) * Inverse;
}

template <std::uint64_t (*Number)(int)>
using Table = Flywheel::SlotTable<int, KeyOf<Number>>;

/// Random inserts, replacements and removals, compared with std::unordered_map.
template <std::uint64_t (*Number)(int)>
void compareWithMap(unsigned seed, int keyCount, int steps)
{
    std::mt19937 random(seed);
    Keys keys;
    Table<Number> table({&keys});
    std::unordered_map<int, std::uint32_t> model;
    std::uniform_int_distribution<int> anyKey(1, keyCount);
    for (int i = 0; i < steps; ++i) {
        const int key = anyKey(random);
        const auto found = model.find(key);
        QCOMPARE(table.find(key), found == model.end() ? None : found->second);
        const auto slot = static_cast<std::uint32_t>(keys.values.size());
        if (found == model.end()) {
            QCOMPARE(table.take(key), None);
            keys.values.push_back(key);
            QCOMPARE(table.insert(slot), slot);
            model[key] = slot;
        } else if (random() % 4 == 0) {
            keys.values.push_back(key);
            table.replace(key, slot);
            found->second = slot;
        } else {
            QCOMPARE(table.take(key), found->second);
            model.erase(found);
        }
        QCOMPARE(table.size(), model.size());
    }
    for (int key = 1; key <= keyCount; ++key)
        QCOMPARE(table.find(key), model.contains(key) ? model[key] : None);
}

} // namespace

class tst_SlotTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNothingInEmptyTable();
    void collisionsWrapAround();
    void takeMovesBackWhatItHid_data();
    void takeMovesBackWhatItHid();
    void behavesLikeMap_data();
    void behavesLikeMap();
    void costIsFlat_data();
    void costIsFlat();
};

void tst_SlotTable::findsNothingInEmptyTable()
{
    Keys keys;
    const Table<itself> table({&keys});
    QCOMPARE(table.find(1), None);
    QCOMPARE(table.size(), std::size_t(0));
}

void tst_SlotTable::collisionsWrapAround()
{
    Keys keys{{1400, 1401, 1402, 1403, 1404}};
    Table<chosenHome> table({&keys});
    for (std::uint32_t slot = 0; slot < 5; ++slot)
        table.insert(slot);
    for (std::uint32_t slot = 0; slot < 5; ++slot)
        QCOMPARE(table.find(1400 + int(slot)), slot);
    QCOMPARE(table.find(1405), None);
}

void tst_SlotTable::takeMovesBackWhatItHid_data()
{
    QTest::addColumn<int>("taken");
    for (int slot = 0; slot < 7; ++slot)
        QTest::newRow(qPrintable(QString::number(slot))) << slot;
}

void tst_SlotTable::takeMovesBackWhatItHid()
{
    QFETCH(int, taken);
    // All but the first stand past the end of the table or behind what does, some at home and some not.
    Keys keys{{1500, 1501, 0, 100, 1, 400, 200}};
    Table<chosenHome> table({&keys});
    for (std::uint32_t slot = 0; slot < 7; ++slot)
        table.insert(slot);
    QCOMPARE(table.take(keys.values[std::size_t(taken)]), std::uint32_t(taken));
    for (std::uint32_t slot = 0; slot < 7; ++slot)
        QCOMPARE(table.find(keys.values[slot]), int(slot) == taken ? None : slot);
}

void tst_SlotTable::behavesLikeMap_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 8; ++seed)
        QTest::newRow(qPrintable(QString::number(seed))) << seed;
}

void tst_SlotTable::behavesLikeMap()
{
    QFETCH(unsigned, seed);
    compareWithMap<itself>(seed, 2'000, 20'000);
    compareWithMap<sameForEight>(seed, 500, 20'000);
    compareWithMap<sameForAll>(seed, 40, 5'000);
}

void tst_SlotTable::costIsFlat_data()
{
    QTest::addColumn<int>("runLength");
    QTest::addColumn<int>("runDistance");
    QTest::newRow("dense") << 10'000 << 10'000;
    QTest::newRow("runs that overlap in the table") << 2'500 << 16'384;
    QTest::newRow("each 16th, as with 16 loops") << 1 << 16;
    QTest::newRow("each 96th, as the addresses of small objects") << 1 << 96;
    QTest::newRow("each 144th") << 1 << 144; // 10,000 of these cluster after one multiplication by 2^64/phi
    QTest::newRow("each 4096th") << 1 << 4096;
}

void tst_SlotTable::costIsFlat()
{
    QFETCH(int, runLength);
    QFETCH(int, runDistance);
    constexpr int Count = 10'000;
    Keys keys;
    Table<itself> table({&keys});
    for (int i = 0; i < Count; ++i) {
        keys.values.push_back(i / runLength * runDistance + i % runLength + 1);
        table.insert(static_cast<std::uint32_t>(i));
    }
    keys.reads = 0;
    for (std::uint32_t slot = 0; slot < Count; ++slot) {
        QCOMPARE(table.take(keys.values[slot]), slot);
        table.insert(slot);
        QCOMPARE(table.find(keys.values[slot]), slot);
    }
    QVERIFY2(keys.reads <= Count * 5, qPrintable(QString::number(keys.reads)));
}

QTEST_APPLESS_MAIN(tst_SlotTable)
#include "tst_slottable.moc"
