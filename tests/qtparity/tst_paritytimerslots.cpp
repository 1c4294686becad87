// SPDX-License-Identifier: MIT
// Timers as programs use them: QTimer, QBasicTimer, singleShot, and what slots do to them.
#include "parityloop.h"

#include "base/clock.h"

#include <QtCore/qbasictimer.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qpointer.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <memory>
#include <optional>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ParityTimerSlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void singleShotFiresOnce();
    void staticSingleShot_data();
    void staticSingleShot();
    void staticSingleShotWithDeadContext();
    void restartBeginsAnew();
    void intervalChangedWhileRunning();
    void stoppedInOwnSlot();
    void restartedInOwnSlot();
    void deletedInOwnSlot();
    void deletedLaterInOwnSlot();
    void otherDeletedInSlot();
    void startedInSlotOfAnother();
    void remainingTime();
    void basicTimer();
    void manyTimers();

protected:
    void timerEvent(QTimerEvent *event) override { m_ticks += event->timerId() == m_basicTimer.timerId(); }

private:
    std::optional<ParityLoop> m_loop;
    QBasicTimer m_basicTimer;
    int m_ticks = 0;
};

void tst_ParityTimerSlots::singleShotFiresOnce()
{
    QTimer timer;
    timer.setSingleShot(true);
    QTimer repeating;
    int fired = 0;
    int repeated = 0;
    connect(&timer, &QTimer::timeout, this, [&] { ++fired; });
    connect(&repeating, &QTimer::timeout, this, [&] { ++repeated; });
    timer.start(1);
    repeating.start(1);
    m_loop->runUntil([&] { return repeated >= 10; });
    QCOMPARE(fired, 1);
    QVERIFY(!timer.isActive());
}

void tst_ParityTimerSlots::staticSingleShot_data()
{
    QTest::addColumn<int>("interval");
    QTest::newRow("0 ms") << 0;
    QTest::newRow("7 ms") << 7;
    QTest::newRow("60 ms") << 60;
}

void tst_ParityTimerSlots::staticSingleShot()
{
    QFETCH(int, interval);
    int fired = 0;
    const Instant start = steadyNow();
    QTimer::singleShot(interval, Qt::PreciseTimer, this, [&] { ++fired; });
    m_loop->runUntil([&] { return fired > 0; });
    QVERIFY(steadyNow() - start >= std::chrono::milliseconds(interval) - m_loop->mayBeEarly());
    m_loop->pass();
    QCOMPARE(fired, 1);
}

void tst_ParityTimerSlots::staticSingleShotWithDeadContext()
{
    auto context = std::make_unique<QObject>();
    int fired = 0;
    bool later = false;
    QTimer::singleShot(1, context.get(), [&] { ++fired; });
    QTimer::singleShot(10, this, [&] { later = true; });
    context.reset();
    m_loop->runUntil([&] { return later; });
    QCOMPARE(fired, 0);
}

void tst_ParityTimerSlots::restartBeginsAnew()
{
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    timer.setSingleShot(true);
    bool fired = false;
    connect(&timer, &QTimer::timeout, this, [&] { fired = true; });
    timer.start(50);
    QThread::msleep(30);
    const Instant restart = steadyNow();
    timer.start();
    m_loop->runUntil([&] { return fired; });
    QVERIFY(steadyNow() - restart >= 50ms - m_loop->mayBeEarly());
}

void tst_ParityTimerSlots::intervalChangedWhileRunning()
{
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    int fired = 0;
    connect(&timer, &QTimer::timeout, this, [&] { ++fired; });
    timer.start(100'000);
    timer.setInterval(5);
    m_loop->runUntil([&] { return fired == 2; });
    timer.setInterval(100'000);
    QVERIFY(timer.remainingTime() > 50'000);
}

void tst_ParityTimerSlots::stoppedInOwnSlot()
{
    QTimer timer;
    QTimer other;
    int fired = 0;
    int ticks = 0;
    connect(&timer, &QTimer::timeout, this, [&] {
        ++fired;
        timer.stop();
    });
    connect(&other, &QTimer::timeout, this, [&] { ++ticks; });
    timer.start(1);
    other.start(1);
    m_loop->runUntil([&] { return ticks >= 5; });
    QCOMPARE(fired, 1);
}

void tst_ParityTimerSlots::restartedInOwnSlot()
{
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QList<Instant> fired;
    connect(&timer, &QTimer::timeout, this, [&] {
        fired << steadyNow();
        timer.start(20);
    });
    timer.start(1);
    m_loop->runUntil([&] { return fired.size() == 3; });
    QVERIFY(fired[1] - fired[0] >= 20ms);
    QVERIFY(fired[2] - fired[1] >= 20ms);
}

void tst_ParityTimerSlots::deletedInOwnSlot()
{
    auto *timer = new QTimer;
    QTimer other;
    int fired = 0;
    int ticks = 0;
    connect(timer, &QTimer::timeout, this, [&] {
        ++fired;
        delete timer;
    });
    connect(&other, &QTimer::timeout, this, [&] { ++ticks; });
    timer->start(1);
    other.start(1);
    m_loop->runUntil([&] { return ticks >= 5; });
    QCOMPARE(fired, 1);
}

void tst_ParityTimerSlots::deletedLaterInOwnSlot()
{
    QPointer<QTimer> timer = new QTimer;
    connect(timer, &QTimer::timeout, timer, &QObject::deleteLater);
    timer->start(1);
    m_loop->runUntil([&] { return !timer; });
}

void tst_ParityTimerSlots::otherDeletedInSlot()
{
    auto victim = std::make_unique<QTimer>();
    QTimer killer;
    int fired = 0;
    bool done = false;
    connect(victim.get(), &QTimer::timeout, this, [&] { ++fired; });
    connect(&killer, &QTimer::timeout, this, [&] {
        victim.reset();
        done = true;
    });
    killer.start(0);
    victim->start(0); // due in the same pass, later
    m_loop->runUntil([&] { return done; });
    m_loop->pass();
    QCOMPARE(fired, 0);
}

void tst_ParityTimerSlots::startedInSlotOfAnother()
{
    QTimer first;
    QTimer second;
    bool fired = false;
    first.setSingleShot(true);
    connect(&first, &QTimer::timeout, this, [&] { second.start(1); });
    connect(&second, &QTimer::timeout, this, [&] { fired = true; });
    first.start(1);
    m_loop->runUntil([&] { return fired; });
}

void tst_ParityTimerSlots::remainingTime()
{
    QTimer timer;
    QCOMPARE(timer.remainingTime(), -1);
    timer.setTimerType(Qt::PreciseTimer);
    timer.start(10'000);
    QVERIFY(timer.remainingTime() > 5'000);
    QVERIFY(timer.remainingTime() <= 10'000);
    timer.start(1);
    QThread::msleep(3);
    QCOMPARE(timer.remainingTime(), 0);
    timer.stop();
    QCOMPARE(timer.remainingTime(), -1);
}

void tst_ParityTimerSlots::basicTimer()
{
    m_ticks = 0;
    m_basicTimer.start(1, this);
    m_loop->runUntil([&] { return m_ticks >= 3; });
    m_basicTimer.stop();
    const int before = m_ticks;
    QThread::msleep(3);
    m_loop->pass();
    QCOMPARE(m_ticks, before);
}

void tst_ParityTimerSlots::manyTimers()
{
    std::vector<std::unique_ptr<QTimer>> timers;
    int fired = 0;
    for (int i = 0; i < 500; ++i) {
        timers.push_back(std::make_unique<QTimer>());
        timers.back()->setSingleShot(true);
        connect(timers.back().get(), &QTimer::timeout, this, [&] { ++fired; });
        timers.back()->start(i % 30);
    }
    m_loop->runUntil([&] { return fired == 500; });
    for (const auto &timer : timers)
        QVERIFY(!timer->isActive());
}

QTEST_APPLESS_MAIN(tst_ParityTimerSlots)
#include "tst_paritytimerslots.moc"
