// SPDX-License-Identifier: MIT
// Negative intervals and wrong threads, as a program would do it: through QObject and QTimer.
#include "support/application.h"
#include "support/handler.h"
#include "support/watchdog.h"

#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <limits>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_InvalidTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void negativeInterval();
    void negativeIntervalAtTheDispatcher_data();
    void negativeIntervalAtTheDispatcher();
    void startedInWrongThread();
    void stoppedInWrongThread();
    void startedAtTheDispatcherInWrongThread();
    void longestIntervals_data();
    void longestIntervals();

private:
    static void loopWorks()
    {
        Handler handler;
        bool fired = false;
        handler.onTimer = [&](int) { fired = true; };
        handler.startTimer(1ms);
        processUntil([&] { return fired; });
    }
};

void tst_InvalidTimers::negativeInterval()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    QTest::ignoreMessage(
        QtWarningMsg, QRegularExpression(QStringLiteral("Timers cannot have negative (intervals|timeouts)")));
    QObject object;
    QCOMPARE(object.startTimer(-1), 0);
    loopWorks();
}

void tst_InvalidTimers::negativeIntervalAtTheDispatcher_data()
{
    QTest::addColumn<qint64>("interval");
    QTest::newRow("-1") << qint64(-1);
    QTest::newRow("least") << std::numeric_limits<qint64>::min();
}

void tst_InvalidTimers::negativeIntervalAtTheDispatcher()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    QFETCH(qint64, interval);
    const Application application(poller);
    QObject object;
    QTest::ignoreMessage(QtWarningMsg, "Flywheel::EventDispatcher::registerTimer: invalid arguments");
    QAbstractEventDispatcher *dispatcher = QCoreApplication::eventDispatcher();
    dispatcher->registerTimer(4711, interval, Qt::PreciseTimer, &object);
    QVERIFY(dispatcher->registeredTimers(&object).isEmpty());
    loopWorks();
}

void tst_InvalidTimers::startedInWrongThread()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    QTimer timer;
    QTest::ignoreMessage(QtWarningMsg, "QObject::startTimer: Timers cannot be started from another thread");
    std::thread([&] { timer.start(1); }).join();
    QVERIFY(QCoreApplication::eventDispatcher()->registeredTimers(&timer).isEmpty());
    loopWorks();
}

void tst_InvalidTimers::stoppedInWrongThread()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    const int id = handler.startTimer(1ms);
    QTest::ignoreMessage(QtWarningMsg, "QObject::killTimer: Timers cannot be stopped from another thread");
    std::thread([&] { handler.killTimer(id); }).join();
    processUntil([&] { return fired >= 2; });
}

void tst_InvalidTimers::startedAtTheDispatcherInWrongThread()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    const Application application(poller);
    QObject object;
    QAbstractEventDispatcher *dispatcher = QCoreApplication::eventDispatcher();
    QTest::ignoreMessage(
        QtWarningMsg,
        "Flywheel::EventDispatcher::registerTimer: timers cannot be started from another thread");
    std::thread([&] { dispatcher->registerTimer(4711, qint64(1), Qt::PreciseTimer, &object); }).join();
    QVERIFY(dispatcher->registeredTimers(&object).isEmpty());
    loopWorks();
}

void tst_InvalidTimers::longestIntervals_data()
{
    QTest::addColumn<Qt::TimerType>("type");
    QTest::newRow("precise") << Qt::PreciseTimer;
    QTest::newRow("coarse") << Qt::CoarseTimer;
    QTest::newRow("very coarse") << Qt::VeryCoarseTimer;
}

void tst_InvalidTimers::longestIntervals()
{
    const Watchdog watchdog;
    QFETCH_GLOBAL(Poller, poller);
    QFETCH(Qt::TimerType, type);
    const Application application(poller);
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    QAbstractEventDispatcher *dispatcher = QCoreApplication::eventDispatcher();
    dispatcher->registerTimer(4711, std::numeric_limits<qint64>::max(), type, &handler);
    dispatcher->registerTimer(4712, qint64(std::numeric_limits<int>::max()), type, &handler);
    loopWorks();
    QVERIFY(dispatcher->remainingTime(4711) > std::numeric_limits<int>::max() - 10'000);
    QVERIFY(dispatcher->remainingTime(4712) > std::numeric_limits<int>::max() - 10'000);
    QCOMPARE(fired, 0);
    QVERIFY(dispatcher->unregisterTimers(&handler));
}

QTEST_APPLESS_MAIN(tst_InvalidTimers)
#include "tst_invalidtimers.moc"
