// SPDX-License-Identifier: MIT
// A thread that does all that is delicate to interrupt, while another one samples it as fast as it can.
#include "sampledthread.h"
#include "stacks/stacksampler.h"

#include <QtTest/qtest.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

constexpr auto Duration = 3s;

struct Tally
{
    std::atomic<std::uint64_t> rounds{0};
    std::atomic<std::uint64_t> interrupted{0}; ///< system calls that ended with EINTR

    void note(long result)
    {
        if (result < 0 && errno == EINTR)
            ++interrupted;
    }
};

void throwAndCatch(int depth)
{
    const auto kept = std::make_unique<std::string>(100, 'x');
    if (depth > 0)
        return throwAndCatch(depth - 1);
    throw std::runtime_error(*kept);
}

void loadAndUnload()
{
    void *const module = ::dlopen(FLYWHEEL_LOADED_MODULE, RTLD_NOW | RTLD_LOCAL);
    if (!module)
        qFatal("%s", ::dlerror());
    ::dlclose(module);
}

void allocate()
{
    std::vector<std::unique_ptr<char[]>> blocks;
    for (std::size_t size = 16; size < 300'000; size *= 3)
        blocks.push_back(std::make_unique<char[]>(size));
}

/// None of these is restarted by SA_RESTART (signal(7)).
void sleepBriefly(Tally &tally, int epoll)
{
    timespec time{0, 20'000};
    tally.note(::nanosleep(&time, nullptr));
    tally.note(::clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr) == EINTR ? (errno = EINTR, -1) : 0);
    tally.note(::poll(nullptr, 0, 1));
    epoll_event event{};
    tally.note(::epoll_wait(epoll, &event, 1, 1));
    timeval brief{0, 30};
    tally.note(::select(0, nullptr, nullptr, nullptr, &brief));
}

void workDelicately(Tally &tally, const std::atomic<bool> &isOver)
{
    static std::mutex s_mutex;
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    while (!isOver.load(std::memory_order_relaxed)) {
        {
            const std::lock_guard lock(s_mutex);
            allocate();
        }
        loadAndUnload();
        try {
            throwAndCatch(10);
        } catch (const std::runtime_error &) {
        }
        if (tally.rounds.fetch_add(1) % 4 == 0)
            sleepBriefly(tally, epoll);
    }
    ::close(epoll);
}

} // namespace

class StackSamplerStressTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void harmsNothing();
};

void StackSamplerStressTest::harmsNothing()
{
    if (const std::string problem = stackSamplingProblem(); !problem.empty())
        QSKIP(problem.c_str());
    Tally tally;
    const auto work = [&](const std::atomic<bool> &isOver) { workDelicately(tally, isOver); };
    std::array<SampledThread, 2> threads{SampledThread(work), SampledThread(work)};
    std::uint64_t running = 0;
    std::uint64_t sleeping = 0;
    std::uint64_t none = 0;
    const auto end = std::chrono::steady_clock::now() + Duration;
    while (std::chrono::steady_clock::now() < end) {
        for (const SampledThread &thread : threads) {
            const SampledStack sample = sampleStack(thread.id());
            ++(!sample.copy ? none : sample.systemCall.empty() ? running : sleeping);
        }
    }
    for (SampledThread &thread : threads)
        thread.end();
    qInfo("%llu samples of running threads, %llu of sleeping ones, %llu without an answer, %llu rounds",
          static_cast<unsigned long long>(running), static_cast<unsigned long long>(sleeping),
          static_cast<unsigned long long>(none), static_cast<unsigned long long>(tally.rounds.load()));
    QVERIFY(tally.rounds.load() > 100);
    QVERIFY(running > 100); // thousands where nothing else runs
    QVERIFY(sleeping > 100);
    QCOMPARE(tally.interrupted.load(), std::uint64_t(0));
}

QTEST_GUILESS_MAIN(StackSamplerStressTest)
#include "tst_stacksamplerstress.moc"
