// SPDX-License-Identifier: MIT
#include "support/fakeloop.h"
#include "support/handler.h"

#include <flywheel/eventdispatcher.h>

#include <QtTest/qtest.h>

using namespace Flywheel;
using namespace Flywheel::Test;

class tst_DepthProbe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsQueuedEventsExactly();
};

void tst_DepthProbe::countsQueuedEventsExactly()
{
    FakeLoop loop;
    auto &dispatcher = static_cast<EventDispatcher &>(loop.dispatcher);
    dispatcher.setMetricsEnabled(true);
    loop.pass();
    QVERIFY(!dispatcher.snapshot().postedDepth);
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
    QCOMPARE(snapshot.postedDepth->current, std::uint64_t(5));
    QVERIFY(snapshot.postsPerPass.current >= 113);
    loop.pass();
    QCOMPARE(dispatcher.snapshot().postedDepth->current, std::uint64_t(0));
    QCOMPARE(dispatcher.snapshot().postedDepth->max, std::uint64_t(5));
}

QTEST_APPLESS_MAIN(tst_DepthProbe)
#include "tst_depthprobe.moc"
