// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/protocol/frame.h"

#include <initializer_list>

/// Frames as a publisher might send them, with exactly the figures that a test wants.
namespace Flywheel::Monitor::Test {

using namespace std::chrono_literals;

/// \a count durations of \a length each, as a series.
inline Telemetry::SeriesInterval series(std::uint64_t count, std::chrono::nanoseconds length)
{
    if (count == 0)
        return {};
    return {.count = count,
            .sum = length * static_cast<std::int64_t>(count),
            .maxEver = length,
            .histogram = Histogram({{Histogram::indexOf(length), count}})};
}

inline void add(Telemetry::SeriesInterval &sum, const Telemetry::SeriesInterval &more)
{
    sum.count += more.count;
    sum.sum += more.sum;
    sum.maxEver = std::max(sum.maxEver, more.maxEver);
    sum.histogram.merge(more.histogram);
}

/// A loop that waited all of the \a interval before \a at.
inline Telemetry::LoopFrame idleLoop(std::chrono::nanoseconds at, std::chrono::nanoseconds interval = 100ms,
                                     std::uint64_t id = 1)
{
    Telemetry::LoopFrame loop;
    loop.loopId = id;
    loop.threadName = id == 1 ? "main" : "worker";
    loop.poller = "epoll";
    loop.mode = "owner";
    loop.enabled = true;
    loop.stallThreshold = 50ms;
    loop.takenAt = at;
    loop.age = at;
    loop.interval = interval;
    loop.blocked = interval;
    loop.nestingDepth = 1;
    return loop;
}

/// One that was \a busy, in \a runs handlers of \a kind of the same length.
inline Telemetry::LoopFrame busyLoop(std::chrono::nanoseconds at, std::chrono::nanoseconds busy,
                                     std::uint64_t runs = 10, HandlerKind kind = HandlerKind::Notifier)
{
    Telemetry::LoopFrame loop = idleLoop(at);
    loop.busy = busy;
    loop.blocked = loop.interval - busy;
    loop.passes = runs;
    const auto index = static_cast<std::size_t>(kind);
    loop.handlerRuns[index] = runs;
    loop.handlerTime[index] = series(runs, busy / static_cast<std::int64_t>(runs));
    loop.passTime = loop.handlerTime[index];
    return loop;
}

inline Stall stall(std::uint64_t number, std::chrono::nanoseconds began, std::chrono::nanoseconds duration)
{
    Stall result;
    result.number = number;
    result.beganMonotonic = began;
    result.began = std::chrono::system_clock::time_point(1'700'000'000s) +
                   std::chrono::duration_cast<std::chrono::system_clock::duration>(began);
    result.duration = duration;
    result.kind = HandlerKind::Timer;
    result.className = "EchoServer";
    result.objectName = "front";
    result.id = 7;
    return result;
}

inline Telemetry::Frame frameOf(std::uint64_t sequence, std::chrono::nanoseconds at,
                                std::vector<Telemetry::LoopFrame> loops)
{
    Telemetry::Frame frame;
    frame.sequence = sequence;
    frame.takenAt = at;
    frame.takenAtWall = std::chrono::system_clock::time_point(1'700'000'000s) +
                        std::chrono::duration_cast<std::chrono::system_clock::duration>(at);
    frame.loops = std::move(loops);
    return frame;
}

} // namespace Flywheel::Monitor::Test
