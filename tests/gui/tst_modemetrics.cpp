// SPDX-License-Identifier: MIT
// What is recorded of a loop that somebody else runs: ours inside the platform's dispatcher (hosted), and
// Qt's own (observed).
#include "guisession.h"
#include "probewidget.h"
#include "socketpair.h"
#include "support/heardevents.h"

#include <flywheel/metrics.h>
#include <flywheel/tasks.h>

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <array>

using namespace Flywheel;
using namespace std::chrono_literals;

class tst_ModeMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitingIsNoWork();
    void slowPostedEventIsBusyAndAStall();
    void slowClickIsBusyAndAStall();
    void timersAndNotifiersAreTimed();
    void nestedLoopsAreTakenApart();
    void passesAreCounted();
    void tasksRunInForeignPasses();
    void threadsAreKnownByName();
    void switchedOffNothingIsRecorded();
    void workBetweenPassesIsNobodysStall();
    void handlersThatServeEventsAreNotBlamed();
    void eachPostedEventIsCountedAndTheSlowOneNamed();
    void otherListenersSeeEachEventOnce();
};

namespace {

constexpr std::chrono::milliseconds Slow = 80ms; // over the threshold of 50 ms

/// The session's loop, hosted or observed.
class Session : public GuiSession
{
public:
    Session()
    {
        if (isStock() && !observe())
            qFatal("the loop can't be observed");
    }

    static LoopSnapshot snapshot()
    {
        const std::vector<LoopSnapshot> all = snapshots();
        const auto isMain = [](const LoopSnapshot &loop) { return loop.threadName == "main"; };
        const auto found = std::ranges::find_if(all, isMain);
        if (found == all.end())
            qFatal("the main loop is not among the snapshots");
        return *found;
    }
};

std::uint64_t runs(const LoopSnapshot &loop, HandlerKind kind)
{
    return loop.handlersOf(kind).total;
}

const Stall *stallOf(const LoopSnapshot &loop, HandlerKind kind)
{
    const auto found = std::ranges::find(loop.stalls, kind, &Stall::kind);
    return found == loop.stalls.end() ? nullptr : &*found;
}

/// Ends the session in a later handler: of an observed loop, the end of the very last one is not seen.
void finishSoon(Session &session)
{
    QTimer::singleShot(20, qApp, [&] { session.finished(); });
}

/// Is busy for so long in the handler of a posted event.
class SlowReceiver : public QObject
{
public:
    std::function<void()> handler = [] {};

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::User)
            return QObject::event(event);
        handler();
        return true;
    }
};

} // namespace

void tst_ModeMetrics::waitingIsNoWork()
{
    Session session;
    const LoopSnapshot before = Session::snapshot();
    QTimer::singleShot(200, qApp, [&] { session.finished(); });
    session.run();
    const LoopSnapshot after = Session::snapshot();
    QCOMPARE(after.mode, GuiSession::isStock() ? Mode::Observed : Mode::Hosted);
    const auto blocked = after.utilisation.blocked - before.utilisation.blocked;
    QVERIFY2(blocked >= 100ms, qPrintable(QString::number(blocked.count())));
}

void tst_ModeMetrics::slowPostedEventIsBusyAndAStall()
{
    Session session;
    SlowReceiver receiver;
    receiver.setObjectName(QStringLiteral("slow one"));
    receiver.handler = [&] {
        QThread::msleep(static_cast<unsigned long>(Slow.count()));
        finishSoon(session);
    };
    const LoopSnapshot before = Session::snapshot();
    // After a wait, so that it is the event that ends it.
    QTimer::singleShot(20, &receiver,
                       [&] { QCoreApplication::postEvent(&receiver, new QEvent(QEvent::User)); });
    session.run();
    const LoopSnapshot after = Session::snapshot();
    QVERIFY(after.utilisation.busy - before.utilisation.busy >= Slow);
    const Stall *stall = stallOf(after, HandlerKind::PostedEvent);
    QVERIFY(stall);
    QCOMPARE(stall->objectName, std::string("slow one"));
    QVERIFY(stall->duration >= Slow);
}

void tst_ModeMetrics::slowClickIsBusyAndAStall()
{
    Session session;
    ProbeWidget widget;
    LoopSnapshot before;
    widget.pressed = [&](QMouseEvent *) {
        QThread::msleep(static_cast<unsigned long>(Slow.count()));
        finishSoon(session);
    };
    showThen(widget, [&] {
        before = Session::snapshot();
        QTest::mousePress(widget.windowHandle(), Qt::LeftButton, {}, QPoint(20, 20));
    });
    session.run();
    const LoopSnapshot after = Session::snapshot();
    QVERIFY(after.utilisation.busy - before.utilisation.busy >= Slow);
    QVERIFY(after.stallCount > before.stallCount);
    QVERIFY(runs(after, HandlerKind::WindowEvent) > 0);
}

void tst_ModeMetrics::timersAndNotifiersAreTimed()
{
    Session session;
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    const LoopSnapshot before = Session::snapshot();
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        pair.take();
        finishSoon(session);
    });
    int ticks = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, qApp, [&] {
        if (++ticks == 5)
            pair.makeReady();
    });
    timer.start(2);
    session.run();
    const LoopSnapshot after = Session::snapshot();
    QVERIFY(runs(after, HandlerKind::Timer) - runs(before, HandlerKind::Timer) >= 5);
    QVERIFY(runs(after, HandlerKind::Notifier) - runs(before, HandlerKind::Notifier) >= 1);
}

void tst_ModeMetrics::nestedLoopsAreTakenApart()
{
    Session session;
    SlowReceiver receiver;
    receiver.handler = [&] {
        QEventLoop nested;
        QTimer::singleShot(Slow, &nested, &QEventLoop::quit);
        nested.exec();
        session.finished();
    };
    const LoopSnapshot before = Session::snapshot();
    QCoreApplication::postEvent(&receiver, new QEvent(QEvent::User));
    session.run();
    const LoopSnapshot after = Session::snapshot();
    // The nested loop waits: neither is its handler a stall, nor was the loop busy so long.
    QCOMPARE(after.stallCount, before.stallCount);
    QVERIFY(after.utilisation.blocked - before.utilisation.blocked >= Slow / 2);
    QVERIFY(after.nestingDepthMax >= 2);
}

void tst_ModeMetrics::passesAreCounted()
{
    Session session;
    const std::uint64_t before = Session::snapshot().passes.total;
    int left = 50;
    SlowReceiver receiver;
    receiver.handler = [&] {
        if (--left == 0)
            session.finished();
        else
            QCoreApplication::postEvent(&receiver, new QEvent(QEvent::User));
    };
    QCoreApplication::postEvent(&receiver, new QEvent(QEvent::User));
    session.run();
    QVERIFY(Session::snapshot().passes.total - before >= 49);
}

void tst_ModeMetrics::tasksRunInForeignPasses()
{
    Session session;
    if (GuiSession::isStock()) { // nobody would run them
        QVERIFY(!post(Loop::of(QThread::currentThread()), [] {}));
        return;
    }
    std::unique_ptr<QThread> poster(QThread::create([&, main = Loop::current()] {
        post(main, [&] { post(Loop::current(), [&] { session.finished(); }); });
    }));
    const LoopSnapshot before = Session::snapshot();
    poster->start();
    session.run();
    poster->wait();
    QCOMPARE(runs(Session::snapshot(), HandlerKind::Task) - runs(before, HandlerKind::Task),
             std::uint64_t(2));
}

void tst_ModeMetrics::threadsAreKnownByName()
{
    Session session;
    QThread thread;
    thread.setObjectName(QStringLiteral("a worker"));
    QVERIFY(GuiSession::isStock() ? observe(thread) : install(thread));
    QObject inThread;
    inThread.moveToThread(&thread);
    thread.start();
    bool isKnown = false;
    QMetaObject::invokeMethod(&inThread, [&] {
        isKnown = std::ranges::any_of(snapshots(), [](const LoopSnapshot &loop) {
            return loop.threadName == "a worker" && loop.enabled;
        });
        QMetaObject::invokeMethod(
            qApp, [&] { session.finished(); }, Qt::QueuedConnection);
    });
    session.run();
    thread.quit();
    QVERIFY(thread.wait());
    QVERIFY(isKnown);
    QVERIFY(std::ranges::none_of(snapshots(),
                                 [](const LoopSnapshot &loop) { return loop.threadName == "a worker"; }));
}

void tst_ModeMetrics::switchedOffNothingIsRecorded()
{
    if (GuiSession::isStock()) {
        Options off;
        off.metrics = false;
        GuiSession session;
        QVERIFY(observe(off));
        QTimer::singleShot(5, qApp, [&] { session.finished(); });
        session.run();
        QCOMPARE(Session::snapshot().passes.total, std::uint64_t(0));
        return;
    }
    Session session;
    EventDispatcher *dispatcher = EventDispatcher::of();
    QTimer::singleShot(5, qApp, [] {}); // one pass at least is recorded
    QTimer::singleShot(20, qApp, [&] { dispatcher->setMetricsEnabled(false); });
    std::uint64_t before = 0;
    QTimer::singleShot(35, qApp, [&] { before = Session::snapshot().passes.total; });
    QTimer::singleShot(50, qApp, [&] { session.finished(); });
    session.run();
    QVERIFY(before > 0);
    QCOMPARE(Session::snapshot().passes.total, before);
}

void tst_ModeMetrics::workBetweenPassesIsNobodysStall()
{
    Session session;
    QTimer innocent;
    int ticks = 0;
    QObject::connect(&innocent, &QTimer::timeout, qApp, [&] { ++ticks; });
    innocent.start(5);
    QCoreApplication::processEvents(); // what showing the first window and so on takes
    const LoopSnapshot before = Session::snapshot();
    for (int i = 0; i < 8; ++i) {
        QCoreApplication::processEvents();
        QThread::msleep(static_cast<unsigned long>(Slow.count()));
        QVERIFY(!Session::snapshot().ongoingStall);
    }
    QCoreApplication::processEvents();
    const LoopSnapshot after = Session::snapshot();
    QVERIFY(ticks >= 8);
    for (const Stall &stall : after.stalls)
        QVERIFY2(stall.number <= before.stallCount || stall.kind != HandlerKind::Timer,
                 stall.className.c_str());
    QVERIFY(runs(after, HandlerKind::Timer) - runs(before, HandlerKind::Timer) >= 7);
    QVERIFY(after.utilisation.outside - before.utilisation.outside >= 7 * Slow);
    QVERIFY(after.utilisation.busy - before.utilisation.busy < 4 * Slow);
}

void tst_ModeMetrics::handlersThatServeEventsAreNotBlamed()
{
    Session session;
    QTimer tick;
    tick.start(5);
    const LoopSnapshot before = Session::snapshot();
    QTimer::singleShot(10, qApp, [&] {
        for (int i = 0; i < 20; ++i)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        session.finished();
    });
    session.run();
    const LoopSnapshot after = Session::snapshot();
    for (const Stall &stall : after.stalls)
        QVERIFY2(stall.number <= before.stallCount || stall.kind != HandlerKind::Timer,
                 stall.className.c_str());
    QVERIFY(after.nestingDepthMax >= 2);
}

void tst_ModeMetrics::eachPostedEventIsCountedAndTheSlowOneNamed()
{
    Session session;
    std::array<SlowReceiver, 10> receivers;
    receivers[4].setObjectName(QStringLiteral("slow one"));
    receivers[4].handler = [&] {
        // What a handler sends, deep or not, is its own business.
        QEvent event(QEvent::User);
        QCoreApplication::sendEvent(&receivers[0], &event);
        QThread::msleep(static_cast<unsigned long>(Slow.count()));
    };
    receivers[9].setObjectName(QStringLiteral("after it"));
    receivers[9].handler = [&] { session.finished(); };
    LoopSnapshot before;
    QTimer::singleShot(20, qApp, [&] {
        before = Session::snapshot();
        for (SlowReceiver &receiver : receivers)
            QCoreApplication::postEvent(&receiver, new QEvent(QEvent::User));
    });
    session.run();
    const LoopSnapshot after = Session::snapshot();
    const auto events = runs(after, HandlerKind::PostedEvent) - runs(before, HandlerKind::PostedEvent);
    QVERIFY2(events >= 9 && events <= 13, qPrintable(QString::number(events)));
    bool isNamed = false;
    for (const Stall &stall : after.stalls) {
        if (stall.number <= before.stallCount)
            continue;
        isNamed |= stall.objectName == "slow one" && stall.duration >= Slow;
        QVERIFY(stall.objectName != "after it");
    }
    QVERIFY(isNamed);
}

void tst_ModeMetrics::otherListenersSeeEachEventOnce()
{
    Session session;
    const Test::HeardEvents heard;
    int handled = 0;
    SlowReceiver receiver;
    receiver.handler = [&] {
        if (++handled == 10)
            session.finished();
    };
    for (int i = 0; i < 10; ++i)
        QCoreApplication::postEvent(&receiver, new QEvent(QEvent::User));
    session.run();
    QCOMPARE(heard.count(), 10);
}

QTEST_APPLESS_MAIN(tst_ModeMetrics)
#include "tst_modemetrics.moc"
