// SPDX-License-Identifier: MIT
// Posted events, deferred deletion, flags and return values of processEvents().
#include "parityloop.h"
#include "support/handler.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qpointer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <optional>
#include <stdexcept>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_ParityEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addLoopRows(); }
    void init() { m_loop.emplace(); }
    void cleanup() { m_loop.reset(); }

    void nothingReturnsFalse();
    void postedEventReturnsTrue();
    void wakeUpReturnsTrue();
    void interruptedReturnsFalse();
    void postedEventsKeepOrderAndPriority();
    void eventPostedByHandlerWaitsForNextPass();
    void postedEventDoesNotBlock();
    void wakeUpFromThreadEndsWait();
    void interruptFromThreadEndsWait();
    void excludedBothStillDeliversPosted();
    void awakeInEachPass();
    void aboutToBlockOnlyWhenBlocking();
    void interruptInAboutToBlock();
    void deletedLaterInEventLoop();
    void deletedLaterNotInNestedPass();
    void deletedLaterInsideNestedLoop();
    void exceptionOfHandlerLeavesLoopUsable();

private:
    bool process(QEventLoop::ProcessEventsFlags flags) { return m_loop->dispatcher()->processEvents(flags); }
    /// So that what the application posted for itself is no event of the test.
    void settle()
    {
        while (m_loop->pass()) {}
    }

    std::optional<ParityLoop> m_loop;
};

void tst_ParityEvents::nothingReturnsFalse()
{
    settle();
    QVERIFY(!process(QEventLoop::AllEvents));
    QVERIFY(!process(QEventLoop::ExcludeSocketNotifiers | QEventLoop::X11ExcludeTimers));
}

void tst_ParityEvents::postedEventReturnsTrue()
{
    settle();
    Handler handler;
    handler.post();
    QVERIFY(process(QEventLoop::AllEvents));
    QVERIFY(!process(QEventLoop::AllEvents));
}

void tst_ParityEvents::wakeUpReturnsTrue()
{
    settle();
    m_loop->dispatcher()->wakeUp();
    m_loop->dispatcher()->wakeUp();
    QVERIFY(process(QEventLoop::AllEvents));
    QVERIFY(!process(QEventLoop::AllEvents));
}

void tst_ParityEvents::interruptedReturnsFalse()
{
    settle();
    Handler handler;
    handler.onPosted = [&] { m_loop->dispatcher()->interrupt(); };
    handler.post();
    QVERIFY(!process(QEventLoop::WaitForMoreEvents));
}

void tst_ParityEvents::postedEventsKeepOrderAndPriority()
{
    QList<int> order;
    Handler handlers[3];
    for (int i : {0, 1, 2})
        handlers[i].onPosted = [&order, i] { order << i; };
    QCoreApplication::postEvent(&handlers[0], new QEvent(QEvent::User), Qt::LowEventPriority);
    QCoreApplication::postEvent(&handlers[1], new QEvent(QEvent::User), Qt::HighEventPriority);
    QCoreApplication::postEvent(&handlers[2], new QEvent(QEvent::User), Qt::HighEventPriority);
    m_loop->pass();
    const QList<int> expected{1, 2, 0};
    QCOMPARE(order, expected);
}

void tst_ParityEvents::eventPostedByHandlerWaitsForNextPass()
{
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] {
        if (++posted < 3)
            handler.post();
    };
    handler.post();
    for (int passes = 1; passes <= 3; ++passes) {
        m_loop->pass();
        QCOMPARE(posted, passes);
    }
}

void tst_ParityEvents::postedEventDoesNotBlock()
{
    settle();
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    handler.post();
    QVERIFY(process(QEventLoop::WaitForMoreEvents)); // the watchdog would end it
    QCOMPARE(posted, 1);
}

void tst_ParityEvents::wakeUpFromThreadEndsWait()
{
    settle();
    std::thread waker([&, dispatcher = m_loop->dispatcher()] {
        std::this_thread::sleep_for(5ms); // so that the loop sleeps
        dispatcher->wakeUp();
    });
    QVERIFY(process(QEventLoop::WaitForMoreEvents));
    waker.join();
}

void tst_ParityEvents::interruptFromThreadEndsWait()
{
    settle();
    std::thread waker([&, dispatcher = m_loop->dispatcher()] {
        std::this_thread::sleep_for(5ms); // so that the loop sleeps
        dispatcher->interrupt();
    });
    process(QEventLoop::WaitForMoreEvents);
    waker.join();
}

void tst_ParityEvents::excludedBothStillDeliversPosted()
{
    Handler handler;
    int posted = 0;
    handler.onPosted = [&] { ++posted; };
    handler.post();
    process(QEventLoop::X11ExcludeTimers | QEventLoop::ExcludeSocketNotifiers |
            QEventLoop::ExcludeUserInputEvents);
    QCOMPARE(posted, 1);
}

void tst_ParityEvents::awakeInEachPass()
{
    const QSignalSpy awake(m_loop->dispatcher(), &QAbstractEventDispatcher::awake);
    for (int passes = 1; passes <= 3; ++passes) {
        m_loop->pass();
        QCOMPARE(awake.count(), passes);
    }
}

void tst_ParityEvents::aboutToBlockOnlyWhenBlocking()
{
    settle();
    const QSignalSpy aboutToBlock(m_loop->dispatcher(), &QAbstractEventDispatcher::aboutToBlock);
    process(QEventLoop::AllEvents);
    QCOMPARE(aboutToBlock.count(), 0);
    Handler handler;
    handler.startTimer(100); // not due before the pass comes to wait, however busy the machine is
    process(QEventLoop::WaitForMoreEvents);
    QCOMPARE(aboutToBlock.count(), 1);
}

void tst_ParityEvents::interruptInAboutToBlock()
{
    settle();
    connect(m_loop->dispatcher(), &QAbstractEventDispatcher::aboutToBlock, this,
            [&] { m_loop->dispatcher()->interrupt(); });
    QVERIFY(!process(QEventLoop::WaitForMoreEvents));
}

void tst_ParityEvents::deletedLaterInEventLoop()
{
    QPointer<QObject> object = new QObject;
    object->deleteLater();
    m_loop->runUntil([&] { return !object; });
}

void tst_ParityEvents::deletedLaterNotInNestedPass()
{
    // deleteLater() in a slot: the object survives passes inside that slot.
    QPointer<QObject> object = new QObject;
    bool survived = false;
    Handler handler;
    handler.onPosted = [&] {
        object->deleteLater();
        m_loop->pass();
        m_loop->pass();
        survived = !object.isNull();
    };
    handler.post();
    // The nested passes took the wake-up, and Qt's dispatcher would sleep on the deletion.
    handler.startTimer(1ms);
    m_loop->runUntil([&] { return !object; });
    QVERIFY(survived);
}

void tst_ParityEvents::deletedLaterInsideNestedLoop()
{
    // What is deleted inside a nested loop goes there; what was before, after it.
    QPointer<QObject> outer = new QObject;
    QPointer<QObject> inner = new QObject;
    bool outerSurvived = false;
    bool done = false;
    Handler handler;
    handler.onPosted = [&] {
        outer->deleteLater();
        Handler nested;
        nested.onPosted = [&] { inner->deleteLater(); };
        nested.post();
        m_loop->runUntil([&] { return !inner; });
        outerSurvived = !outer.isNull();
        done = true;
    };
    handler.post();
    m_loop->runUntil([&] { return done && !outer; });
    QVERIFY(outerSurvived);
}

void tst_ParityEvents::exceptionOfHandlerLeavesLoopUsable()
{
    Handler thrower;
    Handler handler;
    int posted = 0;
    thrower.onPosted = [] { throw std::runtime_error("of a handler"); };
    handler.onPosted = [&] { ++posted; };
    thrower.post();
    handler.post();
    QVERIFY_EXCEPTION_THROWN(m_loop->pass(), std::runtime_error);
    QVERIFY(process(QEventLoop::WaitForMoreEvents)); // the rest of the batch, without blocking
    QCOMPARE(posted, 1);
}

QTEST_APPLESS_MAIN(tst_ParityEvents)
#include "tst_parityevents.moc"
