// SPDX-License-Identifier: MIT
#include "model/health.h"

#include <QtTest/qtest.h>

using namespace Flywheel::Monitor;
using namespace std::chrono_literals;

class tst_Health : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goodAtFirst();
    void entersAtTheLimit();
    void latencyAloneIsEnough();
    void staysUntilCalmForLong();
    void aRelapseBeginsAnew();
    void unwellFallsToBusyFirst();
    void thresholdsAreObeyed();
    void reasonNamesTheFigure();
    void oneStallIsBusyUntilItIsOld();
    void muchTimeInStallsIsUnwell();
};

void tst_Health::goodAtFirst()
{
    HealthTracker tracker;
    QVERIFY(!tracker.update(1s, {.utilisation = 0.69, .p99 = 9ms}));
    QVERIFY(tracker.state() == Health::Good);
    QVERIFY(tracker.reason().isEmpty());
}

void tst_Health::entersAtTheLimit()
{
    HealthTracker tracker;
    QVERIFY(tracker.update(1s, {.utilisation = 0.7, .p99 = {}}));
    QVERIFY(tracker.state() == Health::Busy);
    QVERIFY(tracker.update(2s, {.utilisation = 0.9, .p99 = {}}));
    QVERIFY(tracker.state() == Health::Unwell);
    QVERIFY(!tracker.update(3s, {.utilisation = 0.95, .p99 = {}}));
}

void tst_Health::latencyAloneIsEnough()
{
    HealthTracker tracker;
    QVERIFY(tracker.update(1s, {.utilisation = 0.1, .p99 = 50ms}));
    QVERIFY(tracker.state() == Health::Unwell);
}

void tst_Health::staysUntilCalmForLong()
{
    HealthTracker tracker;
    tracker.update(1s, {.utilisation = 0.75, .p99 = {}});
    // Below the limit, but not below 60 % of it.
    for (Time now = 2s; now < 100s; now += 1s)
        QVERIFY(!tracker.update(now, {.utilisation = 0.43, .p99 = {}}));
    for (Time now = 100s; now < 129s; now += 1s)
        QVERIFY(!tracker.update(now, {.utilisation = 0.41, .p99 = {}}));
    QVERIFY(tracker.update(129s, {.utilisation = 0.41, .p99 = {}}));
    QVERIFY(tracker.state() == Health::Good);
}

void tst_Health::aRelapseBeginsAnew()
{
    HealthTracker tracker;
    tracker.update(1s, {.utilisation = 0.75, .p99 = {}});
    tracker.update(29s, {.utilisation = 0.1, .p99 = 7ms}); // over 60 % of the other limit
    QVERIFY(!tracker.update(58s, {.utilisation = 0.1, .p99 = {}}));
    QVERIFY(tracker.update(59s, {.utilisation = 0.1, .p99 = {}}));
}

void tst_Health::unwellFallsToBusyFirst()
{
    HealthTracker tracker;
    tracker.update(1s, {.utilisation = 0.95, .p99 = {}});
    QVERIFY(!tracker.update(20s, {.utilisation = 0.5, .p99 = {}}));
    QVERIFY(tracker.update(31s, {.utilisation = 0.5, .p99 = {}}));
    QVERIFY(tracker.state() == Health::Busy);
    QVERIFY(!tracker.update(60s, {.utilisation = 0.1, .p99 = {}}));
    QVERIFY(tracker.update(61s, {.utilisation = 0.1, .p99 = {}}));
    QVERIFY(tracker.state() == Health::Good);
}

void tst_Health::thresholdsAreObeyed()
{
    HealthTracker tracker;
    Thresholds thresholds;
    thresholds.busyUtilisation = 0.2;
    tracker.update(1s, {.utilisation = 0.95, .p99 = {}});
    tracker.setThresholds(thresholds);
    QVERIFY(tracker.state() == Health::Good);
    QVERIFY(tracker.update(2s, {.utilisation = 0.25, .p99 = {}}));
    QVERIFY(tracker.state() == Health::Busy);
}

void tst_Health::reasonNamesTheFigure()
{
    HealthTracker tracker;
    tracker.update(1s, {.utilisation = 0.93, .p99 = {}});
    QCOMPARE(tracker.reason(), QStringLiteral("Utilisation reached 93 %; the limit is 90 %."));
    HealthTracker other;
    other.update(1s, {.utilisation = 0.1, .p99 = 12ms});
    QCOMPARE(other.reason(), QStringLiteral("The handlers' p99 reached 12.0 ms; the limit is 10.0 ms."));
}

void tst_Health::oneStallIsBusyUntilItIsOld()
{
    HealthTracker tracker;
    const Vitals stalled{.utilisation = 0.1, .p99 = 1ms, .stalls = 1, .stalled = 51ms};
    QVERIFY(tracker.update(1s, stalled));
    QVERIFY(tracker.state() == Health::Busy);
    QVERIFY2(tracker.reason().startsWith(QLatin1String("1 stall in the last 30 s")),
             qPrintable(tracker.reason()));
    QVERIFY(!tracker.update(30s, stalled));
    QVERIFY(tracker.update(32s, {.utilisation = 0.1, .p99 = 1ms}));
    QVERIFY(tracker.state() == Health::Good);
}

void tst_Health::muchTimeInStallsIsUnwell()
{
    HealthTracker tracker;
    // 120 ms every 3 s: 4 % of the time.
    tracker.update(1s, {.utilisation = 0.04, .p99 = 1ms, .stalls = 10, .stalled = 1200ms});
    QVERIFY(tracker.state() == Health::Unwell);
    // A little below the limit it stays so, far below it does not.
    tracker.update(2s, {.utilisation = 0.04, .p99 = 1ms, .stalls = 3, .stalled = 250ms});
    QVERIFY(tracker.state() == Health::Unwell);
    tracker.update(3s, {.utilisation = 0.04, .p99 = 1ms, .stalls = 2, .stalled = 120ms});
    QVERIFY(tracker.state() == Health::Busy);
}

QTEST_APPLESS_MAIN(tst_Health)
#include "tst_health.moc"
