// SPDX-License-Identifier: MIT
#include "stacks/stacktaker.h"

#include "platform/forkcounter.h"
#include "platform/ownmodule.h"
#include "stacks/codetext.h"

#include <atomic>
#include <mutex>

namespace Flywheel {

namespace {

std::mutex s_loading; ///< a fork(2) waits for it

/// The module, loaded for good; or why it is not there.
const OwnModule &stacksModule()
{
    static const OwnModule *s_module = nullptr;
    const std::lock_guard lock(s_loading);
    if (!s_module)
        s_module = new OwnModule(loadOwnModule("flywheelstacks"));
    return *s_module;
}

std::string moduleProblem()
{
    return "libflywheelstacks can't be loaded: " + stacksModule().error +
           ". Install it beside libflywheel, and elfutils' libdw (Debian: libdw1)";
}

template <typename Object, typename Function>
std::unique_ptr<Object> make(const char *name)
{
    if (!stacksModule().handle)
        return nullptr;
    const auto function = reinterpret_cast<Function>(stacksModule().symbol(name));
    return std::unique_ptr<Object>(function ? function() : nullptr);
}

/// For all threads that name places. Never destroyed: programs print at their end.
struct SharedNamer
{
    std::mutex mutex;
    std::unique_ptr<CodeNamer> namer = make<CodeNamer, MakeCodeNamerFunction>(MakeCodeNamerName);

    static SharedNamer &instance();
};

std::atomic<SharedNamer *> s_namer{nullptr};

// A child makes a namer of its own: a thread of its parent's may have been naming.
const bool s_guarded = guardForks({.before = [] { s_loading.lock(); },
                                   .inParent = [] { s_loading.unlock(); },
                                   .inChild =
                                       [] {
                                           s_loading.unlock();
                                           s_namer.store(nullptr);
                                       }});

SharedNamer &SharedNamer::instance()
{
    SharedNamer *known = s_namer.load(std::memory_order_acquire);
    if (known)
        return *known;
    auto made = std::make_unique<SharedNamer>();
    return s_namer.compare_exchange_strong(known, made.get()) ? *made.release() : *known;
}

std::vector<CodePlace> unnamed(const StackFrame &frame, const std::vector<StackModule> &modules)
{
    CodePlace place;
    if (frame.module != StackFrame::NoModule && frame.module <= modules.size()) {
        const std::string &file = modules[frame.module - 1].file;
        place.module = file.substr(file.rfind('/') + 1);
    }
    place.note = moduleProblem();
    return {place};
}

} // namespace

TakenStack StackTaker::take(std::uint64_t threadId, std::vector<StackModule> &modules)
{
    if (!m_unwinder && m_problem.empty()) {
        m_unwinder = make<StackUnwinder, MakeStackUnwinderFunction>(MakeStackUnwinderName);
        m_problem = m_unwinder ? std::string() : moduleProblem();
    }
    if (!m_unwinder)
        return {std::nullopt, m_problem};
    SampledStack stack = sampleStack(threadId);
    if (!stack.copy)
        return {std::nullopt, std::move(stack.problem)};
    StackSample sample = m_unwinder->unwind(*stack.copy, modules);
    sample.systemCall = std::move(stack.systemCall);
    return {std::move(sample), {}};
}

std::vector<CodePlace> codePlacesOf(const StackFrame &frame, const std::vector<StackModule> &modules)
{
    SharedNamer &shared = SharedNamer::instance();
    if (!shared.namer)
        return unnamed(frame, modules);
    const std::lock_guard lock(shared.mutex);
    return shared.namer->places(frame, modules);
}

std::vector<std::string> stackLines(const StackSample &sample, const std::vector<StackModule> &modules)
{
    return codeLines(sample, [&](const StackFrame &frame) { return codePlacesOf(frame, modules); });
}

} // namespace Flywheel
