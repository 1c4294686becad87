// SPDX-License-Identifier: MIT
// Once warm, neither tasks nor timeouts allocate, with metrics on.
#include "support/allocations.h"
#include "support/application.h"
#include "support/watchdog.h"

#include <flywheel/tasks.h>

#include <QtTest/qtest.h>

#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_LaneAllocations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tasks();
    void tasksWithContext();
    void timeouts();
    void timeoutsWithContext();
    void intervals();
    void intervalsWithContext();
    void tasksFromAnotherThread();
};

namespace {

/// 48 bytes.
struct Largest
{
    std::array<char, 48 - sizeof(int *)> padding{};
    int *calls;
    void operator()() const { ++*calls; }
};

} // namespace

void tst_LaneAllocations::tasks()
{
    const Application application(Poller::Auto);
    int calls = 0;
    QCOMPARE(allocationsOf([&] {
                 for (int i = 0; i < 300; ++i)
                     post(Loop::current(), Largest{{}, &calls});
                 QCoreApplication::processEvents();
             }),
             std::size_t(0));
    QCOMPARE(calls, 120 * 300);
}

void tst_LaneAllocations::tasksWithContext()
{
    const Application application(Poller::Auto);
    int calls = 0;
    QObject context;
    QCOMPARE(allocationsOf([&] {
                 for (int i = 0; i < 300; ++i)
                     post(&context, Largest{{}, &calls});
                 QCoreApplication::processEvents();
             }),
             std::size_t(0));
    QCOMPARE(calls, 120 * 300);
}

void tst_LaneAllocations::timeouts()
{
    const Application application(Poller::Auto);
    int calls = 0;
    QCOMPARE(allocationsOf([&] {
                 for (int i = 0; i < 300; ++i) {
                     setTimeout(0ms, Largest{{}, &calls});
                     clearTimeout(setTimeout(1s, Largest{{}, &calls}));
                 }
                 QCoreApplication::processEvents();
             }),
             std::size_t(0));
    QCOMPARE(calls, 120 * 300);
}

void tst_LaneAllocations::timeoutsWithContext()
{
    const Application application(Poller::Auto);
    int calls = 0;
    QObject context;
    QCOMPARE(allocationsOf([&] {
                 for (int i = 0; i < 300; ++i)
                     setTimeout(0ms, &context, Largest{{}, &calls});
                 QCoreApplication::processEvents();
             }),
             std::size_t(0));
    QCOMPARE(calls, 120 * 300);
}

void tst_LaneAllocations::intervalsWithContext()
{
    const Application application(Poller::Auto);
    int calls = 0;
    QObject context;
    QCOMPARE(allocationsOf([&] {
                 const TimeoutHandle interval = setInterval(0ms, &context, Largest{{}, &calls});
                 QCoreApplication::processEvents();
                 clearTimeout(interval);
             }),
             std::size_t(0));
    QCOMPARE(calls, 120);
}

void tst_LaneAllocations::intervals()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    int calls = 0;
    setInterval(1us, Largest{{}, &calls});
    QCOMPARE(allocationsOf([&, last = 0]() mutable {
                 while (calls == last)
                     QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
                 last = calls;
             }),
             std::size_t(0));
}

void tst_LaneAllocations::tasksFromAnotherThread()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    const Loop loop = Loop::current();
    int calls = 0;
    const auto burst = [&] {
        for (int i = 0; i < 1000; ++i)
            post(loop, Largest{{}, &calls});
    };
    burst();
    processUntil([&] { return calls == 1000; });
    burst();
    processUntil([&] { return calls == 2000; });
    std::size_t allocated = 1;
    std::thread poster([&] {
        const std::size_t before = allocations();
        burst();
        allocated = allocations() - before;
    });
    poster.join();
    processUntil([&] { return calls == 3000; });
    QCOMPARE(allocated, std::size_t(0));
}

QTEST_APPLESS_MAIN(tst_LaneAllocations)
#include "tst_laneallocations.moc"
