// SPDX-License-Identifier: MIT
#include "naivetimers.h"
#include "timers/timerqueue.h"

#include <QtTest/qtest.h>

#include <array>
#include <random>

using namespace Flywheel;
using Flywheel::Test::NaiveTimers;
using namespace std::chrono_literals;

namespace {

/// Does the same random things to a TimerQueue and to the naive one, and notes the first difference.
class Comparison
{
public:
    Comparison(unsigned seed, int ids) : m_random(seed), m_ids(ids) {}

    void run(int steps)
    {
        for (int i = 0; i < steps && m_difference.isEmpty(); ++i)
            step(0);
    }
    QString difference() const { return m_difference; }
    int deliveries() const { return m_deliveries; }
    int deepest() const { return m_deepest; }

private:
    int number(int from, int to) { return std::uniform_int_distribution(from, to)(m_random); }
    QObject *anyObject() { return &m_objects[std::size_t(number(0, int(m_objects.size()) - 1))]; }

    void check(bool same, const char *what)
    {
        if (!same && m_difference.isEmpty())
            m_difference = QString::fromLatin1(what);
    }

    void step(int depth)
    {
        const int choice = number(0, 99);
        if (choice < 40)
            insert();
        else if (choice < 60)
            remove();
        else if (choice < 62)
            removeAll();
        else if (choice < 80 && depth < 4)
            deliver(depth);
        else
            m_now += std::chrono::microseconds(number(0, 3) * 500);
        compare();
    }

    void insert()
    {
        static constexpr std::array Intervals{0ns,
                                              Nanoseconds(1ms),
                                              Nanoseconds(2ms),
                                              Nanoseconds(10ms),
                                              Nanoseconds(25ms),
                                              Nanoseconds(1500ms)};
        static constexpr std::array Types{Qt::PreciseTimer, Qt::CoarseTimer, Qt::VeryCoarseTimer};
        const int id = number(1, m_ids);
        const Nanoseconds interval = Intervals[std::size_t(number(0, int(Intervals.size()) - 1))];
        const Qt::TimerType type = Types[std::size_t(number(0, int(Types.size()) - 1))];
        QObject *const object = anyObject();
        m_queue.insert(id, interval, type, object, m_now);
        m_naive.insert(id, interval, type, object, m_now);
    }

    void remove()
    {
        const int id = number(1, m_ids);
        check(m_queue.remove(id) == m_naive.remove(id), "remove");
    }

    void removeAll()
    {
        const QObject *const object = anyObject();
        m_queue.removeAll(object);
        m_naive.removeAll(object);
    }

    void deliver(int depth)
    {
        m_deepest = std::max(m_deepest, depth);
        const TimerQueue::Batch batch = m_queue.beginBatch(m_now);
        NaiveTimers::Batch expected = m_naive.beginBatch(m_now);
        for (;;) {
            const std::optional<TimerQueue::Due> due = m_queue.takeDue(batch);
            const std::optional<std::pair<int, int>> naive = m_naive.takeDue(expected);
            check(due.has_value() == naive.has_value(), "something is due");
            if (!due || !naive)
                return;
            ++m_deliveries;
            check(due->id == naive->first, "which is due");
            for (int i = number(0, 2); i > 0; --i)
                step(depth + 1);
            m_queue.finish(*due);
            m_naive.finish(naive->second);
            compare();
        }
    }

    void compare()
    {
        check(m_queue.isEmpty() == m_naive.isEmpty(), "isEmpty");
        check(m_queue.nextDeadline() == m_naive.nextDeadline(), "nextDeadline");
        const int id = number(1, m_ids);
        check(m_queue.deadlineOf(id) == m_naive.deadlineOf(id), "deadlineOf");
        const QObject *const object = anyObject();
        std::vector<int> ids;
        for (const TimerQueue::Info &info : m_queue.timersOf(object))
            ids.push_back(info.id);
        check(ids == m_naive.timersOf(object), "timersOf");
    }

    std::mt19937 m_random;
    const int m_ids;
    Instant m_now{1000s};
    std::array<QObject, 5> m_objects;
    TimerQueue m_queue;
    NaiveTimers m_naive;
    QString m_difference;
    int m_deliveries = 0;
    int m_deepest = 0;
};

} // namespace

class tst_TimerModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void queueBehavesLikeSortedMap_data();
    void queueBehavesLikeSortedMap();
};

void tst_TimerModel::queueBehavesLikeSortedMap_data()
{
    QTest::addColumn<unsigned>("seed");
    QTest::addColumn<int>("ids");
    for (unsigned seed = 1; seed <= 10; ++seed) {
        QTest::addRow("%u, few timers", seed) << seed << 8;
        QTest::addRow("%u, many timers", seed) << seed << 120;
    }
}

void tst_TimerModel::queueBehavesLikeSortedMap()
{
    QFETCH(unsigned, seed);
    QFETCH(int, ids);
    Comparison comparison(seed, ids);
    comparison.run(3'000);
    QCOMPARE(comparison.difference(), QString());
    QVERIFY(comparison.deliveries() > 300);
    QVERIFY(comparison.deepest() >= 2);
}

QTEST_APPLESS_MAIN(tst_TimerModel)
#include "tst_timermodel.moc"
