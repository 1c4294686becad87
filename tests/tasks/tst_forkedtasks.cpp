// SPDX-License-Identifier: MIT
// fork(2) while other threads post: what they hold must not be missing in the child.
#include "loop/loopcore.h"
#include "support/child.h"
#include "support/watchdog.h"
#include "tasks/taskqueue.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;

namespace {

class SilentWaker final : public LoopWaker
{
    bool isAsleep() const override { return false; }
    bool wake() override { return true; }
};

/// Threads that post without end.
class Posters
{
public:
    explicit Posters(const std::shared_ptr<LoopCore> &core)
    {
        for (int i = 0; i < 3; ++i) {
            m_threads.emplace_back([this, core] {
                while (!m_stopped) {
                    if (core->tasks.depth() > 200)
                        std::this_thread::yield(); // a child copies and destroys what is queued
                    else
                        core->post(InlineTask([] {}));
                    core->wakeUp();
                    static_cast<void>(snapshots({.recent = false, .tables = false}));
                }
            });
        }
    }
    ~Posters()
    {
        m_stopped = true;
        for (std::thread &thread : m_threads)
            thread.join();
    }

private:
    std::atomic<bool> m_stopped = false;
    std::vector<std::thread> m_threads;
};

std::size_t runTasks(TaskQueue &queue)
{
    std::size_t ran = 0;
    TaskQueue::Taken taken;
    for (const TaskQueue::Limit limit = queue.beginBatch(); queue.takeNext(limit, taken); ++ran)
        taken.task();
    return ran;
}

} // namespace

class tst_ForkedTasks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void queueOfChildWorksAndEnds();
    void childForgetsTheLoopsOfOtherThreads();
};

void tst_ForkedTasks::queueOfChildWorksAndEnds()
{
    const Watchdog watchdog(std::chrono::seconds(60));
    SilentWaker waker;
    const auto core = std::make_shared<LoopCore>(waker, Poller::Auto, steadyNow);
    core->enter(QThread::currentThread());
    core->setMetricsEnabled(true);
    {
        const Posters posters(core);
        for (int round = 0; round < 60; ++round) {
            runTasks(core->tasks);
            QVERIFY(succeedsInChild([&] {
                runTasks(core->tasks);
                bool ran = false;
                core->post(InlineTask([&] { ran = true; }));
                runTasks(core->tasks);
                core->setStallThreshold(std::chrono::seconds(1));
                const bool isListed = snapshots().size() == 1;
                core->close();
                return ran && isListed && !core->post(InlineTask([] {}));
            }));
        }
    }
    core->close();
}

void tst_ForkedTasks::childForgetsTheLoopsOfOtherThreads()
{
    const Watchdog watchdog;
    SilentWaker waker;
    const auto own = std::make_shared<LoopCore>(waker, Poller::Auto, steadyNow);
    own->enter(QThread::currentThread());
    const auto other = std::make_shared<LoopCore>(waker, Poller::Auto, steadyNow);
    QThread thread;
    std::thread([&] { other->enter(&thread); }).join();
    const auto future = std::make_shared<LoopCore>(waker, Poller::Auto, steadyNow);
    QThread notStarted;
    future->announce(&notStarted);
    QCOMPARE(snapshots().size(), 3u);
    QVERIFY(succeedsInChild([&] {
        const std::vector<LoopSnapshot> left = snapshots();
        return left.size() == 2 && left[0].loopId == own->id() && left[1].loopId == future->id() &&
               left[0].threadId == std::uint64_t(::getpid()) && Loop::of(&thread).isNull() &&
               !Loop::of(&notStarted).isNull();
    }));
    QCOMPARE(snapshots().size(), 3u);
    for (const auto &core : {own, other, future})
        core->close();
}

QTEST_APPLESS_MAIN(tst_ForkedTasks)
#include "tst_forkedtasks.moc"
