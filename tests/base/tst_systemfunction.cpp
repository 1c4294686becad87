// SPDX-License-Identifier: MIT
// What only newer Windows has: found where it is, and done without where it is not.
#include "platform/suspendclock.h"
#include "platform/windows/suspendclock.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

/// How much further than the clock that stands still during sleep, in 100 ns.
template <std::int64_t Ahead>
void WINAPI interruptTime(ULONGLONG *time)
{
    ::QueryUnbiasedInterruptTime(time);
    *time += static_cast<ULONGLONG>(Ahead);
}

constexpr std::int64_t Second = 10'000'000;

} // namespace

class tst_SystemFunction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatThereIs();
    void isNullWhereThereIsNone();
    void suspendedTimeIsTheClocksDifference();
    void suspendedTimeIsNeverNegative();
    void suspendedTimeIsZeroWithoutTheClock();
};

void tst_SystemFunction::findsWhatThereIs()
{
    using ThreadId = DWORD(WINAPI *)();
    const auto threadId = systemFunction<ThreadId>(L"kernel32.dll", "GetCurrentThreadId");
    QVERIFY(threadId);
    QCOMPARE(threadId(), ::GetCurrentThreadId());
}

void tst_SystemFunction::isNullWhereThereIsNone()
{
    using Function = void(WINAPI *)();
    QVERIFY(!systemFunction<Function>(L"kernel32.dll", "FlywheelHasNoSuchFunction"));
    QVERIFY(!systemFunction<Function>(L"flywheel-no-such-library.dll", "GetCurrentThreadId"));
}

void tst_SystemFunction::suspendedTimeIsTheClocksDifference()
{
    const Nanoseconds suspended = suspendedTime(interruptTime<3600 * Second>);
    QVERIFY(suspended >= 1h);
    QVERIFY(suspended < 2h); // the clocks are read one after the other
}

void tst_SystemFunction::suspendedTimeIsNeverNegative()
{
    QCOMPARE(suspendedTime(interruptTime<-Second>).count(), Nanoseconds::rep(0));
}

void tst_SystemFunction::suspendedTimeIsZeroWithoutTheClock()
{
    QCOMPARE(suspendedTime(nullptr).count(), Nanoseconds::rep(0));
}

QTEST_APPLESS_MAIN(tst_SystemFunction)
#include "tst_systemfunction.moc"
