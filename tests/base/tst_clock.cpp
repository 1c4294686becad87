// SPDX-License-Identifier: MIT
#include "base/clock.h"
#include "platform/unix/syscalls.h"

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace std::chrono_literals;

class tst_Clock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void afterNeverOverflows();
    void coarseClockFollows();
    void timespecOfDurations();
    void resultOfSystemCalls();
};

void tst_Clock::afterNeverOverflows()
{
    QVERIFY(after(Instant(5s), 1ns) == Instant(5s + 1ns));
    QVERIFY(after(Instant(5s), Nanoseconds::max()) == Never);
    QVERIFY(after(Never, 0ns) == Never);
    QVERIFY(after(Never - 1ns, 1ns) == Never);
    QVERIFY(after(Never - 1ns, 2ns) == Never);
}

void tst_Clock::coarseClockFollows()
{
    const Instant coarse = coarseNow();
    const Instant exact = steadyNow();
    QVERIFY(coarse <= exact);
    QVERIFY(exact - coarse < 10s); // the same clock, not another epoch
    while (coarseNow() == coarse) {
        QVERIFY(steadyNow() - exact < 10s);
    }
    QVERIFY(coarseNow() > coarse);
}

void tst_Clock::timespecOfDurations()
{
    QCOMPARE(toTimespec(0ns).tv_sec, std::time_t(0));
    QCOMPARE(toTimespec(0ns).tv_nsec, 0L);
    QCOMPARE(toTimespec(1ns).tv_nsec, 1L);
    QCOMPARE(toTimespec(2s - 1ns).tv_sec, std::time_t(1));
    QCOMPARE(toTimespec(2s - 1ns).tv_nsec, 999'999'999L);
    QVERIFY(toTimespec(Nanoseconds::max()).tv_nsec < 1'000'000'000L);
}

void tst_Clock::resultOfSystemCalls()
{
    errno = EINTR;
    QVERIFY(resultOf(-1) == std::errc::interrupted);
    QVERIFY(!resultOf(0));
    QVERIFY(!resultOf(7));
}

QTEST_APPLESS_MAIN(tst_Clock)
#include "tst_clock.moc"
