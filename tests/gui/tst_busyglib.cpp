// SPDX-License-Identifier: MIT
// A busy loop and GLib: its sources have their turn, and its loops in handlers go on.
#include "guisession.h"
#include "probewidget.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtTest/qtest.h>

#include <functional>
#include <limits>
#include <thread>

// GLib's headers have parameters named signals and slots.
#undef signals
#undef slots
#include <glib.h>

class tst_BusyGlib : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idleSourcesHaveTheirTurn();
    void slowHandlersLeaveEachPassToGlib();
    void slowPostedEventsLeaveEachBatchToGlib();
    void timeoutSourcesAreOnTime();
    void foreignLoopEndsByAPostFromAThread();
    void foreignLoopEndsByAPostOfItsHandler();
    void foreignLoopShowsAWindow();
    void foreignLoopServesTimersBesidePostedEvents();
};

/// A source of GLib's while it exists, which counts. As urgent as Qt's own: beside a zero timer GLib never
/// gets at less urgent ones with Qt's dispatcher.
class CountingSource
{
public:
    explicit CountingSource(GSource *source) : m_source(source)
    {
        const GSourceFunc count = [](gpointer self) -> gboolean {
            ++static_cast<CountingSource *>(self)->count;
            return G_SOURCE_CONTINUE;
        };
        g_source_set_callback(source, count, this, nullptr);
        g_source_set_priority(source, G_PRIORITY_DEFAULT);
        g_source_attach(source, nullptr);
    }
    CountingSource(const CountingSource &) = delete;
    ~CountingSource()
    {
        g_source_destroy(m_source);
        g_source_unref(m_source);
    }

    int count = 0;

private:
    GSource *const m_source;
};

/// Runs a zero timer until it has fired so often.
template <typename Handler>
void fire(GuiSession &session, int times, Handler handler)
{
    QTimer timer;
    int fired = 0;
    timer.callOnTimeout(&timer, [&] {
        handler();
        if (++fired == times)
            session.finished();
    });
    timer.start(0);
    session.run();
}

/// 16 passes without GLib at most, then one with it.
void tst_BusyGlib::idleSourcesHaveTheirTurn()
{
    GuiSession session;
    const CountingSource idle(g_idle_source_new());
    fire(session, 2000, [] {});
    QVERIFY2(idle.count >= 2000 / 17 - 1, qPrintable(QString::number(idle.count)));
}

/// 200 us without GLib at most.
void tst_BusyGlib::slowHandlersLeaveEachPassToGlib()
{
    GuiSession session;
    const CountingSource idle(g_idle_source_new());
    fire(session, 100, [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
    QVERIFY2(idle.count >= 100 - 1, qPrintable(QString::number(idle.count)));
}

/// Posts to itself until it has done so so often.
class Poster : public QObject
{
public:
    Poster(int times, std::function<void()> handler, std::function<void()> finished)
        : m_left(times)
        , m_handler(std::move(handler))
        , m_finished(std::move(finished))
    {
        post();
    }

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::User)
            return QObject::event(event);
        m_handler();
        if (--m_left == 0)
            m_finished();
        else
            post();
        return true;
    }

private:
    void post() { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); }

    int m_left;
    const std::function<void()> m_handler;
    const std::function<void()> m_finished;
};

/// The native dispatcher sends a batch itself, before it looks at anything else.
void tst_BusyGlib::slowPostedEventsLeaveEachBatchToGlib()
{
    GuiSession session;
    const CountingSource idle(g_idle_source_new());
    const Poster poster(
        100, [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }, [&] { session.finished(); });
    session.run();
    QVERIFY2(idle.count >= 100 - 10, qPrintable(QString::number(idle.count)));
}

void tst_BusyGlib::timeoutSourcesAreOnTime()
{
    GuiSession session;
    const CountingSource timeouts(g_timeout_source_new(5));
    QTimer::singleShot(500, qApp, [&] { session.finished(); });
    QTimer busy;
    busy.start(0);
    session.run();
    QVERIFY2(timeouts.count >= 10, qPrintable(QString::number(timeouts.count)));
}

/// A loop of GLib's that a handler runs until quit() is called.
class ForeignLoop
{
public:
    ForeignLoop() : m_loop(g_main_loop_new(nullptr, FALSE)) {}
    ForeignLoop(const ForeignLoop &) = delete;
    ~ForeignLoop() { g_main_loop_unref(m_loop); }

    void run() { g_main_loop_run(m_loop); }
    void quit() { g_main_loop_quit(m_loop); }

private:
    GMainLoop *const m_loop;
};

void tst_BusyGlib::foreignLoopEndsByAPostFromAThread()
{
    GuiSession session;
    QObject receiver;
    ForeignLoop *current = nullptr;
    std::atomic<int> asked{0};
    std::jthread poster([&](const std::stop_token &stop) {
        int answered = 0;
        while (!stop.stop_requested()) {
            if (asked.load() == answered)
                continue;
            ++answered;
            QMetaObject::invokeMethod(
                &receiver, [&] { current->quit(); }, Qt::QueuedConnection);
        }
    });
    fire(session, 10'000, [&] {
        ForeignLoop loop;
        current = &loop;
        asked.fetch_add(1);
        loop.run();
    });
}

void tst_BusyGlib::foreignLoopEndsByAPostOfItsHandler()
{
    GuiSession session;
    QObject receiver;
    fire(session, 1000, [&] {
        ForeignLoop loop;
        QMetaObject::invokeMethod(
            &receiver, [&] { loop.quit(); }, Qt::QueuedConnection);
        loop.run();
    });
}

/// What the window system is to do waits in a queue of Qt's, which takes a wake-up of the native dispatcher.
void tst_BusyGlib::foreignLoopShowsAWindow()
{
    GuiSession session;
    QTimer::singleShot(5, qApp, [&] {
        ForeignLoop loop;
        ProbeWidget widget;
        showThen(widget, [&] { loop.quit(); });
        loop.run();
        session.finished();
    });
    QTimer busy;
    busy.start(0);
    QTimer::singleShot(4, &busy, &QTimer::stop);
    session.run();
}

void tst_BusyGlib::foreignLoopServesTimersBesidePostedEvents()
{
    GuiSession session;
    int ticks = 0;
    QTimer timer;
    timer.callOnTimeout(&timer, [&] { ++ticks; });
    QTimer::singleShot(5, qApp, [&] {
        ForeignLoop loop;
        timer.start(10);
        const Poster poster(
            std::numeric_limits<int>::max(),
            [&] {
                if (ticks == 10)
                    loop.quit();
            },
            [] {});
        loop.run();
        session.finished();
    });
    session.run();
    QVERIFY(ticks >= 10);
}

QTEST_APPLESS_MAIN(tst_BusyGlib)
#include "tst_busyglib.moc"
