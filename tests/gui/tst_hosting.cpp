// SPDX-License-Identifier: MIT
// Which applications and threads are hosted, and what hosting does better than the dispatcher inside.
#include "guisession.h"
#include "socketpair.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <functional>
#include <thread>

#include <time.h>
#include <unistd.h>

using Flywheel::EventDispatcher;
using Flywheel::Mode;

class tst_Hosting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void applicationsOneAfterAnother();
    void timersAndWakeUpsFromBeforeTheApplicationCount();
    void threadsOfGuiWaitByThemselves();
    void excludedSocketsAreHeldBackWithoutSpinning();
    void excludedTimersAreHeldBackWithoutSpinning();
    void exclusionEndsInNestedLoop();
    void readinessIsNotDeliveredAfterANestedLoopTookIt();
    void readinessOfAnEndedLoopIsNotDeliveredLater();
    void floodOfPostsDoesNotStarveTimers();
    void passThatDeliversWhatWokeItDoesNotBlock();
    void ownerModeIsRefusedInGui();
    void answersForItsHostByName();
    void watchesNothingWithoutNotifiers();
};

template <typename Application>
Mode modeIn()
{
    Flywheel::Test::Watchdog watchdog;
    int argc = 1;
    char name[] = "hosting";
    char *argv[] = {name, nullptr};
    if (!Flywheel::install())
        qFatal("install failed");
    const Application application(argc, argv);
    QTimer::singleShot(5, &application, &QCoreApplication::quit);
    application.exec();
    return EventDispatcher::of()->mode();
}

void tst_Hosting::applicationsOneAfterAnother()
{
    for (int round = 0; round < 3; ++round) {
        QCOMPARE(modeIn<QCoreApplication>(), Mode::Owner);
        QCOMPARE(modeIn<QGuiApplication>(), Mode::Hosted);
        QCOMPARE(modeIn<QApplication>(), Mode::Hosted);
    }
}

void tst_Hosting::timersAndWakeUpsFromBeforeTheApplicationCount()
{
    Flywheel::Test::Watchdog watchdog;
    int argc = 1;
    char name[] = "hosting";
    char *argv[] = {name, nullptr};
    QVERIFY(Flywheel::install());
    QTimer early;
    early.setSingleShot(true);
    early.start(1);
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    pair.makeReady();
    QCoreApplication::eventDispatcher()->wakeUp();

    QApplication application(argc, argv);
    QCoreApplication::eventDispatcher()->processEvents(QEventLoop::WaitForMoreEvents); // the wake-up
    bool socketSeen = false;
    bool timerSeen = false;
    const auto quitIfBoth = [&] {
        if (socketSeen && timerSeen)
            application.quit();
    };
    QObject::connect(&notifier, &QSocketNotifier::activated, &application, [&] {
        pair.take();
        socketSeen = true;
        quitIfBoth();
    });
    if (!early.isActive())
        timerSeen = true; // in the pass above
    QObject::connect(&early, &QTimer::timeout, &application, [&] {
        timerSeen = true;
        quitIfBoth();
    });
    if (!socketSeen || !timerSeen)
        application.exec();
    QVERIFY(socketSeen);
}

class ModeThread : public QThread
{
public:
    Mode mode = Mode::Auto;

protected:
    void run() override
    {
        QTimer::singleShot(1, [this] {
            mode = EventDispatcher::of()->mode();
            quit();
        });
        exec();
    }
};

void tst_Hosting::threadsOfGuiWaitByThemselves()
{
    GuiSession session;
    ModeThread thread;
    QVERIFY(Flywheel::install(thread));
    QObject::connect(&thread, &QThread::finished, qApp, [&] { session.finished(); });
    thread.start();
    session.run();
    QVERIFY(thread.wait());
    QCOMPARE(thread.mode, Mode::Owner);
}

std::chrono::nanoseconds threadTime()
{
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Runs passes with \a flags for \a duration; the time that the thread really worked.
std::chrono::nanoseconds workDuring(QEventLoop::ProcessEventsFlags flags, const std::function<bool()> &isOver)
{
    const auto before = threadTime();
    while (!isOver())
        QCoreApplication::eventDispatcher()->processEvents(flags | QEventLoop::WaitForMoreEvents);
    return threadTime() - before;
}

void tst_Hosting::excludedSocketsAreHeldBackWithoutSpinning()
{
    GuiSession session;
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    bool activated = false;
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        pair.take();
        activated = true;
        session.finished();
    });
    pair.makeReady();
    bool over = false;
    QTimer::singleShot(300, qApp, [&] { over = true; });
    const auto work = workDuring(QEventLoop::ExcludeSocketNotifiers, [&] { return over; });
    QVERIFY(!activated);
    QVERIFY2(work < std::chrono::milliseconds(100), "it spins");
    session.run();
    QVERIFY(activated);
}

void tst_Hosting::excludedTimersAreHeldBackWithoutSpinning()
{
    GuiSession session;
    bool fired = false;
    QTimer::singleShot(1, qApp, [&] {
        fired = true;
        session.finished();
    });
    QElapsedTimer elapsed;
    elapsed.start();
    QThread *const waker = QThread::create([] {
        QThread::msleep(300);
        QCoreApplication::eventDispatcher()->wakeUp();
    });
    waker->start();
    const auto work = workDuring(QEventLoop::X11ExcludeTimers, [&] { return elapsed.elapsed() >= 250; });
    QVERIFY(!fired);
    QVERIFY2(work < std::chrono::milliseconds(100), "it spins");
    session.run();
    QVERIFY(fired);
    QVERIFY(waker->wait());
    delete waker;
}

void tst_Hosting::exclusionEndsInNestedLoop()
{
    GuiSession session;
    SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    QEventLoop nested;
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        pair.take();
        nested.quit();
    });
    bool done = false;
    QTimer::singleShot(5, qApp, [&] {
        pair.makeReady();
        nested.exec();
        done = true;
    });
    workDuring(QEventLoop::ExcludeSocketNotifiers, [&] { return done; });
    pair.makeReady();
    bool over = false;
    QTimer::singleShot(20, qApp, [&] { over = true; });
    workDuring(QEventLoop::ExcludeSocketNotifiers, [&] { return over; });
    // The outer exclusion holds again: the byte is still there.
    pair.take();
}

/// Writes a byte and posts an event at once, so that often one wait of the host ends for both.
class ByteAndEvent
{
public:
    explicit ByteAndEvent(std::function<void()> onEvent) : m_onEvent(std::move(onEvent))
    {
        QObject::connect(&m_notifier, &QSocketNotifier::activated, qApp, [this] {
            char byte;
            m_empty += ::read(m_pair.near.get(), &byte, 1) != 1;
            ++m_activations;
        });
    }

    void send()
    {
        std::thread([this] {
            m_pair.makeReady();
            QMetaObject::invokeMethod(qApp, m_onEvent, Qt::QueuedConnection);
        }).join();
    }
    const SocketPair &pair() const { return m_pair; }
    int activations() const { return m_activations; }
    /// How many of them found nothing to read.
    int empty() const { return m_empty; }

private:
    const std::function<void()> m_onEvent;
    SocketPair m_pair;
    QSocketNotifier m_notifier{m_pair.near.get(), QSocketNotifier::Read};
    int m_activations = 0;
    int m_empty = 0;
};

void tst_Hosting::readinessIsNotDeliveredAfterANestedLoopTookIt()
{
    GuiSession session;
    int events = 0;
    ByteAndEvent both([&] {
        while (both.activations() <= events)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (++events == 100)
            session.finished();
        else
            both.send();
    });
    both.send();
    session.run();
    QCOMPARE(both.empty(), 0);
    QCOMPARE(both.activations(), 100);
}

void tst_Hosting::readinessOfAnEndedLoopIsNotDeliveredLater()
{
    GuiSession session;
    QEventLoop loop;
    ByteAndEvent both([&] { loop.quit(); });
    for (int round = 0; round < 100; ++round) {
        const int before = both.activations();
        both.send();
        loop.exec();
        if (both.activations() == before)
            both.pair().take();
        QCoreApplication::processEvents();
        QTimer::singleShot(1, &loop, &QEventLoop::quit);
        loop.exec();
    }
    QCOMPARE(both.empty(), 0);
}

class Reposter : public QObject
{
public:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::User)
            QCoreApplication::postEvent(this, new QEvent(QEvent::User));
        return QObject::event(event);
    }
};

void tst_Hosting::floodOfPostsDoesNotStarveTimers()
{
    GuiSession session;
    Reposter flood;
    QCoreApplication::postEvent(&flood, new QEvent(QEvent::User));
    int ticks = 0;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, qApp, [&] {
        if (++ticks == 10)
            session.finished();
    });
    timer.start(2);
    session.run();
    QCOMPARE(ticks, 10);
}

void tst_Hosting::passThatDeliversWhatWokeItDoesNotBlock()
{
    GuiSession session;
    int received = 0;
    const auto receive = [&] { ++received; };
    QMetaObject::invokeMethod(
        qApp,
        [&] {
            receive();
            QMetaObject::invokeMethod(qApp, receive, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
    while (received < 2)
        QCoreApplication::eventDispatcher()->processEvents(QEventLoop::WaitForMoreEvents);
    QCOMPARE(received, 2);
}

void tst_Hosting::ownerModeIsRefusedInGui()
{
    QTest::ignoreMessage(QtWarningMsg,
                         "Flywheel: a GUI application can't run on a loop of its own; it is hosted");
    Flywheel::Options options;
    options.mode = Mode::Owner;
    GuiSession session(options);
    QCOMPARE(EventDispatcher::of()->mode(), Mode::Hosted);
}

/// Qt Multimedia and others ask whether GLib's sources are served.
void tst_Hosting::answersForItsHostByName()
{
    GuiSession session;
    const QAbstractEventDispatcher *const dispatcher = QAbstractEventDispatcher::instance();
    const bool isGlib = !qEnvironmentVariableIsSet("QT_NO_GLIB");
    QCOMPARE(dispatcher->inherits("QEventDispatcherGlib"), isGlib);
    QCOMPARE(dispatcher->inherits("QEventDispatcherUNIX"), !isGlib);
    QVERIFY(dispatcher->inherits("Flywheel::EventDispatcher"));
    QVERIFY(dispatcher->inherits("QAbstractEventDispatcher"));
    QVERIFY(!dispatcher->inherits("QTimer"));
    // Nobody is handed an object that is none of the class.
    QVERIFY(EventDispatcher::of());
    QCOMPARE(dispatcher->metaObject()->className(), "Flywheel::EventDispatcher");
}

/// How many epoll sets this process has.
int epollSets()
{
    int count = 0;
    const QDir descriptors(QStringLiteral("/proc/self/fd"));
    for (const QString &name : descriptors.entryList(QDir::Files | QDir::System))
        count += QFile::symLinkTarget(descriptors.filePath(name)).contains(QLatin1String("[eventpoll]"));
    return count;
}

/// A set costs descriptors, and each of a host's waits.
void tst_Hosting::watchesNothingWithoutNotifiers()
{
    GuiSession session;
    if (GuiSession::isXcb())
        QSKIP("the platform may watch descriptors of its own");
    QTimer::singleShot(20, qApp, [&] { session.finished(); });
    session.run();
    QCOMPARE(epollSets(), 0);

    const SocketPair pair;
    QSocketNotifier notifier(pair.near.get(), QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, qApp, [&] {
        pair.take();
        session.finished();
    });
    for (int round = 0; round < 3; ++round) {
        QTimer::singleShot(20, qApp, [&] { pair.makeReady(); });
        session.run();
        notifier.setEnabled(false);
        QTimer::singleShot(20, qApp, [&] { session.finished(); });
        session.run();
        notifier.setEnabled(true);
    }
}

QTEST_APPLESS_MAIN(tst_Hosting)
#include "tst_hosting.moc"
