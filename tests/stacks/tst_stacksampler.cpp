// SPDX-License-Identifier: MIT
#include "sampledthread.h"
#include "stacks/linux/samplesignal.h"
#include "stacks/linux/threadstate.h"
#include "stacks/stacksampler.h"

#include <QtTest/qtest.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <alloca.h>
#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>

using namespace Flywheel;
using namespace std::chrono_literals;

namespace {

void spin(const std::atomic<bool> &isOver)
{
    while (!isOver.load(std::memory_order_relaxed)) {}
}

/// Something that is found on a stack.
constexpr std::uint64_t Mark = 0x5eed'f00d'cafe'babe;

bool contains(const StackCopy &copy, std::uint64_t word)
{
    for (std::size_t at = 0; at + sizeof word <= copy.bytes; at += sizeof word) {
        if (std::memcmp(copy.memory.data() + at, &word, sizeof word) == 0)
            return true;
    }
    return false;
}

void spinWithMark(const std::atomic<bool> &isOver)
{
    volatile std::uint64_t mark = Mark;
    spin(isOver);
    mark = mark + 1;
}

__attribute__((noinline)) void spinOnDeepStack(const std::atomic<bool> &isOver)
{
    auto *const space = static_cast<volatile char *>(alloca(200'000));
    space[0] = 1;
    spin(isOver);
    space[199'999] = 1;
}

/// The time that the sample took of the calling thread may include waits; those end in any case.
SampledStack sampleInTime(std::uint64_t thread)
{
    const auto began = std::chrono::steady_clock::now();
    SampledStack sample = sampleStack(thread);
    if (std::chrono::steady_clock::now() - began > 2s)
        qFatal("a sample took more than two seconds");
    return sample;
}

} // namespace

class StackSamplerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void copiesTheStackOfAThreadThatRuns();
    void saysWhenTheStackIsDeeperThanTheCopy();
    void endsWhereASmallStackEnds();
    void looksAtASleepingThreadWithoutWakingIt();
    void comesToTheAlternateStackOfAThread();
    void leavesAThreadAloneThatBlocksSignals();
    void neverTakesASignalThatTheProgramHandles();
    void ignoresSignalsThatItDidNotSend();
    void isSwitchedOffByTheEnvironment();
    void survivesAThreadThatHasEnded();
    void readsTheSystemsLine();
    void knowsTheProcessorTimeOfAThread();
};

void StackSamplerTest::initTestCase()
{
    if (const std::string problem = stackSamplingProblem(); !problem.empty())
        QSKIP(problem.c_str());
}

void StackSamplerTest::copiesTheStackOfAThreadThatRuns()
{
    const SampledThread thread(spinWithMark);
    std::this_thread::sleep_for(10ms);
    const SampledStack sample = sampleInTime(thread.id());
    QVERIFY2(sample.copy, sample.problem.c_str());
    QVERIFY(sample.systemCall.empty());
    QVERIFY(sample.copy->programCounter != 0);
    QVERIFY(contains(*sample.copy, Mark));
    QVERIFY(!sample.copy->isCut);
}

void StackSamplerTest::saysWhenTheStackIsDeeperThanTheCopy()
{
    const SampledThread thread(spinOnDeepStack);
    std::this_thread::sleep_for(10ms);
    const SampledStack sample = sampleInTime(thread.id());
    QVERIFY2(sample.copy, sample.problem.c_str());
    QVERIFY(sample.copy->isCut);
    QCOMPARE(sample.copy->bytes, StackCopy::MostBytes);
}

void StackSamplerTest::endsWhereASmallStackEnds()
{
    struct Small
    {
        std::atomic<pid_t> thread{0};
        std::atomic<bool> isOver{false};
    } small;
    pthread_attr_t attributes;
    QCOMPARE(pthread_attr_init(&attributes), 0);
    QCOMPARE(pthread_attr_setstacksize(&attributes, 48 * 1024), 0);
    pthread_t thread;
    const auto run = [](void *argument) -> void * {
        auto *const self = static_cast<Small *>(argument);
        self->thread = static_cast<pid_t>(::syscall(SYS_gettid));
        spin(self->isOver);
        return nullptr;
    };
    QCOMPARE(pthread_create(&thread, &attributes, run, &small), 0);
    pthread_attr_destroy(&attributes);
    QTRY_VERIFY(small.thread != 0);
    const SampledStack sample = sampleInTime(static_cast<std::uint64_t>(small.thread.load()));
    const bool isThere = sample.copy != nullptr;
    const std::uint64_t end = isThere ? sample.copy->memoryAt + sample.copy->bytes : 0;
    const bool isCut = isThere && sample.copy->isCut;
    small.isOver = true;
    pthread_join(thread, nullptr);
    QVERIFY2(isThere, sample.problem.c_str());
    QVERIFY(!isCut);
    QCOMPARE(end, static_cast<std::uint64_t>(thread)); // the C library's own data follow there
}

void StackSamplerTest::looksAtASleepingThreadWithoutWakingIt()
{
    std::atomic<int> result{1};
    std::atomic<int> error{0};
    SampledThread thread([&](const std::atomic<bool> &) {
        volatile std::uint64_t mark = Mark;
        pollfd none{-1, 0, 0};
        result = ::poll(&none, 1, 300);
        error = errno;
        mark = mark + 1;
    });
    std::this_thread::sleep_for(50ms);
    int samples = 0;
    for (; samples < 50; ++samples) {
        const SampledStack sample = sampleInTime(thread.id());
        QVERIFY2(sample.copy, sample.problem.c_str());
        QVERIFY2(sample.systemCall.ends_with("poll"), sample.systemCall.c_str());
        QVERIFY(contains(*sample.copy, Mark));
    }
    thread.end();
    QCOMPARE(result.load(), 0); // and not -1 with EINTR
}

void StackSamplerTest::comesToTheAlternateStackOfAThread()
{
    std::atomic<bool> isReady{false};
    SampledThread thread([&](const std::atomic<bool> &isOver) {
        std::vector<char> memory(64 * 1024);
        const stack_t alternate{memory.data(), 0, memory.size()};
        ::sigaltstack(&alternate, nullptr);
        isReady = true;
        spinWithMark(isOver);
        const stack_t none{nullptr, SS_DISABLE, 0};
        ::sigaltstack(&none, nullptr);
    });
    QTRY_VERIFY(isReady.load());
    const SampledStack sample = sampleInTime(thread.id());
    QVERIFY2(sample.copy, sample.problem.c_str());
    QVERIFY(contains(*sample.copy, Mark)); // of its own stack, and not of the handler's
}

void StackSamplerTest::leavesAThreadAloneThatBlocksSignals()
{
    std::atomic<bool> isReady{false};
    std::atomic<int> pending{-1};
    SampledThread thread([&](const std::atomic<bool> &isOver) {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
        isReady = true;
        spin(isOver);
        sigset_t waiting;
        ::sigpending(&waiting);
        pending = 0;
        for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal)
            pending = pending + ::sigismember(&waiting, signal);
    });
    QTRY_VERIFY(isReady.load());
    const SampledStack sample = sampleInTime(thread.id());
    QVERIFY(!sample.copy);
    QCOMPARE(sample.problem, std::string("the thread blocks signals"));
    thread.end();
    QCOMPARE(pending.load(), 0);
}

void StackSamplerTest::neverTakesASignalThatTheProgramHandles()
{
    std::vector<struct sigaction> before;
    const SampledThread thread(spin);
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
        struct sigaction ignore = {};
        ignore.sa_handler = SIG_IGN;
        struct sigaction former = {};
        ::sigaction(signal, &ignore, &former);
        before.push_back(former);
    }
    const SampledStack sample = sampleInTime(thread.id());
    bool areUntouched = true;
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
        struct sigaction now = {};
        ::sigaction(signal, &before[static_cast<std::size_t>(signal - SIGRTMIN)], &now);
        areUntouched = areUntouched && now.sa_handler == SIG_IGN;
    }
    QVERIFY(areUntouched);
    QVERIFY(!sample.copy);
    QCOMPARE(sample.problem, std::string("the program uses all real-time signals"));
    QVERIFY(sampleInTime(thread.id()).copy); // with the signals back
}

void StackSamplerTest::ignoresSignalsThatItDidNotSend()
{
    const int signal = sampleSignal();
    QVERIFY(signal > 0);
    QCOMPARE(::raise(signal), 0);
    sigval value{};
    value.sival_int = 12345;
    QCOMPARE(::pthread_sigqueue(::pthread_self(), signal, value), 0);
}

void StackSamplerTest::isSwitchedOffByTheEnvironment()
{
    qputenv("FLYWHEEL_STACKS", "0");
    const SampledStack sample = sampleStack(1);
    qunsetenv("FLYWHEEL_STACKS");
    QVERIFY(!sample.copy);
    QCOMPARE(sample.problem, std::string("switched off by FLYWHEEL_STACKS=0"));
}

void StackSamplerTest::survivesAThreadThatHasEnded()
{
    std::uint64_t id = 0;
    {
        const SampledThread thread([](const std::atomic<bool> &) {});
        id = thread.id();
    }
    const SampledStack sample = sampleInTime(id);
    QVERIFY(!sample.copy);
    QVERIFY(!sample.problem.empty());
}

void StackSamplerTest::readsTheSystemsLine()
{
    using Activity = ThreadState::Activity;
    QCOMPARE(parseThreadState("running").activity, Activity::Runs);
    QCOMPARE(parseThreadState("").activity, Activity::Unknown);
    QCOMPARE(parseThreadState("0 0x1").activity, Activity::Unknown);
    const ThreadState call = parseThreadState("7 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd00 0x7f0042");
    QCOMPARE(call.activity, Activity::Sleeps);
    QCOMPARE(call.systemCall, 7L);
    QCOMPARE(call.stackPointer, std::uint64_t(0x7ffd00));
    QCOMPARE(call.programCounter, std::uint64_t(0x7f0042));
    const ThreadState fault = parseThreadState("-1 0x7ffd00 0x7f0042");
    QCOMPARE(fault.activity, Activity::Sleeps);
    QCOMPARE(systemCallName(fault.systemCall), std::string("page fault"));
    QCOMPARE(systemCallName(SYS_read), std::string("read"));
    QCOMPARE(systemCallName(9999), std::string("system call 9999"));
}

void StackSamplerTest::knowsTheProcessorTimeOfAThread()
{
    const SampledThread thread(spin);
    std::this_thread::sleep_for(50ms);
    const auto times = threadTimesOf(thread.id());
    QVERIFY(times && times->running > 5ms && times->running < 60s);
    QVERIFY(!threadTimesOf(0));
}

QTEST_GUILESS_MAIN(StackSamplerTest)
#include "tst_stacksampler.moc"
