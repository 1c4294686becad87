// SPDX-License-Identifier: MIT
#include "base/pagedarray.h"
#include "support/allocations.h"

#include <QtTest/qtest.h>

#include <cstdint>
#include <vector>

using Flywheel::PagedArray;

class tst_PagedArray : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void untouchedElementsAreValueInitialised();
    void findTouchesNothing();
    void elementsNeverMove();
    void highIndexTouchesOnePage();
    void visitsTouchedPagesInOrder();
    void visitStopsAndGoesOn();
    void visitFromBehindTheEnd();
    void hugeIndicesCostLittle();
    void visitsHugeIndicesLast();
};

using Small = PagedArray<int, 4>;

void tst_PagedArray::untouchedElementsAreValueInitialised()
{
    Small array;
    array[5] = 1;
    QCOMPARE(array[4], 0);
    QCOMPARE(array[6], 0);
    QCOMPARE(*array.find(7), 0);
}

void tst_PagedArray::findTouchesNothing()
{
    Small array;
    QVERIFY(!array.find(0));
    QVERIFY(!array.find(1'000'000'000));
    array[9] = 3;
    QVERIFY(!array.find(0));
    QVERIFY(!array.find(12));
    QCOMPARE(*array.find(9), 3);
}

void tst_PagedArray::elementsNeverMove()
{
    Small array;
    int *const element = &array[2];
    *element = 7;
    for (std::size_t i = 0; i < 1000; ++i)
        array[i * 4] = 1;
    QCOMPARE(&array[2], element);
    QCOMPARE(*element, 7);
}

void tst_PagedArray::highIndexTouchesOnePage()
{
    Small array;
    array[4'000] = 1;
    int visited = 0;
    array.visitFrom(0, [&](std::size_t, int &) { return ++visited > 0; });
    QCOMPARE(visited, 4);
}

void tst_PagedArray::visitsTouchedPagesInOrder()
{
    Small array;
    array[9] = 90;
    array[1] = 10;
    std::vector<std::size_t> indices;
    const std::size_t next = array.visitFrom(0, [&](std::size_t index, int &element) {
        indices.push_back(index);
        return element != 12345;
    });
    const std::vector<std::size_t> expected{0, 1, 2, 3, 8, 9, 10, 11};
    QCOMPARE(indices, expected);
    QCOMPARE(next, 0u);
}

void tst_PagedArray::visitStopsAndGoesOn()
{
    Small array;
    array[1] = 1;
    array[9] = 9;
    std::vector<std::size_t> indices;
    const auto three = [&](std::size_t index, int &) {
        indices.push_back(index);
        return indices.size() % 3 != 0;
    };
    const std::size_t second = array.visitFrom(0, three);
    QCOMPARE(second, 3u);
    const std::size_t third = array.visitFrom(second, three);
    QCOMPARE(third, 10u);
    QCOMPARE(array.visitFrom(third, three), 0u);
    const std::vector<std::size_t> expected{0, 1, 2, 3, 8, 9, 10, 11};
    QCOMPARE(indices, expected);
}

void tst_PagedArray::visitFromBehindTheEnd()
{
    Small array;
    array[1] = 1;
    int visited = 0;
    QCOMPARE(array.visitFrom(100, [&](std::size_t, int &) { return ++visited > 0; }), 0u);
    QCOMPARE(visited, 0);
}

void tst_PagedArray::hugeIndicesCostLittle()
{
    PagedArray<int> array;
    const std::size_t before = Flywheel::Test::allocatedBytes();
    for (const std::size_t index : {65'535u, 1u << 30, 0x7fff'ffffu}) {
        QVERIFY(!array.find(index));
        array[index] = 3;
        QCOMPARE(*array.find(index), 3);
        QVERIFY(!array.find(index - 128));
    }
    const std::size_t grown = Flywheel::Test::allocatedBytes() - before;
    QVERIFY2(grown < 64 * 1024, QByteArray::number(quint64(grown)).constData());
}

void tst_PagedArray::visitsHugeIndicesLast()
{
    PagedArray<int, 2, 8> array;
    array[100'000] = 1;
    array[3] = 1;
    array[17] = 1;
    std::vector<std::size_t> indices;
    const auto visitOne = [&](std::size_t index, int &element) {
        if (element == 1)
            indices.push_back(index);
        return element != 1;
    };
    std::size_t next = array.visitFrom(0, visitOne);
    for (int i = 0; i < 10 && next != 0; ++i)
        next = array.visitFrom(next, visitOne);
    const std::vector<std::size_t> expected{3, 17, 100'000};
    QCOMPARE(indices, expected);
    QCOMPARE(next, 0u);
}

QTEST_APPLESS_MAIN(tst_PagedArray)
#include "tst_pagedarray.moc"
