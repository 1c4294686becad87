// SPDX-License-Identifier: MIT
#include "statistics.h"

#include "base/plaintext.h"
#include "formatting.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>

#include <unistd.h>

namespace Flywheel::Preload {

namespace {

constexpr std::size_t MostStalls = 3; ///< of a loop
constexpr std::size_t MostCalls = 32; ///< of a stack

std::string durationText(std::chrono::nanoseconds duration)
{
    const ScaledDuration scaled(duration);
    if (scaled.isNanoseconds())
        return print("%.0f ns", scaled.value);
    return print("%.3g %s", std::min(scaled.value, 99999.0), scaled.unit);
}

/// All handlers and how many there were. Posted events count one by one, unless only their batch was timed.
Series allHandlers(const LoopSnapshot &loop)
{
    const bool hasEvents = loop.handlerTimeOf(HandlerKind::PostedEvent).count > 0;
    Series result;
    for (std::size_t kind = 0; kind < HandlerKindCount; ++kind) {
        const bool isBatch = kind == static_cast<std::size_t>(HandlerKind::PostedBatch);
        if (isBatch && hasEvents)
            continue;
        const Series &series = loop.handlerTime[kind];
        if (!isBatch)
            result.count += loop.handlers[kind].total;
        result.max = std::max(result.max, series.max);
        result.histogram.merge(series.histogram);
    }
    return result;
}

std::string nameOf(const LoopSnapshot &loop)
{
    return loop.threadName.empty() ? "thread " + std::to_string(loop.threadId) : plainText(loop.threadName);
}

/// \a text, which is UTF-8, cut or filled up to \a width characters.
std::string column(std::string text, std::size_t width)
{
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80;
        if (begins && characters++ == width) {
            text.resize(i);
            return text;
        }
    }
    return text.append(width - characters, ' ');
}

std::string lineOf(const LoopSnapshot &loop)
{
    const Series handlers = allHandlers(loop);
    const auto textOf = [&](std::chrono::nanoseconds duration) {
        return handlers.histogram.count() > 0 ? durationText(duration) : std::string("-"); // unknown is not 0
    };
    const auto quantileText = [&](double q) {
        return textOf(std::min(handlers.histogram.quantile(q), handlers.max));
    };
    const Utilisation &time = loop.utilisation;
    const auto busy = static_cast<double>(time.busy.count());
    const auto total = static_cast<double>((time.busy + time.blocked + time.outside).count());
    return "  " + column(nameOf(loop), 20) +
           print(" %-8s %10llu %10llu %6.1f %%", modeName(loop.mode),
                 static_cast<unsigned long long>(loop.passes.total),
                 static_cast<unsigned long long>(handlers.count), total > 0 ? 100 * busy / total : 0.0) +
           print(" %9s %9s %9s %6llu\n", quantileText(0.5).c_str(), quantileText(0.99).c_str(),
                 textOf(handlers.max).c_str(), static_cast<unsigned long long>(loop.stallCount));
}

/// Class, object and event, as far as they are known.
std::string culpritOf(const Stall &stall)
{
    if (stall.className.empty())
        return "not known";
    std::string result = plainText(stall.className);
    if (!stall.objectName.empty())
        result += " \"" + plainText(stall.objectName) + '"';
    const bool isEvent = stall.kind == HandlerKind::PostedEvent || stall.kind == HandlerKind::WindowEvent;
    const std::string event = isEvent ? eventTypeName(stall.id) : std::string();
    return event.empty() ? result : result + " (" + event + ')';
}

/// "; of 760 ms watched it ran 2 ms and slept 758 ms, last in read"
std::string spentTextOf(const Stall &stall)
{
    if (stall.watched <= stall.watched.zero())
        return {};
    const auto slept = std::max(stall.watched - stall.processorTime - stall.readyTime, stall.watched.zero());
    std::string text =
        "; of " + durationText(stall.watched) + " watched it ran " + durationText(stall.processorTime);
    if (stall.readyTime > stall.watched / 20)
        text += ", waited " + durationText(stall.readyTime) + " for a processor";
    text += " and slept " + durationText(slept);
    const std::string call = stall.stacks.empty() ? std::string() : stall.stacks.back().systemCall;
    return call.empty() || slept < stall.watched / 20 ? text : text + ", last in " + plainText(call);
}

/// The stack that was seen most often, else the first one; or why there is none.
std::string stackTextOf(const Stall &stall)
{
    if (stall.stacks.empty())
        return stall.stackProblem.empty() ? std::string()
                                          : "    no stack: " + plainText(stall.stackProblem) + '\n';
    const auto sample = std::ranges::max_element(stall.stacks, {}, &StackSample::count);
    std::string text;
    std::size_t left = MostCalls;
    for (const std::string &line : stackLines(*sample, stall.modules)) {
        text += left > 0 ? "    " + line + '\n' : std::string();
        if (left-- == 0)
            return text + "    … and its callers\n";
    }
    return text;
}

/// Two stalls of which a second stack would tell nothing new.
bool isAlike(const Stall &a, const Stall &b)
{
    const bool hasStacks = !a.stacks.empty() && !b.stacks.empty();
    return a.className == b.className && a.objectName == b.objectName && a.kind == b.kind &&
           (!hasStacks || a.stacks.front().frames == b.stacks.front().frames);
}

/// The longest ones, no two alike.
std::vector<const Stall *> worstStallsOf(const LoopSnapshot &loop)
{
    std::vector<const Stall *> all;
    for (const Stall &stall : loop.stalls)
        all.push_back(&stall);
    std::ranges::stable_sort(all, std::greater<>(), [](const Stall *stall) { return stall->duration; });
    std::vector<const Stall *> worst;
    for (const Stall *const stall : all) {
        const bool isKnown = std::ranges::any_of(worst, [&](const Stall *w) { return isAlike(*w, *stall); });
        if (!isKnown && worst.size() < MostStalls)
            worst.push_back(stall);
    }
    return worst;
}

std::string stallsOf(const LoopSnapshot &loop)
{
    std::string text;
    for (const Stall *const stall : worstStallsOf(loop)) {
        text += (text.empty() ? "  longest stall of " : "  another stall of ") + nameOf(loop) + ": " +
                durationText(stall->duration) + ", " + culpritOf(*stall) + spentTextOf(*stall) + '\n' +
                stackTextOf(*stall);
    }
    return text;
}

/// Never destroyed: loops may end after static objects.
struct EndedLoops
{
    std::mutex mutex;
    std::vector<LoopSnapshot> loops;

    static EndedLoops &instance()
    {
        static auto *const s_ended = new EndedLoops;
        return *s_ended;
    }
};

void printAll()
{
    setLoopEndHandler({});
    EndedLoops &ended = EndedLoops::instance();
    const std::lock_guard lock(ended.mutex);
    for (LoopSnapshot &loop : snapshots())
        ended.loops.push_back(std::move(loop));
    std::ranges::sort(ended.loops, {}, &LoopSnapshot::loopId);
    const std::string text = statisticsOf(ended.loops);
    std::fputs(text.c_str(), stderr);
}

} // namespace

std::string statisticsOf(const std::vector<LoopSnapshot> &loops)
{
    std::string text =
        print("flywheel: %zu loops of process %d\n", loops.size(), static_cast<int>(::getpid()));
    text += print("  %-20s %-8s %10s %10s %8s %9s %9s %9s %6s\n", "loop", "mode", "passes", "handlers",
                  "busy", "p50", "p99", "max", "stalls");
    for (const LoopSnapshot &loop : loops)
        text += lineOf(loop);
    for (const LoopSnapshot &loop : loops)
        text += stallsOf(loop);
    return text;
}

void printStatisticsAtExit()
{
    static std::once_flag s_once;
    std::call_once(s_once, [] {
        watchStalls(); // before the function for the exit is set: it comes first then, and may still ask
        setLoopEndHandler([](const LoopSnapshot &loop) {
            EndedLoops &ended = EndedLoops::instance();
            const std::lock_guard lock(ended.mutex);
            ended.loops.push_back(loop);
        });
        std::atexit(printAll);
    });
}

} // namespace Flywheel::Preload
