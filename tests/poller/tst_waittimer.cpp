// SPDX-License-Identifier: MIT
// Waits that end in time, on a Windows that has exact timers and on one that has not.
#include "poller/iocp/poller_iocp.h"
#include "poller/iocp/waittimer.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

/// As Windows before 10 1803.
HANDLE refuseTimer()
{
    return nullptr;
}

/// One that can be waited for but not set.
HANDLE makeUselessTimer()
{
    return ::CreateWaitableTimerExW(nullptr, nullptr, 0, SYNCHRONIZE);
}

} // namespace

class tst_WaitTimer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsNoEarlierThanAsked_data();
    void endsNoEarlierThanAsked();
    void exactTimerEndsTheWait();
    void ticksAreRoundedUp_data();
    void ticksAreRoundedUp();
    void ticksReplaceATimerThatFails();
    void longWaitsEndAfterADay_data();
    void longWaitsEndAfterADay();

private:
    const Test::Watchdog m_watchdog{60s};
};

void tst_WaitTimer::endsNoEarlierThanAsked_data()
{
    QTest::addColumn<WaitTimer::MakeTimer>("make");
    QTest::addColumn<Nanoseconds>("timeout");
    const std::pair<const char *, WaitTimer::MakeTimer> kinds[] = {
        {"exact", WaitTimer::makeExactTimer}, {"ticks", refuseTimer}, {"failing", makeUselessTimer}};
    for (const auto &[kind, make] : kinds) {
        for (const Nanoseconds timeout :
             {Nanoseconds(1), Nanoseconds(100us), Nanoseconds(3500us), Nanoseconds(25ms)})
            QTest::addRow("%s %lld", kind, qlonglong(timeout.count())) << make << timeout;
    }
}

void tst_WaitTimer::endsNoEarlierThanAsked()
{
    QFETCH(const WaitTimer::MakeTimer, make);
    QFETCH(const Nanoseconds, timeout);
    IocpPoller poller(steadyNow, make);
    for (int i = 0; i < 10; ++i) {
        const Instant deadline = steadyNow() + timeout;
        const AbstractPoller::Result result = poller.wait({deadline}, WaitFor::Everything);
        QVERIFY(steadyNow() >= deadline);
        QVERIFY(!result.error);
        QVERIFY(result.events.empty());
    }
}

void tst_WaitTimer::exactTimerEndsTheWait()
{
    // Not the flag of Windows 10 1803, which nobody can be sure to have here.
    WaitTimer timer([] { return ::CreateWaitableTimerExW(nullptr, nullptr, 0, TIMER_ALL_ACCESS); });
    const WaitTimer::Wait wait = timer.start(2ms);
    QVERIFY(wait.handle);
    QCOMPARE(wait.milliseconds, INFINITE);
    QCOMPARE(::WaitForSingleObject(wait.handle, wait.milliseconds), WAIT_OBJECT_0);
}

void tst_WaitTimer::ticksAreRoundedUp_data()
{
    QTest::addColumn<Nanoseconds>("timeout");
    QTest::addColumn<DWORD>("milliseconds");
    QTest::newRow("1 ns") << Nanoseconds(1) << DWORD(1);
    QTest::newRow("1 ms") << Nanoseconds(1ms) << DWORD(1);
    QTest::newRow("1 ms and 1 ns") << Nanoseconds(1ms + 1ns) << DWORD(2);
    QTest::newRow("longer than ticks have to be fast for") << Nanoseconds(1s - 1ns) << DWORD(1000);
}

void tst_WaitTimer::ticksAreRoundedUp()
{
    QFETCH(const Nanoseconds, timeout);
    QFETCH(const DWORD, milliseconds);
    WaitTimer timer(refuseTimer);
    const WaitTimer::Wait wait = timer.start(timeout);
    QVERIFY(!wait.handle);
    QCOMPARE(wait.milliseconds, milliseconds);
}

void tst_WaitTimer::ticksReplaceATimerThatFails()
{
    WaitTimer timer(makeUselessTimer);
    const WaitTimer::Wait wait = timer.start(1500us);
    QVERIFY(!wait.handle);
    QCOMPARE(wait.milliseconds, DWORD(2));
}

void tst_WaitTimer::longWaitsEndAfterADay_data()
{
    QTest::addColumn<Nanoseconds>("timeout");
    QTest::newRow("a day") << Nanoseconds(24h);
    QTest::newRow("more than a DWORD of milliseconds") << Nanoseconds(24h * 60);
    QTest::newRow("all there is") << Nanoseconds(Nanoseconds::max() - 1ns);
}

void tst_WaitTimer::longWaitsEndAfterADay()
{
    QFETCH(const Nanoseconds, timeout);
    WaitTimer timer(refuseTimer);
    QCOMPARE(timer.start(timeout).milliseconds, DWORD(24 * 60 * 60 * 1000));
}

QTEST_APPLESS_MAIN(tst_WaitTimer)
#include "tst_waittimer.moc"
