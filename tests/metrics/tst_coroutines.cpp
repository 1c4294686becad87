// SPDX-License-Identifier: MIT
// Handlers that switch stacks: they end in another order than they began, and they send events from
// elsewhere.
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/metrics.h>

#include <QtTest/qtest.h>

#include <ucontext.h>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

ucontext_t s_main;
ucontext_t s_coroutine;
std::function<void()> s_body;

void enter()
{
    s_body();
}

void leave()
{
    swapcontext(&s_coroutine, &s_main);
}

void resume()
{
    swapcontext(&s_main, &s_coroutine);
}

void start(std::vector<char> &stack, std::function<void()> body)
{
    s_body = std::move(body);
    getcontext(&s_coroutine);
    s_coroutine.uc_stack.ss_sp = stack.data();
    s_coroutine.uc_stack.ss_size = stack.size();
    s_coroutine.uc_link = &s_main;
    makecontext(&s_coroutine, enter, 0);
    resume();
}

/// Told apart by class.
class Outer : public Handler
{
    Q_OBJECT
};
class Inner : public Handler
{
    Q_OBJECT
};

} // namespace

class tst_Coroutines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(attributePostedEvents(true)); }
    void handlersKeepTheirOwnTime_data();
    void handlersKeepTheirOwnTime();
    void eventsSentFromAnotherStackAreAHandlersOwn();
};

void tst_Coroutines::handlersKeepTheirOwnTime_data()
{
    QTest::addColumn<bool>("posted");
    QTest::newRow("posted events") << true;
    QTest::newRow("timers") << false;
}

void tst_Coroutines::handlersKeepTheirOwnTime()
{
    QFETCH(bool, posted);
    FakeLoop loop;
    auto &dispatcher = static_cast<EventDispatcher &>(loop.dispatcher);
    dispatcher.setMetricsEnabled(true);
    loop.pass();
    Outer outer;
    Inner inner;
    std::vector<char> stack(256 * 1024);
    const auto runInner = [] {
        FakeClock::advance(2ms);
        leave(); // the outer handler and its pass end meanwhile
        FakeClock::advance(4ms);
    };
    const auto runOuter = [&] {
        FakeClock::advance(1ms);
        start(stack, [&] { loop.pass(); });
    };
    inner.onPosted = runInner;
    inner.onTimer = [&](int id) {
        inner.killTimer(id);
        runInner();
    };
    outer.onPosted = [&] {
        inner.post();
        runOuter();
    };
    outer.onTimer = [&](int id) {
        outer.killTimer(id);
        inner.startTimer(0);
        runOuter();
    };
    if (posted)
        outer.post();
    else
        outer.startTimer(0);
    loop.pass();
    resume();
    const LoopSnapshot snapshot = dispatcher.snapshot();
    QCOMPARE(snapshot.nestingDepth, 0u);
    const HandlerKind kind = posted ? HandlerKind::PostedEvent : HandlerKind::Timer;
    int found = 0;
    for (const ReceiverStats &receiver : snapshot.receivers) {
        if (receiver.kind != kind || receiver.className.find("er") == std::string::npos)
            continue;
        ++found;
        const bool isInner = receiver.className.find("Inner") != std::string::npos;
        if (isInner)
            QCOMPARE(receiver.total, Nanoseconds(6ms));
        else
            QVERIFY(receiver.total >= 1ms && receiver.total <= 3ms);
    }
    QCOMPARE(found, 2);
    // What comes next is recorded as ever.
    Handler next;
    next.onPosted = [] { FakeClock::advance(60ms); };
    next.post();
    loop.pass();
    QCOMPARE(dispatcher.snapshot().stallCount, std::uint64_t(1));
    QCOMPARE(dispatcher.snapshot().nestingDepth, 0u);
}

void tst_Coroutines::eventsSentFromAnotherStackAreAHandlersOwn()
{
    FakeLoop loop;
    auto &dispatcher = static_cast<EventDispatcher &>(loop.dispatcher);
    dispatcher.setMetricsEnabled(true);
    loop.pass();
    const std::uint64_t before = dispatcher.snapshot().handlersOf(HandlerKind::PostedEvent).total;
    Inner inner;
    Outer outer;
    outer.onPosted = [&] {
        std::vector<char> stack(256 * 1024);
        start(stack, [&] {
            QEvent event(QEvent::User);
            QCoreApplication::sendEvent(&inner, &event);
        });
    };
    outer.post();
    outer.post();
    loop.pass();
    QCOMPARE(dispatcher.snapshot().handlersOf(HandlerKind::PostedEvent).total - before, std::uint64_t(2));
}

QTEST_APPLESS_MAIN(tst_Coroutines)
#include "tst_coroutines.moc"
