// SPDX-License-Identifier: MIT
// GLib's loop run by somebody else inside our handlers, and GLib's event sources inside our loop.
#include "guisession.h"
#include "probewidget.h"
#include "realinput.h"
#include "socketpair.h"

#include <QtCore/qsocketnotifier.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <set>
#include <string>
#include <thread>

// GLib's headers have parameters named signals and slots.
#undef signals
#undef slots
#include <glib.h>

class tst_ForeignLoops : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingGoesOnInTimersHandler();
    void everythingGoesOnInSocketsHandler();
    void everythingGoesOnInPostedHandler();
    void idleTimersGoOnInForeignLoop();
    void timerFromBeforeWakesForeignLoop();
    void timerOfAForeignLoopWakesIt();
    void notifierOfAForeignLoopIsServed();
    void loopOfIdlePriorityEndsBesideANewNotifier();
    void ticksGoOnInTimersHandler();
    void ticksGoOnInSocketsHandler();
    void ticksGoOnInForeignLoopsOfForeignLoops();
    void glibSourcesAreServedWhileIdle();
    void glibSourcesAreServedWhileBusy();
};

/// A g_main_loop_run() that ends when everything that a program may wait for was served in it: what was there
/// before, and what was made inside.
class ForeignLoop
{
public:
    explicit ForeignLoop(ProbeWidget &widget) : m_widget(widget), m_loop(g_main_loop_new(nullptr, FALSE))
    {
        expect("timer from before", [this] { onTimer(m_oldTimer, 5); });
        expect("socket from before", [this] { onSocket(m_oldPair, m_oldNotifier); });
    }
    ~ForeignLoop() { g_main_loop_unref(m_loop); }

    void run()
    {
        expect("timer", [this] { onTimer(m_newTimer, 3); });
        expect("socket", [this] { onSocket(m_newPair, m_newNotifier); });
        expect("posted event", [this] { onPost(); });
        expect("click", [this] { onClick(); });
        QTimer::singleShot(10, &m_widget, [this] {
            m_oldPair.makeReady();
            m_newPair.makeReady();
        });
        m_running = true;
        g_main_loop_run(m_loop);
        QVERIFY(m_open.empty());
    }

private:
    void expect(const char *what, const std::function<void()> &start)
    {
        m_open.insert(what);
        m_starting = what;
        start();
    }
    std::function<void()> arrival()
    {
        return [this, what = m_starting] {
            if (!m_running)
                return;
            m_open.erase(what);
            if (m_open.empty())
                g_main_loop_quit(m_loop);
        };
    }

    void onTimer(QTimer &timer, int interval)
    {
        // Three ticks: one could be left over from the pass that the foreign loop interrupts.
        QObject::connect(&timer, &QTimer::timeout, &timer, [this, arrived = arrival(), ticks = 0]() mutable {
            ticks += m_running;
            if (ticks == 3)
                arrived();
        });
        timer.start(interval);
    }
    void onSocket(SocketPair &pair, std::unique_ptr<QSocketNotifier> &notifier)
    {
        notifier = std::make_unique<QSocketNotifier>(pair.near.get(), QSocketNotifier::Read);
        QObject::connect(notifier.get(), &QSocketNotifier::activated, notifier.get(),
                         [&pair, arrived = arrival()] {
                             pair.take();
                             arrived();
                         });
    }
    /// From another thread; the handler makes a write notifier, which is known to be ready without a wait.
    void onPost()
    {
        m_poster = std::jthread([this, arrived = arrival()] {
            QMetaObject::invokeMethod(
                &m_widget,
                [this, arrived] {
                    m_writer = std::make_unique<QSocketNotifier>(m_newPair.far.get(), QSocketNotifier::Write);
                    QObject::connect(m_writer.get(), &QSocketNotifier::activated, &m_widget, [this, arrived] {
                        m_writer->setEnabled(false);
                        arrived();
                    });
                },
                Qt::QueuedConnection);
        });
    }
    void onClick()
    {
        m_widget.pressed = [arrived = arrival()](QMouseEvent *) { arrived(); };
        QTimer::singleShot(5, &m_widget, [this] { RealInput::click(m_widget, {50, 50}); });
    }

    ProbeWidget &m_widget;
    GMainLoop *const m_loop;
    std::set<std::string> m_open;
    std::string m_starting;
    bool m_running = false;
    QTimer m_oldTimer;
    QTimer m_newTimer;
    SocketPair m_oldPair;
    SocketPair m_newPair;
    std::unique_ptr<QSocketNotifier> m_oldNotifier;
    std::unique_ptr<QSocketNotifier> m_newNotifier;
    std::unique_ptr<QSocketNotifier> m_writer;
    std::jthread m_poster;
};

void tst_ForeignLoops::everythingGoesOnInTimersHandler()
{
    GuiSession session;
    ProbeWidget widget;
    ForeignLoop loop(widget);
    showThen(widget, [&] {
        QTimer::singleShot(20, &widget, [&] {
            loop.run();
            session.finished();
        });
    });
    session.run();
}

void tst_ForeignLoops::everythingGoesOnInSocketsHandler()
{
    GuiSession session;
    ProbeWidget widget;
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    ForeignLoop loop(widget);
    QObject::connect(&notifier, &QSocketNotifier::activated, &widget, [&] {
        pair.take();
        loop.run();
        session.finished();
    });
    showThen(widget, [&] { pair.makeReady(); });
    session.run();
}

void tst_ForeignLoops::everythingGoesOnInPostedHandler()
{
    GuiSession session;
    ProbeWidget widget;
    ForeignLoop loop(widget);
    showThen(widget, [&] {
        QMetaObject::invokeMethod(
            &widget,
            [&] {
                loop.run();
                session.finished();
            },
            Qt::QueuedConnection);
    });
    session.run();
}

/// Runs GLib's loop in a timer's handler, after \a start there; the loop is to be quit by what that started.
void runForeignLoop(GuiSession &session, GMainLoop *loop, const std::function<void()> &start)
{
    QTimer::singleShot(5, qApp, [&] {
        start();
        g_main_loop_run(loop);
        session.finished();
    });
    session.run();
    g_main_loop_unref(loop);
}

// Each by itself: nothing else wakes the loop and makes up for what is forgotten.

void tst_ForeignLoops::idleTimersGoOnInForeignLoop()
{
    GuiSession session;
    GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
    int ticks = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, qApp, [&] {
        if (++ticks == 100)
            g_main_loop_quit(loop);
    });
    runForeignLoop(session, loop, [&] { timer.start(0); });
    QVERIFY(ticks >= 100);
}

void tst_ForeignLoops::timerFromBeforeWakesForeignLoop()
{
    GuiSession session;
    GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
    QTimer::singleShot(30, qApp, [&] { g_main_loop_quit(loop); });
    runForeignLoop(session, loop, [] {});
}

void tst_ForeignLoops::timerOfAForeignLoopWakesIt()
{
    GuiSession session;
    GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
    QTimer far;
    far.start(600'000);
    runForeignLoop(session, loop, [&] { QTimer::singleShot(10, qApp, [&] { g_main_loop_quit(loop); }); });
}

void tst_ForeignLoops::notifierOfAForeignLoopIsServed()
{
    GuiSession session;
    GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
    SocketPair pair;
    std::unique_ptr<QSocketNotifier> notifier;
    runForeignLoop(session, loop, [&] {
        notifier = std::make_unique<QSocketNotifier>(pair.near.get(), QSocketNotifier::Read);
        QObject::connect(notifier.get(), &QSocketNotifier::activated, qApp, [&] {
            pair.take();
            g_main_loop_quit(loop);
        });
        pair.makeReady();
    });
}

/// A notifier that is enabled right before is no reason to be busy: sources of idle priority have their turn.
void tst_ForeignLoops::loopOfIdlePriorityEndsBesideANewNotifier()
{
    GuiSession session;
    GMainLoop *loop = g_main_loop_new(nullptr, FALSE);
    SocketPair pair;
    std::unique_ptr<QSocketNotifier> notifier;
    runForeignLoop(session, loop, [&] {
        notifier = std::make_unique<QSocketNotifier>(pair.near.get(), QSocketNotifier::Read);
        const auto quit = [](gpointer data) -> gboolean {
            g_main_loop_quit(static_cast<GMainLoop *>(data));
            return G_SOURCE_REMOVE;
        };
        g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, 50, quit, loop, nullptr);
    });
}

/// A timer that writes to a watched socket every fifth time. All of it from before the foreign loops.
class Load
{
public:
    Load()
    {
        m_timer.callOnTimeout([this] {
            if (++ticks % 5 == 0)
                m_pair.makeReady();
        });
        QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] {
            m_pair.take();
            ++reads;
        });
        m_timer.start(5);
    }

    /// Runs a foreign loop until ten more sockets' events have come in it.
    void runForeignLoop()
    {
        GMainLoop *const loop = g_main_loop_new(nullptr, FALSE);
        const int enough = reads + 10;
        const QMetaObject::Connection quit = QObject::connect(&m_notifier, &QSocketNotifier::activated, [&] {
            if (reads >= enough)
                g_main_loop_quit(loop);
        });
        g_main_loop_run(loop);
        QObject::disconnect(quit);
        g_main_loop_unref(loop);
    }

    int ticks = 0;
    int reads = 0;

private:
    QTimer m_timer;
    SocketPair m_pair;
    QSocketNotifier m_notifier{m_pair.near.get(), QSocketNotifier::Read};
};

void tst_ForeignLoops::ticksGoOnInTimersHandler()
{
    GuiSession session;
    Load load;
    QTimer::singleShot(20, qApp, [&] {
        load.runForeignLoop();
        session.finished();
    });
    session.run();
    QVERIFY(load.ticks >= 50);
}

void tst_ForeignLoops::ticksGoOnInSocketsHandler()
{
    GuiSession session;
    Load load;
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        pair.take();
        load.runForeignLoop();
        session.finished();
    });
    QTimer::singleShot(20, qApp, [&] { pair.makeReady(); });
    session.run();
    QVERIFY(load.ticks >= 50);
}

void tst_ForeignLoops::ticksGoOnInForeignLoopsOfForeignLoops()
{
    GuiSession session;
    Load load;
    GMainLoop *const outer = g_main_loop_new(nullptr, FALSE);
    QTimer::singleShot(20, qApp, [&] {
        QTimer::singleShot(10, qApp, [&] {
            load.runForeignLoop(); // in a handler of the outer foreign loop
            QEventLoop loop;       // and one of Qt's there
            QTimer::singleShot(10, &loop, &QEventLoop::quit);
            loop.exec();
            g_main_loop_quit(outer);
        });
        g_main_loop_run(outer);
        load.runForeignLoop();
        session.finished();
    });
    session.run();
    g_main_loop_unref(outer);
    QVERIFY(load.ticks >= 100);
}

/// Counts the dispatches of a GLib source and ends the session after the last.
struct SourceCounter
{
    GuiSession &session;
    int left;

    static gboolean dispatched(gpointer self)
    {
        auto *counter = static_cast<SourceCounter *>(self);
        if (--counter->left > 0)
            return G_SOURCE_CONTINUE;
        counter->session.finished();
        return G_SOURCE_REMOVE;
    }
};

void tst_ForeignLoops::glibSourcesAreServedWhileIdle()
{
    GuiSession session;
    SourceCounter timeouts{session, 5};
    g_timeout_add(5, SourceCounter::dispatched, &timeouts);
    session.run();
    QCOMPARE(timeouts.left, 0);
    SourceCounter idles{session, 5};
    g_idle_add(SourceCounter::dispatched, &idles);
    session.run();
    QCOMPARE(idles.left, 0);
}

/// Not so idle sources: Qt's dispatcher serves timers with GLib's default priority, so nothing is ever idle
/// then.
void tst_ForeignLoops::glibSourcesAreServedWhileBusy()
{
    GuiSession session;
    QTimer busy;
    busy.start(0);
    SourceCounter timeouts{session, 5};
    g_timeout_add(5, SourceCounter::dispatched, &timeouts);
    session.run();
    QCOMPARE(timeouts.left, 0);
}

QTEST_APPLESS_MAIN(tst_ForeignLoops)
#include "tst_foreignloops.moc"
