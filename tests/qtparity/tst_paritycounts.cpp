// SPDX-License-Identifier: MIT
// What processEvents() counts as an event, and what its flags leave out: alike in Qt's dispatchers for Unix,
// otherwise in that for Windows, where messages of its own count and timers are not left out.
#include "parityloop.h"
#include "support/handler.h"
#include "support/socketpair.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <optional>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ParityCounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void notifierReturnsTrue();
    void zeroTimerIsNoEvent();
    void timerIsAnEvent();
    void excludedNotifierWaits();
    void excludedTimerWaits();

private:
    bool process(QEventLoop::ProcessEventsFlags flags) { return m_loop->dispatcher()->processEvents(flags); }
    /// So that what the application posted for itself is no event of the test.
    void settle()
    {
        while (m_loop->pass()) {}
    }

    std::optional<ParityLoop> m_loop;
};

void tst_ParityCounts::notifierReturnsTrue()
{
    settle();
    const SocketPair sockets;
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    QVERIFY(!process(QEventLoop::AllEvents));
    sockets.write();
    QVERIFY(process(QEventLoop::AllEvents));
    QVERIFY(!process(QEventLoop::ExcludeSocketNotifiers));
}

void tst_ParityCounts::excludedNotifierWaits()
{
    settle();
    const SocketPair sockets;
    sockets.write();
    QSocketNotifier notifier(sockets.first(), QSocketNotifier::Read);
    Handler handler;
    int activations = 0;
    int fired = 0;
    connect(&notifier, &QSocketNotifier::activated, this, [&] { ++activations; });
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(10);
    QVERIFY(process(QEventLoop::WaitForMoreEvents | QEventLoop::ExcludeSocketNotifiers));
    QCOMPARE(fired, 1); // it was the timer that ended the wait
    QCOMPARE(activations, 0);
    QVERIFY(process(QEventLoop::AllEvents));
    QCOMPARE(activations, 1);
}

void tst_ParityCounts::excludedTimerWaits()
{
    Handler handler;
    int fired = 0;
    handler.onTimer = [&](int) { ++fired; };
    handler.startTimer(0);
    process(QEventLoop::X11ExcludeTimers);
    QCOMPARE(fired, 0);
    process(QEventLoop::AllEvents);
    QCOMPARE(fired, 1);
}

void tst_ParityCounts::zeroTimerIsNoEvent()
{
    Handler handler;
    handler.startTimer(0);
    m_loop->pass();
    QVERIFY(!m_loop->pass());
}

void tst_ParityCounts::timerIsAnEvent()
{
    Handler handler;
    handler.startTimer(1ms);
    m_loop->pass();
    QThread::msleep(2); // now it is due
    QVERIFY(m_loop->pass());
}

QTEST_APPLESS_MAIN(tst_ParityCounts)
#include "tst_paritycounts.moc"
