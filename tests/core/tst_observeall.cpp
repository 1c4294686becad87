// SPDX-License-Identifier: MIT
// Loops that run already are found, and let go again.
#include <flywheel/eventdispatcher.h>
#include <flywheel/install.h>
#include <flywheel/metrics.h>

#include <QtCore/qsemaphore.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <thread>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

/// A thread whose loop has a timer.
class Ticking : public QThread
{
public:
    explicit Ticking(const QString &name)
    {
        setObjectName(name);
        start();
        m_runs.acquire();
    }
    ~Ticking() override
    {
        quit();
        wait();
    }

protected:
    void run() override
    {
        QTimer timer;
        timer.callOnTimeout([] {});
        timer.start(5ms);
        QTimer::singleShot(0, [this] { m_runs.release(); });
        exec();
    }

private:
    QSemaphore m_runs;
};

/// The loop of that name; nothing if it is not recorded.
std::optional<LoopSnapshot> loopOf(const char *thread)
{
    const std::vector<LoopSnapshot> all = snapshots();
    const auto found = std::ranges::find(all, std::string(thread), &LoopSnapshot::threadName);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::uint64_t timersOf(const char *thread)
{
    const std::optional<LoopSnapshot> loop = loopOf(thread);
    return loop ? loop->handlerTimeOf(HandlerKind::Timer).count : 0;
}

} // namespace

class tst_ObserveAll : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void findsLoopsThatRun();
    void letsThemGo();
    void flywheelsOwnLoopsStay();
    void onlyInTheMainThread();
};

void tst_ObserveAll::cleanup()
{
    stopObserving();
    QTRY_VERIFY(snapshots().empty());
}

void tst_ObserveAll::findsLoopsThatRun()
{
    const Ticking before(QStringLiteral("before"));
    QVERIFY(snapshots().empty());
    QVERIFY(observeAll());
    const Ticking after(QStringLiteral("after"));
    QTRY_VERIFY(timersOf("before") > 2);
    QTRY_VERIFY(timersOf("after") > 2);
    QTRY_VERIFY(loopOf("main"));
    QCOMPARE(loopOf("before")->mode, Mode::Observed);
    QCOMPARE(snapshots().size(), 3u);
    QVERIFY(observeAll()); // changes nothing
    QTest::qWait(50);
    QCOMPARE(snapshots().size(), 3u);
}

void tst_ObserveAll::letsThemGo()
{
    const Ticking worker(QStringLiteral("worker"));
    for (int round = 0; round < 3; ++round) {
        QVERIFY(observeAll());
        QTRY_VERIFY(timersOf("worker") > 2);
        std::thread(stopObserving).join();
        QTRY_VERIFY(snapshots().empty());
        QTest::qWait(50); // its timer goes on, and it is not found again
        QVERIFY(snapshots().empty());
    }
}

void tst_ObserveAll::flywheelsOwnLoopsStay()
{
    QThread own;
    own.setObjectName(QStringLiteral("own"));
    QVERIFY(install(own));
    own.start();
    QVERIFY(observeAll());
    QTRY_VERIFY(loopOf("own"));
    QCOMPARE(loopOf("own")->mode, Mode::Owner);
    stopObserving();
    QTRY_COMPARE(snapshots().size(), 1u);
    QVERIFY(loopOf("own"));
    own.quit();
    QVERIFY(own.wait());
}

void tst_ObserveAll::onlyInTheMainThread()
{
    QTest::ignoreMessage(QtWarningMsg,
                         "Flywheel::observeAll: call it in the main thread, once the application "
                         "object exists");
    bool observes = true;
    std::thread([&] { observes = observeAll(); }).join();
    QVERIFY(!observes);
}

QTEST_GUILESS_MAIN(tst_ObserveAll)
#include "tst_observeall.moc"
