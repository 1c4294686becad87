// SPDX-License-Identifier: MIT
// What other threads hold of a loop, and its end.
#include "loop/loopcore.h"
#include "support/application.h"
#include "support/watchdog.h"

#include <flywheel/install.h>

#include <QtCore/qdir.h>
#include <QtCore/qthread.h>
#include <QtTest/qtest.h>

#include <atomic>
#include <thread>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

namespace {

/// Takes its time.
class SlowWaker final : public LoopWaker
{
public:
    std::atomic<bool> isInside = false;

private:
    bool isAsleep() const override { return false; }
    bool wake() override
    {
        isInside = true;
        std::this_thread::sleep_for(50ms);
        isInside = false;
        return true;
    }
};

qsizetype openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::System | QDir::Files).size();
}

} // namespace

class tst_LoopEnds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsForThoseWhoAreJustWakingIt_data();
    void waitsForThoseWhoAreJustWakingIt();
    void observedLoopTakesNoTasks();
    void threadThatNeverRanLeavesNothing();
    void threadThatCannotStartLeavesNothing();
    void threadThatRanIsDoneOnce();
};

void tst_LoopEnds::waitsForThoseWhoAreJustWakingIt_data()
{
    QTest::addColumn<bool>("byTask");
    QTest::newRow("post()") << true;
    QTest::newRow("wakeUp()") << false;
}

void tst_LoopEnds::waitsForThoseWhoAreJustWakingIt()
{
    const Watchdog watchdog;
    QFETCH(const bool, byTask);
    SlowWaker waker;
    const auto core = std::make_shared<LoopCore>(waker, Poller::Auto, steadyNow);
    std::thread poster([&] {
        if (byTask)
            core->post(InlineTask([] {}));
        else
            core->wakeUp();
    });
    while (!waker.isInside)
        std::this_thread::yield();
    core->close();
    QVERIFY(!waker.isInside);
    poster.join();
    core->close(); // once more does no harm
}

void tst_LoopEnds::observedLoopTakesNoTasks()
{
    const Watchdog watchdog;
    const Application application = Application::stock();
    QVERIFY(observe());
    QCOMPARE(snapshots().size(), 1u);
    QVERIFY(Loop::of(QThread::currentThread()).isNull());
    QObject object;
    QVERIFY(!post(&object, [] {}));
}

void tst_LoopEnds::threadThatNeverRanLeavesNothing()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    const qsizetype before = openDescriptors();
    for (int i = 0; i < 20; ++i) {
        QThread thread;
        QVERIFY(install(thread));
    }
    QCOMPARE(openDescriptors(), before);
    QCOMPARE(snapshots().size(), 1u);
}

void tst_LoopEnds::threadThatCannotStartLeavesNothing()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    const qsizetype before = openDescriptors();
    QThread thread;
    QVERIFY(install(thread));
    for (int i = 0; i < 20; ++i) {
        QThread failing;
        failing.setStackSize(3'000'000'000u); // as a rule more than there is; if not, it runs and ends
        QVERIFY(install(failing));
        failing.start();
        failing.quit();
        failing.wait();
    }
    thread.start();
    QVERIFY(thread.isRunning());
    thread.quit();
    thread.wait();
    QCOMPARE(openDescriptors(), before);
    QCOMPARE(snapshots().size(), 1u);
}

void tst_LoopEnds::threadThatRanIsDoneOnce()
{
    const Watchdog watchdog;
    const Application application(Poller::Auto);
    QThread thread;
    for (int round = 0; round < 3; ++round) {
        QVERIFY(install(thread));
        thread.start();
        thread.quit();
        thread.wait();
        QCOMPARE(thread.eventDispatcher(), nullptr);
    }
}

QTEST_APPLESS_MAIN(tst_LoopEnds)
#include "tst_loopends.moc"
