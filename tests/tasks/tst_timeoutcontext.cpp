// SPDX-License-Identifier: MIT
#include "support/fakeclock.h"
#include "support/fakeloop.h"

#include <flywheel/eventdispatcher.h>

#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_TimeoutContext : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timeoutRunsWhileItsContextLives();
    void timeoutIsDroppedWithItsContext();
    void intervalEndsWithItsContext();
    void intervalThatDestroysItsContextRunsToItsEnd();
    void onlyTheIntervalWithoutContextEnds();
    void nestedLoopEndsTheRightInterval();
    void clearTimeoutEndsItBeforeItsContext();
    void nullContextIsRefused();
    void contextOfAnotherThreadIsRefused();
};

namespace {

std::uint64_t liveTimeouts()
{
    return EventDispatcher::of()->snapshot().timeoutSlots.used;
}

void passAfter(FakeLoop &loop, Nanoseconds time)
{
    FakeClock::advance(time);
    loop.pass();
}

} // namespace

void tst_TimeoutContext::timeoutRunsWhileItsContextLives()
{
    FakeLoop loop;
    QObject context;
    int calls = 0;
    QVERIFY(setTimeout(1ms, &context, [&] { ++calls; }));
    loop.pass();
    QCOMPARE(calls, 0);
    passAfter(loop, 1ms);
    passAfter(loop, 1ms);
    QCOMPARE(calls, 1);
}

void tst_TimeoutContext::timeoutIsDroppedWithItsContext()
{
    FakeLoop loop;
    const auto shared = std::make_shared<int>(0);
    auto context = std::make_unique<QObject>();
    QVERIFY(setTimeout(1ms, context.get(), [shared] { ++*shared; }));
    context.reset();
    passAfter(loop, 1ms);
    QCOMPARE(*shared, 0);
    QCOMPARE(shared.use_count(), 1L);
    QCOMPARE(liveTimeouts(), std::uint64_t(0));
}

void tst_TimeoutContext::intervalEndsWithItsContext()
{
    FakeLoop loop;
    const auto shared = std::make_shared<int>(0);
    auto context = std::make_unique<QObject>();
    const TimeoutHandle interval = setInterval(10ms, context.get(), [shared] { ++*shared; });
    passAfter(loop, 10ms);
    passAfter(loop, 10ms);
    QCOMPARE(*shared, 2);
    context.reset();
    passAfter(loop, 10ms);
    QCOMPARE(*shared, 2);
    QCOMPARE(shared.use_count(), 1L);
    QCOMPARE(liveTimeouts(), std::uint64_t(0));
    QVERIFY(!clearTimeout(interval));
    loop.forgetCalls();
    loop.pass(QEventLoop::WaitForMoreEvents);
    QCOMPARE(loop.callsOf("wait forever"), std::ptrdiff_t(1)); // nothing ticks any more
}

void tst_TimeoutContext::intervalThatDestroysItsContextRunsToItsEnd()
{
    FakeLoop loop;
    const auto shared = std::make_shared<int>(0);
    auto context = std::make_unique<QObject>();
    setInterval(1ms, context.get(), [&context, shared] {
        context.reset();
        ++*shared; // the callable lives until it returns
    });
    passAfter(loop, 1ms);
    QCOMPARE(*shared, 1);
    passAfter(loop, 1ms);
    QCOMPARE(*shared, 1);
    QCOMPARE(shared.use_count(), 1L);
    QCOMPARE(liveTimeouts(), std::uint64_t(0));
}

void tst_TimeoutContext::onlyTheIntervalWithoutContextEnds()
{
    FakeLoop loop;
    QObject living;
    auto dying = std::make_unique<QObject>();
    int first = 0, second = 0, third = 0;
    setInterval(1ms, &living, [&] { ++first; });
    setInterval(1ms, dying.get(), [&] { ++second; });
    setInterval(1ms, [&] { ++third; });
    passAfter(loop, 1ms);
    dying.reset();
    passAfter(loop, 1ms);
    passAfter(loop, 1ms);
    QCOMPARE(first, 3);
    QCOMPARE(second, 1);
    QCOMPARE(third, 3);
    QCOMPARE(liveTimeouts(), std::uint64_t(2));
}

void tst_TimeoutContext::nestedLoopEndsTheRightInterval()
{
    FakeLoop loop;
    auto dying = std::make_unique<QObject>();
    int outer = 0;
    setInterval(1ms, [&] {
        if (++outer > 1)
            return;
        dying.reset();
        passAfter(loop, 1ms); // the other interval ends inside this one
    });
    setInterval(1ms, dying.get(), [] { QFAIL("the context is gone"); });
    passAfter(loop, 1ms);
    QCOMPARE(liveTimeouts(), std::uint64_t(1));
    passAfter(loop, 10ms);
    QCOMPARE(outer, 2);
}

void tst_TimeoutContext::clearTimeoutEndsItBeforeItsContext()
{
    FakeLoop loop;
    QObject context;
    const auto shared = std::make_shared<int>(0);
    QVERIFY(clearTimeout(setTimeout(1ms, &context, [shared] { ++*shared; })));
    QVERIFY(clearTimeout(setInterval(1ms, &context, [shared] { ++*shared; })));
    QCOMPARE(shared.use_count(), 1L);
    passAfter(loop, 1ms);
    QCOMPARE(*shared, 0);
}

void tst_TimeoutContext::nullContextIsRefused()
{
    FakeLoop loop;
    QTest::ignoreMessage(QtWarningMsg, "Flywheel::setTimeout: the context is null");
    QVERIFY(!setTimeout(0ms, nullptr, [] {}));
    QTest::ignoreMessage(QtWarningMsg, "Flywheel::setInterval: the context is null");
    QVERIFY(!setInterval(0ms, nullptr, [] {}));
    QCOMPARE(liveTimeouts(), std::uint64_t(0));
}

void tst_TimeoutContext::contextOfAnotherThreadIsRefused()
{
    FakeLoop loop;
    QThread other;
    QObject context;
    context.moveToThread(&other);
    QTest::ignoreMessage(QtWarningMsg, "Flywheel::setTimeout: the context lives in another thread");
    QVERIFY(!setTimeout(0ms, &context, [] {}));
    QTest::ignoreMessage(QtWarningMsg, "Flywheel::setInterval: the context lives in another thread");
    QVERIFY(!setInterval(0ms, &context, [] {}));
    QCOMPARE(liveTimeouts(), std::uint64_t(0));
}

QTEST_APPLESS_MAIN(tst_TimeoutContext)
#include "tst_timeoutcontext.moc"
