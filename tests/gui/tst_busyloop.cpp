// SPDX-License-Identifier: MIT
// A loop that always has something to do serves windows, input and sockets all the same, and tells of its
// passes.
#include "guisession.h"
#include "probewidget.h"
#include "realinput.h"
#include "socketpair.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qsocketnotifier.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <limits>
#include <optional>
#include <thread>

namespace {

constexpr QEvent::Type Turn = QEvent::User;

/// Keeps the loop of the session busy while it exists.
class Load : public QObject
{
public:
    enum Kind { None, ZeroTimer, PostsToItself, FloodFromThread, SlowHandlers };

    explicit Load(Kind kind) : m_kind(kind)
    {
        switch (kind) {
        case None:
            break;
        case ZeroTimer:
        case SlowHandlers:
            m_timer.callOnTimeout(this, [this] { turn(); });
            m_timer.start(0);
            break;
        case PostsToItself:
            QCoreApplication::postEvent(this, new QEvent(Turn));
            break;
        case FloodFromThread:
            m_thread = std::jthread([this](const std::stop_token &stop) {
                while (!stop.stop_requested()) {
                    if (m_waiting.fetch_add(1) < 64)
                        QCoreApplication::postEvent(this, new QEvent(Turn));
                    else
                        m_waiting.fetch_sub(1), std::this_thread::yield();
                }
            });
            break;
        }
    }
    ~Load() override
    {
        if (m_thread.joinable()) {
            m_thread.request_stop();
            m_thread.join();
        }
    }

    bool event(QEvent *event) override
    {
        if (event->type() != Turn)
            return QObject::event(event);
        turn();
        if (m_kind == PostsToItself)
            QCoreApplication::postEvent(this, new QEvent(Turn));
        else
            m_waiting.fetch_sub(1);
        return true;
    }

    int turns() const { return m_turns; }

private:
    void turn()
    {
        ++m_turns;
        if (m_kind == SlowHandlers)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }

    const Kind m_kind;
    QTimer m_timer;
    std::atomic<int> m_waiting{0};
    int m_turns = 0;
    std::jthread m_thread;
};

/// \a mostTurns: of one pass.
void addLoads(int mostTurns = std::numeric_limits<int>::max())
{
    QTest::addColumn<Load::Kind>("kind");
    QTest::newRow("zero timer") << Load::ZeroTimer;
    QTest::newRow("posts to itself") << Load::PostsToItself;
    QTest::newRow("slow handlers") << Load::SlowHandlers;
    if (mostTurns > 1)
        QTest::newRow("flood from a thread") << Load::FloodFromThread;
}

} // namespace

Q_DECLARE_METATYPE(Load::Kind)

class tst_BusyLoop : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void windowIsShown_data() { addLoads(); }
    void windowIsShown();
    void windowOfAHandlerIsShown_data() { addLoads(); }
    void windowOfAHandlerIsShown();
    void clickIsServed_data() { addLoads(); }
    void clickIsServed();
    void socketIsServed_data() { addLoads(); }
    void socketIsServed();
    void nestedLoopServesAll_data() { addLoads(); }
    void nestedLoopServesAll();
    void eachPassTellsThatItIsAwake_data() { addLoads(1); }
    void eachPassTellsThatItIsAwake();
    void aPassBesideATimerTellsThatItIsAboutToBlock_data();
    void aPassBesideATimerTellsThatItIsAboutToBlock();
    void quitOfAHandlerEndsTheLoop_data() { addLoads(); }
    void quitOfAHandlerEndsTheLoop();
    void wakeUpWithoutAnEventIsAPass();
};

void tst_BusyLoop::windowIsShown()
{
    QFETCH(Load::Kind, kind);
    GuiSession session;
    const Load load(kind);
    ProbeWidget widget;
    showThen(widget, [&] { session.finished(); });
    session.run();
}

/// What the window system is to do for a handler waits in a queue that only the native dispatcher knows.
void tst_BusyLoop::windowOfAHandlerIsShown()
{
    QFETCH(Load::Kind, kind);
    GuiSession session;
    std::optional<Load> load(kind);
    ProbeWidget widget;
    QTimer::singleShot(20, &widget, [&] {
        showThen(widget, [&] { session.finished(); });
        load.reset(); // nothing else makes a further pass
    });
    session.run();
}

void tst_BusyLoop::clickIsServed()
{
    QFETCH(Load::Kind, kind);
    GuiSession session;
    const Load load(kind);
    ProbeWidget widget;
    int presses = 0;
    QTimer again;
    again.setSingleShot(true);
    again.callOnTimeout(&widget, [&] { RealInput::click(widget, {100, 75}); });
    widget.pressed = [&](QMouseEvent *) {
        if (++presses == 3)
            session.finished();
        else
            again.start(1);
    };
    showThen(widget, [&] { RealInput::click(widget, {100, 75}); });
    session.run();
    QCOMPARE(presses, 3);
}

void tst_BusyLoop::socketIsServed()
{
    QFETCH(Load::Kind, kind);
    GuiSession session;
    const Load load(kind);
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    int activations = 0;
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        pair.take();
        if (++activations == 100)
            session.finished();
        else
            pair.makeReady();
    });
    pair.makeReady();
    session.run();
    QCOMPARE(activations, 100);
}

void tst_BusyLoop::nestedLoopServesAll()
{
    QFETCH(Load::Kind, kind);
    GuiSession session;
    const Load load(kind);
    ProbeWidget widget;
    QTimer::singleShot(5, &widget, [&] {
        QEventLoop inner;
        QTimer::singleShot(5, &widget, [&] {
            QEventLoop innermost;
            showThen(widget, [&] { RealInput::click(widget, {100, 75}); });
            widget.pressed = [&](QMouseEvent *) { innermost.quit(); };
            innermost.exec();
            inner.quit();
        });
        inner.exec();
        session.finished();
    });
    session.run();
}

/// How often \a signal was emitted and how many turns the load took meanwhile.
std::pair<int, int> emissionsAndTurns(Load::Kind kind, void (QAbstractEventDispatcher::*signal)())
{
    GuiSession session;
    const Load load(kind);
    int emissions = 0;
    QObject::connect(QAbstractEventDispatcher::instance(), signal, qApp, [&] { ++emissions; });
    int before = 0;
    QTimer::singleShot(10, qApp, [&] { before = load.turns(), emissions = 0; });
    QTimer::singleShot(50, qApp, [&] { session.finished(); });
    session.run();
    return {emissions, load.turns() - before};
}

/// Wayland's platform plugin sends what it has buffered at these signals.
void tst_BusyLoop::eachPassTellsThatItIsAwake()
{
    QFETCH(Load::Kind, kind);
    const auto [emissions, turns] = emissionsAndTurns(kind, &QAbstractEventDispatcher::awake);
    QVERIFY(turns > 0);
    QVERIFY2(emissions >= turns - 1, qPrintable(QStringLiteral("%1 for %2").arg(emissions).arg(turns)));
}

void tst_BusyLoop::aPassBesideATimerTellsThatItIsAboutToBlock_data()
{
    QTest::addColumn<Load::Kind>("kind");
    QTest::newRow("zero timer") << Load::ZeroTimer;
    QTest::newRow("slow handlers") << Load::SlowHandlers;
}

void tst_BusyLoop::aPassBesideATimerTellsThatItIsAboutToBlock()
{
    QFETCH(Load::Kind, kind);
    const auto [emissions, turns] = emissionsAndTurns(kind, &QAbstractEventDispatcher::aboutToBlock);
    QVERIFY(turns > 0);
    QVERIFY2(emissions >= turns / 2, qPrintable(QStringLiteral("%1 for %2").arg(emissions).arg(turns)));
}

void tst_BusyLoop::quitOfAHandlerEndsTheLoop()
{
    QFETCH(Load::Kind, kind);
    for (int round = 0; round < 20; ++round) {
        GuiSession session;
        const Load load(kind);
        QObject context;
        QMetaObject::invokeMethod(
            &context,
            [&] {
                QMetaObject::invokeMethod(
                    &context, [&] { session.finished(); }, Qt::QueuedConnection);
            },
            Qt::QueuedConnection);
        session.run();
    }
}

/// A pass that follows does not wait, whoever woke it: awake() is emitted again.
void tst_BusyLoop::wakeUpWithoutAnEventIsAPass()
{
    GuiSession session;
    QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    int passes = 0;
    bool isStarted = false;
    QObject::connect(dispatcher, &QAbstractEventDispatcher::awake, qApp, [&] {
        if (!isStarted)
            return;
        if (++passes == 20)
            session.finished();
        else
            dispatcher->wakeUp();
    });
    QTimer::singleShot(20, qApp, [&] {
        isStarted = true;
        dispatcher->wakeUp();
    });
    session.run();
    QVERIFY(passes >= 20);
}

QTEST_APPLESS_MAIN(tst_BusyLoop)
#include "tst_busyloop.moc"
