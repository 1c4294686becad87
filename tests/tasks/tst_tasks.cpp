// SPDX-License-Identifier: MIT
#include "support/application.h"
#include "support/fakeloop.h"
#include "support/handler.h"
#include "support/watchdog.h"

#include <flywheel/install.h>
#include <flywheel/tasks.h>

#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_Tasks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsInTheNextPass();
    void taskOfATaskWaitsForTheNextPass();
    void floodOfTasksLeavesTimersTheirTurn();
    void loopWithTasksDoesNotBlock();
    void postFromAnotherThreadWakesTheLoop();
    void runsInTheThreadOfTheLoop();
    void noLoopRefuses();
    void endedLoopRefusesAndDestroys();
    void contextIsDroppedWhenDestroyed();
    void contextRunsInItsThread();
    void contextWithoutLoopIsRefused();
    void postersRaceTheEndOfALoop();
    void exceptionLeavesTheRestForTheNextPass();
    void nestedLoopRunsOuterTasksFirst();
    void interruptDoesNotCutTheBatch();
};

void tst_Tasks::runsInTheNextPass()
{
    FakeLoop loop;
    std::vector<int> order;
    QVERIFY(post(Loop::current(), [&] { order.push_back(1); }));
    QVERIFY(post(Loop::current(), [&] { order.push_back(2); }));
    QVERIFY(order.empty());
    QVERIFY(loop.pass());
    QCOMPARE(order, (std::vector{1, 2}));
    QVERIFY(!loop.pass());
}

void tst_Tasks::taskOfATaskWaitsForTheNextPass()
{
    FakeLoop loop;
    int calls = 0;
    std::function<void()> again = [&] {
        ++calls;
        post(Loop::current(), again);
    };
    post(Loop::current(), again);
    loop.pass();
    QCOMPARE(calls, 1);
    loop.pass();
    QCOMPARE(calls, 2);
}

void tst_Tasks::floodOfTasksLeavesTimersTheirTurn()
{
    FakeLoop loop;
    int ticks = 0;
    Handler handler;
    handler.onTimer = [&](int) { ++ticks; };
    handler.startTimer(0);
    std::function<void()> again = [&] { post(Loop::current(), again); };
    for (int i = 0; i < 100; ++i)
        post(Loop::current(), again);
    for (int i = 0; i < 10; ++i)
        loop.pass();
    QCOMPARE(ticks, 10);
}

void tst_Tasks::loopWithTasksDoesNotBlock()
{
    FakeLoop loop;
    post(Loop::current(), [] { post(Loop::current(), [] {}); });
    loop.pass(QEventLoop::WaitForMoreEvents);
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_Tasks::postFromAnotherThreadWakesTheLoop()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    bool ran = false;
    std::thread poster([loop = Loop::current(), &ran] { post(loop, [&ran] { ran = true; }); });
    processUntil([&] { return ran; });
    poster.join();
}

void tst_Tasks::runsInTheThreadOfTheLoop()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    QVERIFY(install(thread));
    thread.start();
    QThread *ranIn = nullptr;
    bool done = false;
    // The thread's loop is known from install() on.
    QVERIFY(post(Loop::of(&thread), [&, main = Loop::current()] {
        ranIn = QThread::currentThread();
        post(main, [&] { done = true; });
    }));
    processUntil([&] { return done; });
    QCOMPARE(ranIn, &thread);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_Tasks::noLoopRefuses()
{
    bool ran = false;
    QVERIFY(!post(Loop(), [&] { ran = true; }));
    QVERIFY(Loop::current().isNull()); // no application, no dispatcher
    QVERIFY(Loop::of(QThread::currentThread()).isNull());
    QVERIFY(!ran);
}

void tst_Tasks::endedLoopRefusesAndDestroys()
{
    Loop loop;
    const auto shared = std::make_shared<int>(0);
    {
        FakeLoop ending;
        loop = Loop::current();
        QVERIFY(post(loop, [shared] { ++*shared; }));
        setTimeout(1s, [shared] { ++*shared; });
        QCOMPARE(shared.use_count(), 3L);
    }
    QCOMPARE(shared.use_count(), 1L);
    QCOMPARE(*shared, 0);
    QVERIFY(!post(loop, [shared] { ++*shared; }));
    QCOMPARE(shared.use_count(), 1L);
}

void tst_Tasks::contextIsDroppedWhenDestroyed()
{
    FakeLoop loop;
    int calls = 0;
    const auto shared = std::make_shared<int>(0);
    auto context = std::make_unique<QObject>();
    QObject other;
    QVERIFY(post(context.get(), [&, shared] { ++calls; }));
    QVERIFY(post(&other, [&] { ++calls; }));
    context.reset();
    loop.pass();
    QCOMPARE(calls, 1);
    QCOMPARE(shared.use_count(), 1L);
}

void tst_Tasks::contextRunsInItsThread()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    QVERIFY(install(thread));
    QObject context;
    context.moveToThread(&thread);
    thread.start();
    QThread *ranIn = nullptr;
    QVERIFY(post(&context, [&] {
        ranIn = QThread::currentThread();
        context.moveToThread(QCoreApplication::instance()->thread());
        QThread::currentThread()->quit();
    }));
    QVERIFY(thread.wait());
    QCOMPARE(ranIn, &thread);
}

void tst_Tasks::contextWithoutLoopIsRefused()
{
    FakeLoop loop;
    QThread stock;
    QObject context;
    context.moveToThread(&stock);
    QVERIFY(!post(&context, [] {}));
    QVERIFY(!post(static_cast<QObject *>(nullptr), [] {}));
}

void tst_Tasks::postersRaceTheEndOfALoop()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    for (int round = 0; round < 50; ++round) {
        QThread thread;
        QVERIFY(install(thread));
        const Loop loop = Loop::of(&thread);
        thread.start();
        const auto living = std::make_shared<int>(0);
        std::atomic<bool> stop{false};
        std::vector<std::thread> posters;
        for (int i = 0; i < 2; ++i) {
            posters.emplace_back([&, loop] {
                while (post(loop, [living] { static_cast<void>(living); }) && !stop) {}
            });
        }
        thread.quit();
        QVERIFY(thread.wait());
        stop = true;
        for (std::thread &poster : posters)
            poster.join();
        QVERIFY(!post(loop, [] {}));
        QCOMPARE(living.use_count(), 1L); // nothing leaked
    }
}

void tst_Tasks::exceptionLeavesTheRestForTheNextPass()
{
    FakeLoop loop;
    const auto shared = std::make_shared<int>(0);
    int calls = 0;
    post(Loop::current(), [shared] { throw std::runtime_error("expected"); });
    post(Loop::current(), [&] { ++calls; });
    QVERIFY_EXCEPTION_THROWN(loop.pass(), std::runtime_error);
    QCOMPARE(shared.use_count(), 1L);
    QCOMPARE(calls, 0);
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(calls, 1);
    QCOMPARE(loop.callsOf("wait"), 0);
}

void tst_Tasks::nestedLoopRunsOuterTasksFirst()
{
    FakeLoop loop;
    std::vector<int> order;
    post(Loop::current(), [&] {
        post(Loop::current(), [&] { order.push_back(3); });
        loop.pass();
        order.push_back(4);
    });
    post(Loop::current(), [&] { order.push_back(1); });
    post(Loop::current(), [&] { order.push_back(2); });
    loop.pass();
    QCOMPARE(order, (std::vector{1, 2, 3, 4}));
}

void tst_Tasks::interruptDoesNotCutTheBatch()
{
    FakeLoop loop;
    int calls = 0;
    post(Loop::current(), [&] { loop.dispatcher.interrupt(); });
    post(Loop::current(), [&] { ++calls; });
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(calls, 1);
    QCOMPARE(loop.callsOf("wait"), 0);
}

QTEST_APPLESS_MAIN(tst_Tasks)
#include "tst_tasks.moc"
