// SPDX-License-Identifier: MIT
#include "core/eventdispatcher_p.h"
#include "support/fakeclock.h"
#include "support/fakeloop.h"
#include "support/handler.h"
#include "support/heardevents.h"

#include <flywheel/metrics.h>

#include <QtCore/qpointer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <stdexcept>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_PostedEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QVERIFY(attributePostedEvents(true)); }
    void cleanup() { QVERIFY(attributePostedEvents(true)); }
    void eachEventIsTimed();
    void eventsSentInHandlersAreNotPostedOnes();
    void stallNamesTheReceiver();
    void deleteLaterWaitsForTheHandlersLoop();
    void receiverMayDieInItsHandler();
    void exceptionsPass();
    void switchedOffTheyAreCounted();
    void nothingIsDeliveredTwice();
    void otherListenersSeeEachEventOnce();
    void eventsOfNestedLoopsAreTheirOwn();
};

namespace {

LoopSnapshot snapshotOf(FakeLoop &loop)
{
    return static_cast<EventDispatcher &>(loop.dispatcher).snapshot();
}

void enable(FakeLoop &loop)
{
    static_cast<EventDispatcher &>(loop.dispatcher).setMetricsEnabled(true);
    loop.pass();
}

} // namespace

void tst_PostedEvents::eachEventIsTimed()
{
    FakeLoop loop;
    enable(loop);
    Handler handler;
    Nanoseconds next = 1ms;
    handler.onPosted = [&] {
        FakeClock::advance(next);
        next *= 2;
    };
    for (int i = 0; i < 3; ++i)
        handler.post();
    loop.pass();
    const LoopSnapshot snapshot = snapshotOf(loop);
    const Series &events = snapshot.handlerTimeOf(HandlerKind::PostedEvent);
    QCOMPARE(events.count, std::uint64_t(3));
    QCOMPARE(events.recent.p50, Nanoseconds(2ms));
    QCOMPARE(events.max, Nanoseconds(4ms));
    QCOMPARE(snapshot.handlerTimeOf(HandlerKind::PostedBatch).max, Nanoseconds(7ms));
    const auto receiver =
        std::ranges::find(snapshot.receivers, HandlerKind::PostedEvent, &ReceiverStats::kind);
    QVERIFY(receiver != snapshot.receivers.end());
    QCOMPARE(receiver->className, std::string("QObject"));
    QCOMPARE(receiver->total, Nanoseconds(7ms));
}

void tst_PostedEvents::eventsSentInHandlersAreNotPostedOnes()
{
    FakeLoop loop;
    enable(loop);
    Handler inner;
    int calls = 0;
    inner.onPosted = [&] { ++calls; };
    Handler outer;
    outer.onPosted = [&] {
        for (int i = 0; i < 5; ++i) {
            QEvent event(QEvent::User);
            QCoreApplication::sendEvent(&inner, &event);
        }
    };
    outer.post();
    loop.pass();
    QCOMPARE(calls, 5);
    QCOMPARE(snapshotOf(loop).handlerTimeOf(HandlerKind::PostedEvent).count, std::uint64_t(1));
}

void tst_PostedEvents::stallNamesTheReceiver()
{
    FakeLoop loop;
    enable(loop);
    Handler handler;
    handler.setObjectName(QStringLiteral("slow"));
    handler.onPosted = [] { FakeClock::advance(80ms); };
    handler.post();
    loop.pass();
    const LoopSnapshot snapshot = snapshotOf(loop);
    QCOMPARE(snapshot.stallCount, std::uint64_t(1)); // the batch is not a second one
    QCOMPARE(snapshot.stalls.front().kind, HandlerKind::PostedEvent);
    QCOMPARE(snapshot.stalls.front().objectName, std::string("slow"));
    QCOMPARE(snapshot.stalls.front().id, std::int64_t(QEvent::User));
}

void tst_PostedEvents::deleteLaterWaitsForTheHandlersLoop()
{
    // An object that is deleted later in its handler must live until control is back in the loop that runs
    // the handler, also if the handler sends posted events by itself.
    FakeLoop loop;
    enable(loop);
    QPointer<Handler> handler = new Handler;
    bool lived = false;
    handler->onPosted = [&] {
        handler->deleteLater();
        loop.pass();
        lived = !handler.isNull();
    };
    handler->post();
    loop.pass();
    QVERIFY(lived);
    loop.pass();
    loop.pass();
    delete handler.data();
}

void tst_PostedEvents::receiverMayDieInItsHandler()
{
    FakeLoop loop;
    enable(loop);
    auto *const handler = new Handler;
    auto onPosted = [handler] { delete handler; };
    handler->onPosted = [onPosted] { onPosted(); };
    // The function object dies with the handler: call a copy.
    const std::function<void()> copy = handler->onPosted;
    handler->onPosted = [&copy] { copy(); };
    handler->post();
    loop.pass();
    QCOMPARE(snapshotOf(loop).handlerTimeOf(HandlerKind::PostedEvent).count, std::uint64_t(1));
}

void tst_PostedEvents::exceptionsPass()
{
    FakeLoop loop;
    enable(loop);
    Handler handler;
    handler.onPosted = [] { throw std::runtime_error("expected"); };
    handler.post();
    QVERIFY_EXCEPTION_THROWN(loop.pass(), std::runtime_error);
    int calls = 0;
    handler.onPosted = [&] { ++calls; };
    handler.post();
    loop.pass();
    QCOMPARE(calls, 1);
    QCOMPARE(snapshotOf(loop).nestingDepth, 0u);
}

void tst_PostedEvents::switchedOffTheyAreCounted()
{
    QVERIFY(attributePostedEvents(false));
    FakeLoop loop;
    enable(loop);
    Handler inner;
    Handler handler;
    handler.onPosted = [&] {
        QEvent event(QEvent::User);
        QCoreApplication::sendEvent(&inner, &event);
    };
    const std::uint64_t before = snapshotOf(loop).handlersOf(HandlerKind::PostedEvent).total;
    for (int i = 0; i < 3; ++i)
        handler.post();
    loop.pass();
    QCOMPARE(snapshotOf(loop).handlersOf(HandlerKind::PostedEvent).total - before, std::uint64_t(3));
    QCOMPARE(snapshotOf(loop).handlerTimeOf(HandlerKind::PostedEvent).count, std::uint64_t(0));
    QVERIFY(snapshotOf(loop).handlerTimeOf(HandlerKind::PostedBatch).count > 0);
}

void tst_PostedEvents::nothingIsDeliveredTwice()
{
    FakeLoop loop;
    int calls = 0;
    Handler handler;
    handler.onPosted = [&] { ++calls; };
    for (const bool metrics : {false, true}) {
        static_cast<EventDispatcher &>(loop.dispatcher).setMetricsEnabled(metrics);
        calls = 0;
        for (int i = 0; i < 10; ++i)
            handler.post();
        loop.pass();
        QCOMPARE(calls, 10);
    }
}

void tst_PostedEvents::otherListenersSeeEachEventOnce()
{
    FakeLoop loop;
    enable(loop);
    Handler handler;
    for (int i = 0; i < 10; ++i)
        handler.post();
    const HeardEvents heard;
    loop.pass();
    QCOMPARE(heard.count(), 10);
}

void tst_PostedEvents::eventsOfNestedLoopsAreTheirOwn()
{
    FakeLoop loop;
    enable(loop);
    Handler inner;
    inner.onPosted = [] { FakeClock::advance(70ms); };
    Handler outer;
    outer.onPosted = [&] {
        FakeClock::advance(1ms);
        inner.post();
        loop.pass();
        FakeClock::advance(2ms);
    };
    Handler last;
    last.onPosted = [] { FakeClock::advance(4ms); };
    outer.post();
    last.post();
    loop.pass();
    const LoopSnapshot snapshot = snapshotOf(loop);
    const Series &events = snapshot.handlerTimeOf(HandlerKind::PostedEvent);
    // Qt leaves `last` to the nested loop: it comes first there.
    QCOMPARE(events.count, std::uint64_t(3));
    QCOMPARE(events.max, Nanoseconds(70ms));
    QCOMPARE(events.sum, Nanoseconds(77ms));
    QCOMPARE(events.recent.p50, Nanoseconds(4ms));
}

QTEST_APPLESS_MAIN(tst_PostedEvents)
#include "tst_postedevents.moc"
