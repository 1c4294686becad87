// SPDX-License-Identifier: MIT
#include "base/wakeflag.h"

#include <QtTest/qtest.h>

#include <thread>

using Flywheel::WakeFlag;

class tst_WakeFlag : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void awakeLoopCostsPostersNoSystemCall();
    void onlyFirstPosterWakesSleepingLoop();
    void wakeUpAfterConsumePreventsSleep();
    void wakeUpDuringSleepIsConsumedAfterwards();
    void consumeShowsWhatPosterWrote();
};

void tst_WakeFlag::awakeLoopCostsPostersNoSystemCall()
{
    WakeFlag flag;
    QVERIFY(!flag.notify());
    QVERIFY(flag.isNotified());
    QVERIFY(flag.consume());
    QVERIFY(!flag.isNotified());
    QVERIFY(!flag.consume());
}

void tst_WakeFlag::onlyFirstPosterWakesSleepingLoop()
{
    WakeFlag flag;
    QVERIFY(flag.fallAsleep());
    QVERIFY(flag.notify());
    QVERIFY(!flag.notify());
}

void tst_WakeFlag::wakeUpAfterConsumePreventsSleep()
{
    WakeFlag flag;
    flag.notify();
    QVERIFY(!flag.fallAsleep());
    QVERIFY(flag.consume());
    QVERIFY(flag.fallAsleep());
}

void tst_WakeFlag::wakeUpDuringSleepIsConsumedAfterwards()
{
    WakeFlag flag;
    QVERIFY(flag.fallAsleep());
    flag.notify();
    flag.arise();
    QVERIFY(flag.consume());
    QVERIFY(flag.fallAsleep());
    flag.arise();
    QVERIFY(!flag.consume());
}

void tst_WakeFlag::consumeShowsWhatPosterWrote()
{
    // Plain data on purpose: the thread sanitizer checks that the flag orders it.
    WakeFlag flag;
    int value = 0;
    std::thread poster([&] {
        value = 42;
        flag.notify();
    });
    while (!flag.consume())
        std::this_thread::yield();
    QCOMPARE(value, 42);
    poster.join();
}

QTEST_GUILESS_MAIN(tst_WakeFlag)
#include "tst_wakeflag.moc"
