// SPDX-License-Identifier: MIT
#include "base/wakeflag.h"

#include <QtTest/qtest.h>

#include <atomic>
#include <new>
#include <thread>

#ifdef Q_OS_UNIX
#    include <sys/mman.h>
#endif

using Flywheel::WakeFlag;

namespace {

/// A page of memory that can be protected against writes, where the system offers that.
class ReadOnlyPage
{
public:
#ifdef Q_OS_UNIX
    ReadOnlyPage()
        : m_memory(::mmap(nullptr, Size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    {
    }
    ~ReadOnlyPage()
    {
        ::munmap(m_memory, Size);
    }
    bool protect()
    {
        return ::mprotect(m_memory, Size, PROT_READ) == 0;
    }
    void *memory()
    {
        return m_memory;
    }

private:
    static constexpr std::size_t Size = 4096;
    void *m_memory;
#else
    bool protect()
    {
        return true;
    }
    void *memory()
    {
        return m_memory;
    }

private:
    alignas(64) unsigned char m_memory[4096];
#endif
};

} // namespace

class tst_WakeFlag : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void awakeLoopCostsPostersNoSystemCall();
    void onlyFirstPosterWakesSleepingLoop();
    void wakeUpAfterConsumePreventsSleep();
    void wakeUpDuringSleepIsConsumedAfterwards();
    void consumeShowsWhatPosterWrote();
    void notifiedFlagIsNotWritten();
    void loopNotifiesItself();
    void loopThatNotifiedItselfDoesNotFallAsleep();
    void signalHandlerWakesSleepingLoop();
    void noPosterIsMissed();
};

void tst_WakeFlag::awakeLoopCostsPostersNoSystemCall()
{
    WakeFlag flag;
    QVERIFY(!flag.notify());
    QVERIFY(flag.isNotified());
    QVERIFY(flag.consume());
    QVERIFY(!flag.isNotified());
    QVERIFY(!flag.consume());
}

void tst_WakeFlag::onlyFirstPosterWakesSleepingLoop()
{
    WakeFlag flag;
    QVERIFY(flag.fallAsleep());
    QVERIFY(flag.notify());
    QVERIFY(!flag.notify());
}

void tst_WakeFlag::wakeUpAfterConsumePreventsSleep()
{
    WakeFlag flag;
    flag.notify();
    QVERIFY(!flag.fallAsleep());
    QVERIFY(flag.consume());
    QVERIFY(flag.fallAsleep());
}

void tst_WakeFlag::wakeUpDuringSleepIsConsumedAfterwards()
{
    WakeFlag flag;
    QVERIFY(flag.fallAsleep());
    flag.notify();
    flag.arise();
    QVERIFY(flag.consume());
    QVERIFY(flag.fallAsleep());
    flag.arise();
    QVERIFY(!flag.consume());
}

void tst_WakeFlag::consumeShowsWhatPosterWrote()
{
    // Plain data on purpose: the thread sanitizer checks that the flag orders it.
    WakeFlag flag;
    int value = 0;
    std::thread poster([&] {
        value = 42;
        flag.notify();
    });
    while (!flag.consume())
        std::this_thread::yield();
    QCOMPARE(value, 42);
    poster.join();
}

void tst_WakeFlag::notifiedFlagIsNotWritten()
{
    // In memory that can't be written, a write would be the end.
    ReadOnlyPage page;
    auto *const flag = new (page.memory()) WakeFlag;
    flag->notify();
    QVERIFY(page.protect());
    QVERIFY(!flag->notify());
    QVERIFY(flag->isNotified());
}

void tst_WakeFlag::loopNotifiesItself()
{
    WakeFlag flag;
    QVERIFY(!flag.notifyFromLoop());
    QVERIFY(flag.isNotified());
    QVERIFY(flag.consume());
    QVERIFY(!flag.isNotified());
    QVERIFY(!flag.consume());
}

void tst_WakeFlag::loopThatNotifiedItselfDoesNotFallAsleep()
{
    WakeFlag flag;
    flag.notifyFromLoop();
    QVERIFY(!flag.fallAsleep());
    QVERIFY(!flag.isAsleep());
    QVERIFY(!flag.notify()); // no system call: the loop is awake
    QVERIFY(flag.consume());
    QVERIFY(!flag.consume()); // both are taken
    QVERIFY(flag.fallAsleep());
}

void tst_WakeFlag::signalHandlerWakesSleepingLoop()
{
    WakeFlag flag;
    QVERIFY(flag.fallAsleep());
    QVERIFY(flag.notifyFromLoop()); // between this and the kernel's wait
    flag.arise();
    QVERIFY(flag.consume());
}

void tst_WakeFlag::noPosterIsMissed()
{
    // The store-buffer case: the poster finds the flag notified while the loop consumes it.
    constexpr int rounds = 300'000;
    WakeFlag flag;
    std::atomic<int> work{0};
    std::atomic<int> seen{0};
    std::thread poster([&] {
        for (int i = 1; i <= rounds; ++i) {
            work.store(i, std::memory_order_relaxed);
            flag.notify();
            if (i % 8 == 0) {
                while (seen.load(std::memory_order_relaxed) < i)
                    std::this_thread::yield();
            }
        }
    });
    while (seen.load(std::memory_order_relaxed) < rounds) {
        if (flag.consume())
            seen.store(work.load(std::memory_order_relaxed), std::memory_order_relaxed);
        else
            std::this_thread::yield();
    }
    poster.join();
    QCOMPARE(seen.load(), rounds);
}

QTEST_GUILESS_MAIN(tst_WakeFlag)
#include "tst_wakeflag.moc"
