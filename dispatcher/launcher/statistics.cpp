// SPDX-License-Identifier: MIT
#include "statistics.h"

#include "base/plaintext.h"
#include "formatting.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include <unistd.h>

namespace Flywheel::Preload {

namespace {

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

std::string stallLineOf(const LoopSnapshot &loop)
{
    const auto longest = std::ranges::max_element(loop.stalls, {}, &Stall::duration);
    if (longest == loop.stalls.end())
        return {};
    return "  longest stall of " + nameOf(loop) + ": " + durationText(longest->duration) + ", " +
           culpritOf(*longest) + '\n';
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
        text += stallLineOf(loop);
    return text;
}

void printStatisticsAtExit()
{
    static std::once_flag s_once;
    std::call_once(s_once, [] {
        setLoopEndHandler([](const LoopSnapshot &loop) {
            EndedLoops &ended = EndedLoops::instance();
            const std::lock_guard lock(ended.mutex);
            ended.loops.push_back(loop);
        });
        std::atexit(printAll);
    });
}

} // namespace Flywheel::Preload
