// SPDX-License-Identifier: MIT
#include "support/fakeloop.h"
#include "support/handler.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_DepthProbe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unknownWithoutProbe();
    void loopsThatRecordLoadIt();
    void countsQueuedEventsExactly();
    void isThatOfTheMoment();
    void leavesDeletionsOut();
};

void tst_DepthProbe::unknownWithoutProbe()
{
    FakeLoop loop;
    auto &dispatcher = static_cast<EventDispatcher &>(loop.dispatcher);
    dispatcher.setMetricsEnabled(true);
    loop.pass();
    QVERIFY(!dispatcher.snapshot().postedDepth);
}

void tst_DepthProbe::loopsThatRecordLoadIt()
{
    QVERIFY(Flywheel::install());
    int argc = 1;
    char name[] = "test";
    char *argv[] = {name, nullptr};
    QCoreApplication application(argc, argv);
    Handler handler;
    for (int i = 0; i < 5; ++i)
        handler.post();
    QCoreApplication::processEvents();
    const LoopSnapshot snapshot = EventDispatcher::of()->snapshot();
    QVERIFY(snapshot.postedDepth);
    QVERIFY(snapshot.postedDepth->max >= 5);
    QVERIFY(snapshot.handlersOf(HandlerKind::PostedEvent).total >= 5); // from the very first pass on
    QVERIFY(snapshot.handlerTimeOf(HandlerKind::PostedEvent).count >= 5);
}

void tst_DepthProbe::countsQueuedEventsExactly()
{
    FakeLoop loop;
    auto &dispatcher = static_cast<EventDispatcher &>(loop.dispatcher);
    dispatcher.setMetricsEnabled(true);
    loop.pass();
    QVERIFY(loadDepthProbe());

    // Removed events, and events sent ahead of the batch, are arrivals but not in the queue.
    Handler kept;
    Handler removed;
    Handler sent;
    for (int i = 0; i < 5; ++i)
        kept.post();
    for (int i = 0; i < 7; ++i)
        removed.post();
    QCoreApplication::removePostedEvents(&removed);
    sent.post();
    QCoreApplication::sendPostedEvents(&sent);
    for (int i = 0; i < 100; ++i)
        dispatcher.wakeUp();
    loop.pass();
    const LoopSnapshot snapshot = dispatcher.snapshot();
    QVERIFY(snapshot.postedDepth);
    QCOMPARE(snapshot.postedDepth->current, std::uint64_t(0)); // the pass has sent them
    QCOMPARE(snapshot.postedDepth->max, std::uint64_t(5));
    QVERIFY(snapshot.postsPerPass.current >= 113);
    loop.pass();
    QCOMPARE(dispatcher.snapshot().postedDepth->current, std::uint64_t(0));
    QCOMPARE(dispatcher.snapshot().postedDepth->max, std::uint64_t(5));
}

void tst_DepthProbe::isThatOfTheMoment()
{
    // One pass may send events for minutes, while others are posted.
    FakeLoop loop;
    auto &dispatcher = static_cast<EventDispatcher &>(loop.dispatcher);
    dispatcher.setMetricsEnabled(true);
    QVERIFY(loadDepthProbe());
    Handler handler;
    Handler other;
    std::optional<Gauge> inside;
    handler.onPosted = [&] {
        for (int i = 0; i < 20; ++i)
            other.post();
        inside = dispatcher.snapshot().postedDepth;
    };
    handler.post();
    loop.pass();
    QVERIFY(inside);
    QCOMPARE(inside->current, std::uint64_t(20));
    QCOMPARE(inside->max, std::uint64_t(20));
}

void tst_DepthProbe::leavesDeletionsOut()
{
    FakeLoop loop;
    auto &dispatcher = static_cast<EventDispatcher &>(loop.dispatcher);
    dispatcher.setMetricsEnabled(true);
    QVERIFY(loadDepthProbe());
    auto *const doomed = new QObject;
    Handler handler;
    std::optional<Gauge> inside;
    handler.onPosted = [&] {
        doomed->deleteLater();
        inside = dispatcher.snapshot().postedDepth;
    };
    handler.post();
    loop.pass();
    QVERIFY(inside);
    QCOMPARE(inside->current, std::uint64_t(0));
    QCoreApplication::sendPostedEvents(doomed, QEvent::DeferredDelete);
}

QTEST_APPLESS_MAIN(tst_DepthProbe)
#include "tst_depthprobe.moc"
