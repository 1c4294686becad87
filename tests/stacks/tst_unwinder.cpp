// SPDX-License-Identifier: MIT
#include "sampledthread.h"
#include "stacks/codetext.h"
#include "stacks/stackreader.h"
#include "stacks/stacksampler.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <ctime>

#include <alloca.h>
#include <dlfcn.h>
#include <poll.h>

using namespace Flywheel;
using namespace std::chrono_literals;

// Functions whose names the test looks for, each with a line of its own that is known.
#define NOT_INLINED __attribute__((noinline))

namespace {

constexpr int SpinLine = __LINE__ + 4;
inline __attribute__((always_inline)) void spinInside(const std::atomic<bool> &isOver)
{
    while (!isOver.load(std::memory_order_relaxed)) {
        __asm__ volatile("" ::: "memory");
    }
}

NOT_INLINED void guiltySpin(const std::atomic<bool> &isOver)
{
    spinInside(isOver);
    __asm__ volatile("" ::: "memory");
}

/// Without optimisation, as most programs of developers are: such code finds its frame by the frame pointer.
NOT_INLINED __attribute__((optimize("O0"))) void guiltySleep(const std::atomic<bool> &isOver)
{
    while (!isOver.load()) {
        timespec time{0, 200'000'000};
        ::nanosleep(&time, nullptr);
    }
}

NOT_INLINED void deepCall(const std::atomic<bool> &isOver, int depth)
{
    auto *const space = static_cast<volatile char *>(alloca(3000));
    space[0] = 1;
    if (depth == 0)
        guiltySpin(isOver);
    else
        deepCall(isOver, depth - 1);
    space[2999] = 1;
}

struct Seen
{
    StackSample sample;
    std::vector<StackModule> modules;
    std::string systemCall;
    std::string text;
};

Seen look(const SampledThread &thread)
{
    const std::unique_ptr<StackUnwinder> unwinder = makeStackUnwinder();
    const std::unique_ptr<CodeNamer> namer = makeCodeNamer();
    Seen seen;
    const SampledStack stack = sampleStack(thread.id());
    if (!stack.copy)
        qFatal("no sample: %s", stack.problem.c_str());
    seen.sample = unwinder->unwind(*stack.copy, seen.modules);
    seen.systemCall = stack.systemCall;
    const auto placesOf = [&](const StackFrame &frame) { return namer->places(frame, seen.modules); };
    for (const std::string &line : codeLines(seen.sample, placesOf))
        seen.text += line + '\n';
    return seen;
}

} // namespace

class UnwinderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void namesTheFunctionThatRuns();
    void followsASleepingThreadThroughUnoptimisedCode();
    void saysWhereTheStackWasCut();
    void namesModules();
    void tellsWhatIsMissing();
    void survivesAnyBytes();
    void seesWhatIsLoadedLater();
};

void UnwinderTest::initTestCase()
{
    if (const std::string problem = stackSamplingProblem(); !problem.empty())
        QSKIP(problem.c_str());
}

void UnwinderTest::namesTheFunctionThatRuns()
{
    const SampledThread thread(guiltySpin);
    std::this_thread::sleep_for(10ms);
    const Seen seen = look(thread);
    QVERIFY2(!seen.sample.isCut && !seen.sample.isIncomplete, seen.text.c_str());
    QVERIFY2(seen.text.find("guiltySpin(std::atomic<bool> const&) tst_unwinder.cpp:") != std::string::npos,
             seen.text.c_str());
    QVERIFY2(seen.text.find("spinInside") != std::string::npos, seen.text.c_str());
    QVERIFY2(seen.text.find("[inlined]") != std::string::npos, seen.text.c_str());
    const bool hasLine =
        seen.text.find("tst_unwinder.cpp:" + std::to_string(SpinLine - 1)) != std::string::npos ||
        seen.text.find("tst_unwinder.cpp:" + std::to_string(SpinLine)) != std::string::npos;
    QVERIFY2(hasLine, seen.text.c_str());
}

void UnwinderTest::followsASleepingThreadThroughUnoptimisedCode()
{
    const SampledThread thread(guiltySleep);
    std::this_thread::sleep_for(20ms);
    const Seen seen = look(thread);
    QVERIFY2(seen.systemCall.ends_with("nanosleep"), seen.systemCall.c_str());
    QVERIFY2(seen.text.find("guiltySleep(") != std::string::npos, seen.text.c_str());
    QVERIFY2(!seen.sample.isIncomplete, seen.text.c_str());
}

void UnwinderTest::saysWhereTheStackWasCut()
{
    const SampledThread thread([](const std::atomic<bool> &isOver) { deepCall(isOver, 40); });
    std::this_thread::sleep_for(20ms);
    const Seen seen = look(thread);
    QVERIFY2(seen.sample.isCut, seen.text.c_str());
    QVERIFY2(seen.text.find("guiltySpin(") != std::string::npos, seen.text.c_str());
    QVERIFY2(seen.text.find("were cut off") != std::string::npos, seen.text.c_str());
}

void UnwinderTest::namesModules()
{
    const SampledThread thread(guiltySpin);
    std::this_thread::sleep_for(10ms);
    const Seen seen = look(thread);
    const auto own = std::ranges::find_if(
        seen.modules, [](const StackModule &module) { return module.file.ends_with("/tst_unwinder"); });
    QVERIFY(own != seen.modules.end());
    QVERIFY(own->buildId.empty() || own->buildId.size() >= 16);
    for (const StackFrame &frame : seen.sample.frames)
        QVERIFY(frame.module >= 1 && frame.module <= seen.modules.size());
}

void UnwinderTest::tellsWhatIsMissing()
{
    const std::unique_ptr<CodeNamer> namer = makeCodeNamer();
    const std::vector<StackModule> modules = {
        {"/nowhere/libgone.so", "00"}, {QCoreApplication::applicationFilePath().toStdString(), "1234"}};
    const auto gone = namer->places({.address = 0x1234, .module = 1, .offset = 0x34}, modules);
    QCOMPARE(gone.size(), std::size_t(1));
    QCOMPARE(gone[0].note, std::string("/nowhere/libgone.so cannot be read here"));
    QCOMPARE(gone[0].module, std::string("libgone.so"));
    const auto other = namer->places({.address = 0x1234, .module = 2, .offset = 0x34}, modules);
    QVERIFY(other[0].note.ends_with("is not the file that the program has loaded"));
    const auto none = namer->places({.address = 0x1234}, modules);
    QCOMPARE(none[0].note, std::string("code that was made at run time"));
}

/// What is copied is whatever the program has on its stack.
void UnwinderTest::survivesAnyBytes()
{
    const std::unique_ptr<StackUnwinder> unwinder = makeStackUnwinder();
    auto copy = std::make_unique<StackCopy>();
    std::uint64_t state = 1;
    const auto random = [&state] { return state = state * 6364136223846793005U + 1442695040888963407U; };
    for (int round = 0; round < 200; ++round) {
        std::vector<StackModule> modules;
        for (std::size_t at = 0; at < copy->memory.size(); at += 8) {
            const std::uint64_t word = random() % 3 == 0 ? copy->stackPointer + random() % 65536 : random();
            std::memcpy(copy->memory.data() + at, &word, sizeof word);
        }
        copy->bytes = random() % StackCopy::MostBytes;
        copy->isCut = round % 2 == 0;
        copy->programCounter = reinterpret_cast<std::uint64_t>(&::poll) + random() % 256;
        copy->setRegister(7, copy->stackPointer = 0x7ffd'0000'0000 + (random() & 0xfff8));
        copy->memoryAt = copy->stackPointer - StackCopy::BelowStackPointer;
        copy->isKnown = round % 3 == 0 ? 0x80U : 0xffffU;
        const StackSample sample = unwinder->unwind(*copy, modules);
        QVERIFY(sample.frames.size() <= 128);
    }
}

void UnwinderTest::seesWhatIsLoadedLater()
{
    const std::unique_ptr<StackUnwinder> unwinder = makeStackUnwinder();
    std::vector<StackModule> modules;
    auto copy = std::make_unique<StackCopy>();
    copy->programCounter = reinterpret_cast<std::uint64_t>(&::poll);
    unwinder->unwind(*copy, modules);
    void *const module = ::dlopen(FLYWHEEL_LOADED_MODULE, RTLD_NOW | RTLD_LOCAL);
    QVERIFY(module);
    copy->programCounter = reinterpret_cast<std::uint64_t>(::dlsym(module, "flywheelLoadedModule"));
    unwinder->unwind(*copy, modules);
    ::dlclose(module);
    QVERIFY2(modules.back().file.ends_with("libstacks_loadedmodule.so"), modules.back().file.c_str());
}

QTEST_GUILESS_MAIN(UnwinderTest)
#include "tst_unwinder.moc"
