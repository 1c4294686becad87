// SPDX-License-Identifier: MIT
#include "loop/postcounter.h"
#include "support/watchdog.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <cstddef>
#include <new>
#include <thread>
#include <vector>

using namespace Flywheel;
using namespace Flywheel::Test;
using namespace std::chrono_literals;

class tst_PostCounter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsThePostsOfAllThreads();
    void waitsForAPostThatGoesOn();
    void aKilledThreadIsNotWaitedForForever();
    void forgetsPostsOfThreadsThatAreMissing();
};

void tst_PostCounter::countsThePostsOfAllThreads()
{
    constexpr int threads = 20; // more than there are stripes
    constexpr int each = 10'000;
    PostCounter counter;
    std::vector<std::thread> posters;
    for (int i = 0; i < threads; ++i) {
        posters.emplace_back([&] {
            for (int post = 0; post < each; ++post)
                const PostCounter::Post one(counter);
        });
    }
    for (std::thread &poster : posters)
        poster.join();
    QCOMPARE(counter.count(), std::uint64_t(threads * each));
    counter.waitForPosts(); // there are none
}

void tst_PostCounter::waitsForAPostThatGoesOn()
{
    const Watchdog watchdog;
    PostCounter counter;
    std::atomic<bool> isInside = false;
    std::atomic<bool> isOver = false;
    std::thread poster([&] {
        const PostCounter::Post post(counter);
        isInside = true;
        std::this_thread::sleep_for(50ms);
        isOver = true;
    });
    while (!isInside)
        std::this_thread::yield();
    counter.waitForPosts();
    QVERIFY(isOver);
    poster.join();
    QCOMPARE(counter.count(), std::uint64_t(1));
}

void tst_PostCounter::aKilledThreadIsNotWaitedForForever()
{
    const Watchdog watchdog;
    PostCounter counter;
    alignas(PostCounter::Post) std::byte lost[sizeof(PostCounter::Post)];
    new (lost) PostCounter::Post(counter); // and it never ends
    counter.waitForPosts();
    QCOMPARE(counter.count(), std::uint64_t(1));
}

void tst_PostCounter::forgetsPostsOfThreadsThatAreMissing()
{
    const Watchdog watchdog;
    PostCounter counter;
    alignas(PostCounter::Post) std::byte lost[sizeof(PostCounter::Post)];
    new (lost) PostCounter::Post(counter); // and it never ends
    counter.forgetPosts();
    counter.waitForPosts();
    QCOMPARE(counter.count(), std::uint64_t(1));
}

QTEST_APPLESS_MAIN(tst_PostCounter)
#include "tst_postcounter.moc"
