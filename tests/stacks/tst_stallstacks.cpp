// SPDX-License-Identifier: MIT
// The stacks of stalls in loops that are watched.
#include "metrics/stallstacks.h"
#include "stacks/stacksampler.h"

#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>
#include <flywheel/metrics.h>

#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <mutex>

#include <sys/wait.h>
#include <unistd.h>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

__attribute__((noinline)) void guiltySpin(std::chrono::milliseconds duration)
{
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {
        __asm__ volatile("" ::: "memory");
    }
    __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) void guiltySleep(std::chrono::milliseconds duration)
{
    timespec time{0, std::chrono::nanoseconds(duration).count()};
    ::nanosleep(&time, nullptr);
    __asm__ volatile("" ::: "memory");
}

/// While one exists, stalls are watched.
struct Watched
{
    Watched() { watchStalls(); }
    ~Watched() { unwatchStalls(); }
    Watched(const Watched &) = delete;
};

std::string textOf(const Stall &stall)
{
    std::string text = stall.stackProblem;
    for (const StackSample &sample : stall.stacks) {
        for (const std::string &line : stackLines(sample, stall.modules))
            text += line + '\n';
    }
    return text;
}

/// The longest stall of the calling thread's loop, after it has run \a work.
Stall stallOf(const std::function<void()> &work)
{
    const std::uint64_t before = EventDispatcher::of()->snapshot().stallCount;
    QEventLoop loop;
    QTimer::singleShot(0, &loop, [&] {
        work();
        loop.quit();
    });
    loop.exec();
    const LoopSnapshot snapshot = EventDispatcher::of()->snapshot();
    if (snapshot.stallCount == before)
        qFatal("there was no stall");
    return snapshot.stalls.back();
}

SeenStall seen(std::chrono::milliseconds began, std::chrono::milliseconds length)
{
    SeenStall result;
    result.began = began;
    result.firstSeen = began;
    result.lastSeen = began + length;
    result.problem = std::to_string(began.count());
    return result;
}

bool knows(const StallStacks &stacks, std::chrono::milliseconds began, std::chrono::milliseconds length)
{
    LoopSnapshot snapshot;
    snapshot.stalls.resize(1);
    snapshot.stalls[0].beganMonotonic = began;
    snapshot.stalls[0].duration = length;
    stacks.addTo(snapshot);
    return snapshot.stalls[0].stackProblem == std::to_string(began.count());
}

} // namespace

class StallStacksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aStallThatRanHasItsStack();
    void aStallThatSleptSaysWhere();
    void aStallInAThreadHasItsStack();
    void handlersOfStallsGetTheStack();
    void withoutAWatchThereIsNone();
    void aForkedChildIsNotSampled();
    void aLongStallHasFewStacks();
    void theLongestAndTheNewestStay();
};

void StallStacksTest::initTestCase()
{
    if (const std::string problem = stackSamplingProblem(); !problem.empty())
        QSKIP(problem.c_str());
}

void StallStacksTest::aStallThatRanHasItsStack()
{
    const Watched watched;
    const Stall stall = stallOf([] { guiltySpin(200ms); });
    QVERIFY2(!stall.stacks.empty(), stall.stackProblem.c_str());
    const std::string text = textOf(stall);
    QVERIFY2(text.find("guiltySpin(") != std::string::npos, text.c_str());
    QVERIFY2(text.find("tst_stallstacks.cpp:") != std::string::npos, text.c_str());
    QVERIFY2(text.find("main") != std::string::npos, text.c_str());
    QVERIFY(stall.watched > 50ms && stall.watched <= stall.duration);
    QVERIFY(stall.processorTime + stall.readyTime > stall.watched / 2);
}

void StallStacksTest::aStallThatSleptSaysWhere()
{
    const Watched watched;
    const Stall stall = stallOf([] { guiltySleep(200ms); });
    QVERIFY2(!stall.stacks.empty(), stall.stackProblem.c_str());
    QVERIFY2(stall.stacks[0].systemCall.ends_with("nanosleep"), stall.stacks[0].systemCall.c_str());
    const std::string text = textOf(stall);
    QVERIFY2(text.find("guiltySleep(") != std::string::npos, text.c_str());
    QVERIFY(stall.watched > 50ms);
    QVERIFY(stall.processorTime < stall.watched / 4);
}

void StallStacksTest::aStallInAThreadHasItsStack()
{
    const Watched watched;
    QThread thread;
    install(thread);
    thread.start();
    QObject inside;
    inside.moveToThread(&thread);
    Stall stall;
    QMetaObject::invokeMethod(
        &inside, [&] { stall = stallOf([] { guiltySpin(150ms); }); }, Qt::BlockingQueuedConnection);
    thread.quit();
    thread.wait();
    const std::string text = textOf(stall);
    QVERIFY2(text.find("guiltySpin(") != std::string::npos, text.c_str());
}

void StallStacksTest::handlersOfStallsGetTheStack()
{
    std::mutex mutex;
    std::vector<Stall> told;
    setStallHandler([&](const LoopSnapshot &, const Stall &stall) {
        const std::lock_guard lock(mutex);
        told.push_back(stall);
    });
    stallOf([] { guiltySpin(300ms); });
    setStallHandler({});
    QCOMPARE(told.size(), std::size_t(1));
    const std::string text = textOf(told[0]);
    QVERIFY2(text.find("guiltySpin(") != std::string::npos, text.c_str());
}

void StallStacksTest::withoutAWatchThereIsNone()
{
    const Stall stall = stallOf([] { guiltySpin(100ms); });
    QVERIFY(stall.stacks.empty());
    QVERIFY(stall.stackProblem.empty());
    QCOMPARE(stall.watched, 0ns);
}

/// It has no watchdog, until it asks for one.
void StallStacksTest::aForkedChildIsNotSampled()
{
    const Watched watched;
    const pid_t child = ::fork();
    if (child == 0) {
        const Stall stall = stallOf([] { guiltySpin(150ms); });
        ::_exit(stall.stacks.empty() ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QCOMPARE(status, 0);
}

void StallStacksTest::aLongStallHasFewStacks()
{
    const Watched watched;
    const Stall stall = stallOf([] {
        for (int i = 0; i < 20; ++i) {
            guiltySpin(40ms);
            guiltySleep(40ms);
        }
    });
    QVERIFY(stall.duration > 1s);
    std::uint32_t samples = 0;
    for (const StackSample &sample : stall.stacks)
        samples += sample.count;
    QVERIFY(!stall.stacks.empty() && stall.stacks.size() <= 6);
    QVERIFY2(samples <= 8, std::to_string(samples).c_str());
}

void StallStacksTest::theLongestAndTheNewestStay()
{
    StallStacks stacks;
    for (int i = 1; i <= 200; ++i)
        stacks.put(seen(i * 1000ms, i == 7 ? 900ms : std::chrono::milliseconds(60 + i % 3)));
    QVERIFY(knows(stacks, 7000ms, 900ms));
    for (int i = 200; i > 200 - int(StallStacks::Newest); --i)
        QVERIFY(knows(stacks, i * 1000ms, 70ms));
    QVERIFY(!knows(stacks, 30'000ms, 70ms));
    stacks.put(seen(200'000ms, 400ms)); // it goes on
    QVERIFY(knows(stacks, 200'000ms, 450ms));
}

int main(int argc, char **argv)
{
    install();
    QCoreApplication application(argc, argv);
    StallStacksTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_stallstacks.moc"
