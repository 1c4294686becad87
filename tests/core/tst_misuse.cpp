// SPDX-License-Identifier: MIT
// Wrong threads and invalid arguments: refused with a warning, nothing changes.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;

#define TIMER_WARNING(function, text) "Flywheel::EventDispatcher::" function ": " text

class tst_Misuse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startTimerWithInvalidArguments();
    void startTimerFromAnotherThread();
    void startTimerOfObjectOfAnotherThread();
    void stopTimerWithInvalidArgument();
    void stopTimerFromAnotherThread();
    void stopTimersOfNullObject();
    void stopTimersFromAnotherThread();
    void stopUnknownTimer();
    void remainingTimeOfInvalidTimer();
    void remainingTimeOfUnknownTimer();
    void timersOfNullObject();
    void registerNullNotifier();
    void registerNotifierOfInvalidSocket();
    void enableNotifierFromAnotherThread();
    void disableNotifierFromAnotherThread();
    void unregisterUnknownNotifierIsSilent();
    void wakeUpAndInterruptFromAnotherThreadAreFine();

private:
    template <typename Function>
    static void inAnotherThread(Function function)
    {
        std::thread(function).join();
    }
};

void tst_Misuse::startTimerWithInvalidArguments()
{
    FakeLoop loop;
    Handler handler;
    const char *warning = TIMER_WARNING("registerTimer", "invalid arguments");
    for (int i = 0; i < 4; ++i)
        QTest::ignoreMessage(QtWarningMsg, warning);
    loop.dispatcher.registerTimer(0, 1, Qt::PreciseTimer, &handler);
    loop.dispatcher.registerTimer(-1, 1, Qt::PreciseTimer, &handler);
    loop.dispatcher.registerTimer(1, -1, Qt::PreciseTimer, &handler);
    loop.dispatcher.registerTimer(1, 1, Qt::PreciseTimer, nullptr);
    QVERIFY(loop.dispatcher.registeredTimers(&handler).isEmpty());
}

void tst_Misuse::startTimerFromAnotherThread()
{
    FakeLoop loop;
    Handler handler;
    QTest::ignoreMessage(QtWarningMsg,
                         TIMER_WARNING("registerTimer", "timers cannot be started from another thread"));
    inAnotherThread([&] { loop.dispatcher.registerTimer(1, 1, Qt::PreciseTimer, &handler); });
    QVERIFY(loop.dispatcher.registeredTimers(&handler).isEmpty());
}

void tst_Misuse::startTimerOfObjectOfAnotherThread()
{
    FakeLoop loop;
    QThread thread;
    QObject stranger;
    stranger.moveToThread(&thread);
    QTest::ignoreMessage(QtWarningMsg,
                         TIMER_WARNING("registerTimer", "timers cannot be started from another thread"));
    loop.dispatcher.registerTimer(1, 1, Qt::PreciseTimer, &stranger);
    QVERIFY(loop.dispatcher.registeredTimers(&stranger).isEmpty());
}

void tst_Misuse::stopTimerWithInvalidArgument()
{
    FakeLoop loop;
    QTest::ignoreMessage(QtWarningMsg, TIMER_WARNING("unregisterTimer", "invalid argument"));
    QVERIFY(!loop.dispatcher.unregisterTimer(0));
}

void tst_Misuse::stopTimerFromAnotherThread()
{
    FakeLoop loop;
    Handler handler;
    const int id = handler.startTimer(1000);
    QTest::ignoreMessage(QtWarningMsg,
                         TIMER_WARNING("unregisterTimer", "timers cannot be stopped from another thread"));
    inAnotherThread([&] { QVERIFY(!loop.dispatcher.unregisterTimer(id)); });
    QCOMPARE(loop.dispatcher.registeredTimers(&handler).size(), 1);
}

void tst_Misuse::stopTimersOfNullObject()
{
    FakeLoop loop;
    QTest::ignoreMessage(QtWarningMsg, TIMER_WARNING("unregisterTimers", "invalid argument"));
    QVERIFY(!loop.dispatcher.unregisterTimers(nullptr));
}

void tst_Misuse::stopTimersFromAnotherThread()
{
    FakeLoop loop;
    Handler handler;
    handler.startTimer(1000);
    QTest::ignoreMessage(QtWarningMsg,
                         TIMER_WARNING("unregisterTimers", "timers cannot be stopped from another thread"));
    inAnotherThread([&] { QVERIFY(!loop.dispatcher.unregisterTimers(&handler)); });
    QCOMPARE(loop.dispatcher.registeredTimers(&handler).size(), 1);
}

void tst_Misuse::stopUnknownTimer()
{
    FakeLoop loop;
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QVERIFY(!loop.dispatcher.unregisterTimer(12345));
}

void tst_Misuse::remainingTimeOfInvalidTimer()
{
    FakeLoop loop;
    QTest::ignoreMessage(QtWarningMsg, TIMER_WARNING("remainingTime", "invalid argument"));
    QCOMPARE(loop.dispatcher.remainingTime(0), -1);
}

void tst_Misuse::remainingTimeOfUnknownTimer()
{
    FakeLoop loop;
    QTest::ignoreMessage(QtWarningMsg, TIMER_WARNING("remainingTime", "timer id 12345 not found"));
    QCOMPARE(loop.dispatcher.remainingTime(12345), -1);
}

void tst_Misuse::timersOfNullObject()
{
    FakeLoop loop;
    QTest::ignoreMessage(QtWarningMsg, TIMER_WARNING("registeredTimers", "invalid argument"));
    QVERIFY(loop.dispatcher.registeredTimers(nullptr).isEmpty());
}

void tst_Misuse::registerNullNotifier()
{
    FakeLoop loop;
    QTest::ignoreMessage(QtWarningMsg, "QSocketNotifier: Invalid socket specified");
    loop.dispatcher.registerSocketNotifier(nullptr);
    loop.dispatcher.unregisterSocketNotifier(nullptr);
}

void tst_Misuse::registerNotifierOfInvalidSocket()
{
    FakeLoop loop;
    QSocketNotifier notifier(QSocketNotifier::Read);
    QTest::ignoreMessage(QtWarningMsg, "QSocketNotifier: Invalid socket specified");
    loop.dispatcher.registerSocketNotifier(&notifier);
    loop.dispatcher.unregisterSocketNotifier(&notifier);
}

void tst_Misuse::enableNotifierFromAnotherThread()
{
    FakeLoop loop;
    QSocketNotifier notifier(1000, QSocketNotifier::Read);
    notifier.setEnabled(false);
    QTest::ignoreMessage(QtWarningMsg,
                         "QSocketNotifier: socket notifiers cannot be enabled from another thread");
    inAnotherThread([&] { loop.dispatcher.registerSocketNotifier(&notifier); });
    loop.pass();
    QVERIFY(loop.poller.registrations.empty());
}

void tst_Misuse::disableNotifierFromAnotherThread()
{
    FakeLoop loop;
    QSocketNotifier notifier(1000, QSocketNotifier::Read);
    QTest::ignoreMessage(QtWarningMsg,
                         "QSocketNotifier: socket notifier (fd 1000) cannot be disabled from another thread");
    inAnotherThread([&] { loop.dispatcher.unregisterSocketNotifier(&notifier); });
    loop.pass();
    QCOMPARE(loop.poller.registrations.size(), 1u);
}

void tst_Misuse::unregisterUnknownNotifierIsSilent()
{
    FakeLoop loop;
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    QSocketNotifier notifier(QSocketNotifier::Read);
    notifier.setSocket(1000);
    loop.dispatcher.unregisterSocketNotifier(&notifier);
}

void tst_Misuse::wakeUpAndInterruptFromAnotherThreadAreFine()
{
    FakeLoop loop;
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    inAnotherThread([&] {
        loop.dispatcher.wakeUp();
        loop.dispatcher.interrupt();
    });
    QVERIFY(loop.pass(QEventLoop::WaitForMoreEvents));
    QCOMPARE(loop.callsOf("wait"), 0);
}

QTEST_APPLESS_MAIN(tst_Misuse)
#include "tst_misuse.moc"
