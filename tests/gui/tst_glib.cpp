// SPDX-License-Identifier: MIT
// Options::glib: console programs and threads that use GLib's event sources.
#include "socketpair.h"
#include "support/watchdog.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>

#include <QtCore/qcoreapplication.h>
#include <QtCore/qeventloop.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <thread>

// GLib's headers have parameters named signals and slots.
#undef signals
#undef slots
#include <glib.h>

using Flywheel::EventDispatcher;
using Flywheel::Mode;

class tst_Glib : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void consoleProgramServesGlib();
    void consoleProgramServesGlibManyTimes();
    void threadServesItsGlibContext();
    void exclusionHoldsAgainAfterNestedLoop();
    void threadEndsWhileOthersPost();
    void hostedModeNeedsGlib();
    void busySocketsAreServedWithoutAskingGlib();
    void pollFunctionIsReturned();
    void pollFunctionOfTheProgramStays();
};

Flywheel::Options withGlib()
{
    Flywheel::Options options;
    options.glib = true;
    return options;
}

/// A console application, on the dispatcher that is installed.
class ConsoleProgram
{
public:
    explicit ConsoleProgram(bool isInstalled = true)
    {
        if (!isInstalled)
            qFatal("the dispatcher could not be installed");
    }

private:
    Flywheel::Test::Watchdog m_watchdog;
    int m_argc = 1;
    char m_name[5] = "glib";
    char *m_argv[2] = {m_name, nullptr};
    QCoreApplication m_application{m_argc, m_argv};
};

/// Attaches a source to \a context that calls \a quit() in 50 ms.
template <typename Quit>
void quitFromGlib(GMainContext *context, Quit *quit)
{
    GSource *source = g_timeout_source_new(50);
    const GSourceFunc call = [](gpointer function) -> gboolean {
        (*static_cast<Quit *>(function))();
        return G_SOURCE_REMOVE;
    };
    g_source_set_callback(source, call, quit, nullptr);
    g_source_attach(source, context);
    g_source_unref(source);
}

void tst_Glib::consoleProgramServesGlib()
{
    const ConsoleProgram program(Flywheel::install(withGlib()));
    QCoreApplication &application = *QCoreApplication::instance();
    QCOMPARE(EventDispatcher::of()->mode(), Mode::Hosted);

    int ticks = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &application, [&] { ++ticks; });
    timer.start(1);
    auto quit = [] { QCoreApplication::quit(); };
    quitFromGlib(nullptr, &quit);
    application.exec();
    QVERIFY(ticks > 0);
}

void tst_Glib::consoleProgramServesGlibManyTimes()
{
    for (int round = 0; round < 3; ++round)
        consoleProgramServesGlib();
}

class GlibThread : public QThread
{
public:
    Mode mode = Mode::Auto;

protected:
    void run() override
    {
        mode = EventDispatcher::of()->mode();
        auto quit = [this] { this->quit(); };
        quitFromGlib(g_main_context_get_thread_default(), &quit);
        exec();
    }
};

void tst_Glib::threadServesItsGlibContext()
{
    const ConsoleProgram program;
    GlibThread thread;
    QVERIFY(Flywheel::install(thread, withGlib()));
    thread.start();
    QVERIFY(thread.wait());
    QCOMPARE(thread.mode, Mode::Hosted);
}

void tst_Glib::exclusionHoldsAgainAfterNestedLoop()
{
    const ConsoleProgram program(Flywheel::install(withGlib()));
    QCoreApplication &application = *QCoreApplication::instance();
    SocketPair pair;
    int activations = 0;
    QEventLoop nested;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &application, [&] {
        pair.take();
        ++activations;
        nested.quit();
    });
    bool done = false;
    QTimer::singleShot(1, &application, [&] {
        pair.makeReady();
        nested.exec();
        pair.makeReady();
        GMainLoop *foreign = g_main_loop_new(nullptr, FALSE);
        auto quit = [&] { g_main_loop_quit(foreign); };
        quitFromGlib(nullptr, &quit);
        g_main_loop_run(foreign);
        g_main_loop_unref(foreign);
        done = true;
    });
    while (!done)
        QCoreApplication::eventDispatcher()->processEvents(QEventLoop::ExcludeSocketNotifiers |
                                                           QEventLoop::WaitForMoreEvents);
    QCOMPARE(activations, 1); // in the nested loop, not in the foreign one
}

/// What the posters wake must not be gone yet: AddressSanitizer judges.
void tst_Glib::threadEndsWhileOthersPost()
{
    const ConsoleProgram program;
    for (int round = 0; round < 10; ++round) {
        QThread thread;
        QVERIFY(Flywheel::install(thread, withGlib()));
        const Flywheel::Loop loop = Flywheel::Loop::of(&thread);
        std::atomic<int> run{0};
        const auto post = [&] {
            while (Flywheel::post(loop, [&run] { ++run; })) {}
        };
        std::jthread first(post);
        std::jthread second(post);
        thread.start();
        while (run == 0)
            std::this_thread::yield();
        thread.quit();
        QVERIFY(thread.wait());
    }
}

void tst_Glib::hostedModeNeedsGlib()
{
    Flywheel::Options options;
    options.mode = Mode::Hosted;
    QVERIFY(Flywheel::install(options));
    QTest::ignoreMessage(QtWarningMsg, "Flywheel: nothing to be hosted by: this is no GUI application, and "
                                       "Options::glib is not set");
    const ConsoleProgram program;
    QCOMPARE(EventDispatcher::of()->mode(), Mode::Owner);
}

/// A source of GLib's that is always ready counts how often GLib is asked.
void tst_Glib::busySocketsAreServedWithoutAskingGlib()
{
    const ConsoleProgram program(Flywheel::install(withGlib()));
    QCoreApplication &application = *QCoreApplication::instance();

    int asked = 0;
    const GSourceFunc count = [](gpointer counter) -> gboolean {
        ++*static_cast<int *>(counter);
        return G_SOURCE_CONTINUE;
    };
    const guint source = g_idle_add_full(G_PRIORITY_DEFAULT, count, &asked, nullptr);
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    int hops = 0;
    QObject::connect(&notifier, &QSocketNotifier::activated, &application, [&] {
        pair.take();
        if (++hops == 1000)
            QCoreApplication::quit();
        else
            pair.makeReady();
    });
    pair.makeReady();
    application.exec();
    g_source_remove(source);
    QVERIFY2(asked < 500, qPrintable(QString::number(asked)));
}

/// One tick of a precise timer of a hosted console program.
void runOneTick()
{
    const ConsoleProgram program(Flywheel::install(withGlib()));
    QTimer::singleShot(1, QCoreApplication::instance(), &QCoreApplication::quit);
    QCoreApplication::exec();
}

/// Ours waits to the nanosecond, while there is a loop that needs it.
void tst_Glib::pollFunctionIsReturned()
{
    QVERIFY(g_main_context_get_poll_func(nullptr) == g_poll);
    runOneTick();
    QVERIFY(g_main_context_get_poll_func(nullptr) == g_poll);
}

void tst_Glib::pollFunctionOfTheProgramStays()
{
    static int s_calls;
    const GPollFunc own = [](GPollFD *descriptors, guint count, gint timeout) {
        ++s_calls;
        return g_poll(descriptors, count, timeout);
    };
    g_main_context_set_poll_func(nullptr, own);
    runOneTick();
    QVERIFY(g_main_context_get_poll_func(nullptr) == own);
    QVERIFY(s_calls > 0);
    g_main_context_set_poll_func(nullptr, nullptr);
}

QTEST_APPLESS_MAIN(tst_Glib)
#include "tst_glib.moc"
