// SPDX-License-Identifier: MIT
// A timer that cannot be started for lack of memory changes nothing, and delivery needs none.
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

/// How many allocations succeed from now on; negative: all.
int s_allowed = -1;

void *allocate(std::size_t bytes)
{
    if (s_allowed == 0)
        throw std::bad_alloc();
    if (s_allowed > 0)
        --s_allowed;
    if (void *const memory = std::malloc(bytes ? bytes : 1))
        return memory;
    throw std::bad_alloc();
}

} // namespace

void *operator new(std::size_t bytes)
{
    return allocate(bytes);
}
void operator delete(void *memory) noexcept
{
    std::free(memory);
}
void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}

class tst_LackOfMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void failedStartLeavesTheOthers();
    void handledTimerComesBackWithoutMemory();

private:
    static constexpr Instant Start{1000s};
};

void tst_LackOfMemory::failedStartLeavesTheOthers()
{
    const std::vector<QObject> objects(2000);
    TimerQueue queue;
    int started = 0;
    int failed = 0;
    for (int id = 1; id <= 2000; ++id) {
        auto *const object = const_cast<QObject *>(&objects[static_cast<std::size_t>(id - 1)]);
        for (int allowed = 0;; ++allowed) {
            s_allowed = allowed;
            bool fits = true;
            try {
                queue.insert(id, id * 1ms, Qt::PreciseTimer, object, Start);
            } catch (const std::bad_alloc &) {
                fits = false;
            }
            s_allowed = -1;
            if (fits)
                break;
            ++failed;
            QVERIFY(!queue.deadlineOf(id));
            QVERIFY(queue.timersOf(object).empty());
            QCOMPARE(queue.size(), std::size_t(started));
        }
        ++started;
    }
    QVERIFY(failed > 10);
    for (int id = 1; id <= 2000; ++id) {
        const auto due = queue.takeDue(queue.beginBatch(Start + id * 1ms));
        QVERIFY(due);
        QCOMPARE(due->id, id);
        QVERIFY(queue.remove(id));
        QVERIFY(!queue.finish(*due));
    }
    QVERIFY(queue.isEmpty());
}

void tst_LackOfMemory::handledTimerComesBackWithoutMemory()
{
    QObject object;
    for (int count = 1; count <= 200; ++count) {
        TimerQueue queue;
        queue.insert(1, 1ms, Qt::PreciseTimer, &object, Start);
        const auto due = queue.takeDue(queue.beginBatch(Start + 1ms));
        QVERIFY(due);
        for (int id = 2; id <= count; ++id) // while it is handled, as many as there is room for
            queue.insert(id, 1ms, Qt::PreciseTimer, &object, Start + 1ms);
        s_allowed = 0;
        const bool isBack = queue.finish(*due);
        s_allowed = -1;
        QVERIFY(isBack);
        QCOMPARE(queue.size(), std::size_t(count));
    }
}

QTEST_APPLESS_MAIN(tst_LackOfMemory)
#include "tst_lackofmemory.moc"
