// SPDX-License-Identifier: MIT
// No wake-up is lost, however it falls: the watchdog is the judge.
#include "support/application.h"
#include "support/pollerfixture.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

constexpr int Hops = 100'000; // each way
constexpr int Posters = 4;
constexpr int PostsEach = 20'000;

class tst_WakeUpStress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addPollerRows(); }

    void hopsBetweenTwoLoops_data() { addWaitRows(); }
    void hopsBetweenTwoLoops();
    void manyPosters();
    void alternatingWaits();

private:
    static void addWaitRows()
    {
        QTest::addColumn<WaitFor>("what");
        QTest::newRow("everything") << WaitFor::Everything;
        QTest::newRow("wake-ups") << WaitFor::WakeUps;
    }
    /// Takes balls from \a own and throws each back.
    static void play(std::atomic<int> &own, AbstractPoller &poller, std::atomic<int> &other,
                     AbstractPoller &otherPoller, WaitFor what)
    {
        for (int taken = 0; taken < Hops;) {
            poller.consumeWakeUp();
            if (own.load(std::memory_order_relaxed) == taken) {
                poller.wait({}, what);
                continue;
            }
            ++taken;
            other.fetch_add(1, std::memory_order_relaxed); // the wake-up alone must make it visible
            otherPoller.wakeUp();
        }
    }
};

void tst_WakeUpStress::hopsBetweenTwoLoops()
{
    const Watchdog watchdog(100s);
    QFETCH(WaitFor, what);
    const auto first = makePoller();
    const auto second = makePoller();
    std::atomic<int> firstBalls{1};
    std::atomic<int> secondBalls{0};
    std::thread player([&] { play(secondBalls, *second, firstBalls, *first, what); });
    play(firstBalls, *first, secondBalls, *second, what);
    player.join();
    QCOMPARE(secondBalls.load(), Hops);
}

void tst_WakeUpStress::manyPosters()
{
    const Watchdog watchdog(100s);
    const auto poller = makePoller();
    std::atomic<int> posted{0};
    std::vector<std::thread> posters;
    for (int i = 0; i < Posters; ++i) {
        posters.emplace_back([&] {
            for (int post = 0; post < PostsEach; ++post) {
                posted.fetch_add(1, std::memory_order_relaxed);
                poller->wakeUp();
                if (post % 64 == 0)
                    std::this_thread::yield();
            }
        });
    }
    for (int taken = 0; taken < Posters * PostsEach; taken = posted.load(std::memory_order_relaxed)) {
        poller->wait({}, WaitFor::Everything);
        QVERIFY(poller->consumeWakeUp());
    }
    for (std::thread &poster : posters)
        poster.join();
}

void tst_WakeUpStress::alternatingWaits()
{
    // The next wait is always in the other set, where the edge of the last wake-up is still unread.
    const Watchdog watchdog(100s);
    const auto poller = makePoller();
    std::atomic<int> asked{0};
    std::thread waker([&] {
        for (int woken = 0; woken < Hops;) {
            if (asked.load() > woken) {
                ++woken;
                poller->wakeUp();
            }
        }
    });
    for (int i = 0; i < Hops; ++i) {
        asked.fetch_add(1);
        poller->wait({}, i % 2 ? WaitFor::Everything : WaitFor::WakeUps);
        QVERIFY(poller->consumeWakeUp());
    }
    waker.join();
}

QTEST_APPLESS_MAIN(tst_WakeUpStress)
#include "tst_wakeupstress.moc"
