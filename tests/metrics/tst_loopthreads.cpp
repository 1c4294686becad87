// SPDX-License-Identifier: MIT
// What a loop is called, and what memory one takes that idles.
#include "support/application.h"
#include "support/child.h"
#include "support/watchdog.h"

#include <flywheel/install.h>
#include <flywheel/metrics.h>

#include <QtCore/qfile.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace Flywheel;
using namespace Flywheel::Test;

namespace {

/// The size of a process, in KiB: column 0 is its address space, 1 its memory.
qint64 sizeKiB(int column)
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    return file.readAll().split(' ').at(column).toLongLong() * ::sysconf(_SC_PAGESIZE) / 1024;
}

/// A class of a program's own.
class ImageLoader : public QThread
{
};

/// Its name, as a snapshot has it.
std::string nameOfLoop(QThread &thread)
{
    if (!install(thread))
        return "no loop";
    thread.start();
    QObject inThread;
    inThread.moveToThread(&thread);
    QMetaObject::invokeMethod(
        &inThread, [] {}, Qt::BlockingQueuedConnection);
    const std::vector<LoopSnapshot> loops = snapshots();
    thread.quit();
    thread.wait();
    return loops.size() == 2 ? loops[1].threadName : "not listed";
}

} // namespace

class tst_LoopThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mainThreadIsMain();
    void namedThreadKeepsItsName();
    void unnamedThreadIsCalledAsInTheSystem();
    void threadNamesItselfBeforeItsLoop();
    void threadThatNeverRunsItsLoopHasItsName();
    void idleThreadTakesLittleMemory();
    void loopThatNeverRunsTakesLessMemory();
    void loopGoesOnWhereMetricsHaveNoMemory();
};

void tst_LoopThreads::mainThreadIsMain()
{
    const Application application(Poller::Auto);
    QCoreApplication::processEvents();
    QCOMPARE(snapshots().at(0).threadName, "main");
}

void tst_LoopThreads::namedThreadKeepsItsName()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    ImageLoader thread;
    thread.setObjectName(QStringLiteral("a name longer than the system's"));
    QCOMPARE(nameOfLoop(thread), "a name longer than the system's");
}

void tst_LoopThreads::unnamedThreadIsCalledAsInTheSystem()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread plain; // which Qt calls "QThread" in the system, each of them
    QCOMPARE(nameOfLoop(plain), "");
    // Qt tells the system the class.
    class Named : public QThread
    {
        void run() override
        {
            ::pthread_setname_np(::pthread_self(), "DecoderThread");
            exec();
        }
    } named;
    QCOMPARE(nameOfLoop(named), "DecoderThread");
}

/// As QXcbEventQueue: it gets a dispatcher, its name after that, and no pass ever.
void tst_LoopThreads::threadThatNeverRunsItsLoopHasItsName()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    class Reader : public QThread
    {
    public:
        std::atomic<bool> isNamed{false};
        std::atomic<bool> ends{false};

    private:
        void run() override
        {
            ::pthread_setname_np(::pthread_self(), "ReaderThread");
            isNamed = true;
            while (!ends)
                usleep(1000);
        }
    } reader;
    QVERIFY(install(reader));
    reader.start();
    while (!reader.isNamed)
        QThread::usleep(1000);
    const std::vector<LoopSnapshot> loops = snapshots();
    const bool isFound = std::any_of(loops.begin(), loops.end(), [](const LoopSnapshot &loop) {
        return loop.threadName == "ReaderThread";
    });
    reader.ends = true;
    QVERIFY(reader.wait());
    QVERIFY(isFound);
}

void tst_LoopThreads::threadNamesItselfBeforeItsLoop()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    class Renamed : public QThread
    {
        void run() override
        {
            setObjectName(QStringLiteral("renamed"));
            exec();
        }
    } renamed;
    QCOMPARE(nameOfLoop(renamed), "renamed");
}

void tst_LoopThreads::idleThreadTakesLittleMemory()
{
    const Watchdog watchdog(std::chrono::seconds(60));
    const Application application(Poller::Auto);
    constexpr int Count = 100;
    std::vector<std::unique_ptr<QThread>> threads;
    std::vector<std::unique_ptr<QObject>> workers;
    const auto hop = [&] {
        for (const auto &worker : workers)
            QMetaObject::invokeMethod(
                worker.get(), [] {}, Qt::BlockingQueuedConnection);
    };
    const qint64 before = sizeKiB(1);
    for (int i = 0; i < Count; ++i) {
        threads.push_back(std::make_unique<QThread>());
        QVERIFY(install(*threads.back()));
        threads.back()->start();
        workers.push_back(std::make_unique<QObject>());
        workers.back()->moveToThread(threads.back().get());
    }
    hop();
    hop();
    const qint64 each = (sizeKiB(1) - before) / Count;
    for (const auto &thread : threads)
        thread->quit();
    for (const auto &thread : threads)
        thread->wait();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr qint64 Most = 2048; // with the shadows of a sanitizer
#else
    constexpr qint64 Most = 64;
#endif
    QVERIFY2(each <= Most, qPrintable(QString::number(each)));
}

void tst_LoopThreads::loopThatNeverRunsTakesLessMemory()
{
    const Application application(Poller::Auto);
    constexpr int Count = 100;
    std::vector<std::unique_ptr<QThread>> threads;
    const qint64 before = sizeKiB(1);
    for (int i = 0; i < Count; ++i) {
        threads.push_back(std::make_unique<QThread>());
        QVERIFY(install(*threads.back()));
    }
    const qint64 each = (sizeKiB(1) - before) / Count;
    QVERIFY2(each <= 16, qPrintable(QString::number(each)));
}

void tst_LoopThreads::loopGoesOnWhereMetricsHaveNoMemory()
{
    QVERIFY(succeedsInChild([] {
        const Application application(Poller::Auto);
        application.dispatcher()->setMetricsEnabled(false);
        QCoreApplication::processEvents();
        const rlimit none{rlim_t(sizeKiB(0)) * 1024, RLIM_INFINITY};
        ::setrlimit(RLIMIT_AS, &none);
        application.dispatcher()->setMetricsEnabled(true);
        int fired = 0;
        QTimer timer;
        QObject::connect(&timer, &QTimer::timeout, &timer, [&] { ++fired; });
        timer.start(0);
        processUntil([&] { return fired >= 10; });
        const bool hasNone = application.dispatcher()->snapshot().passes.total == 0;
        const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
        ::setrlimit(RLIMIT_AS, &all);
        application.dispatcher()->setMetricsEnabled(false);
        application.dispatcher()->setMetricsEnabled(true);
        processUntil([&] { return fired >= 20; });
        return hasNone && application.dispatcher()->snapshot().passes.total > 0;
    }));
}

QTEST_APPLESS_MAIN(tst_LoopThreads)
#include "tst_loopthreads.moc"
