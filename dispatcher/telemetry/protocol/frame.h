// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/metrics.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The messages between a program that publishes its loops and a program that watches it. Plain values.
/// frameschema.h has the number of each field, docs/telemetry-protocol.md its meaning.
///
/// A frame describes what happened since the frame before it on the same connection. So for a span of time
/// you can add up the counts and durations of its frames, and merge their histograms. Gauges, maxima and the
/// tables of receivers and timers do not add up. Strings are UTF-8, at most MaxStringBytes long.
namespace Flywheel::Telemetry {

/// Changes when a watcher could misread a message. New fields and new messages do not change it.
inline constexpr std::uint32_t ProtocolVersion = 1;

inline constexpr std::size_t MaxStringBytes = 1024;
inline constexpr std::size_t MaxLoops = 1024;     ///< in a frame
inline constexpr std::size_t MaxTableRows = 1024; ///< in each list of a loop

/// The intervals of frames that a watcher may ask for.
inline constexpr std::chrono::milliseconds ShortestInterval{20};
inline constexpr std::chrono::milliseconds DefaultInterval{100};
inline constexpr std::chrono::milliseconds LongestInterval{60'000};

/// Describes the publisher.
struct ProcessInfo
{
    std::uint64_t processId = 0;
    std::string name;            ///< for people: the application's name, or that of its file
    std::string executable;      ///< path of the running file; empty if the system does not tell
    std::string qtVersion;       ///< the version that runs
    std::string flywheelVersion; ///< the version that runs
    std::chrono::system_clock::time_point startedAt; ///< when publishing began; wall clock, for display only
};

/// The first message of a publisher, in every version.
struct Hello
{
    std::uint32_t protocolVersion = ProtocolVersion; ///< if it is not ours, the other fields may be empty
    ProcessInfo process;
};

/// One series of durations within the interval of its LoopFrame.
struct SeriesInterval
{
    std::uint64_t count = 0;
    std::chrono::nanoseconds sum{};
    std::chrono::nanoseconds
        maxEver{}; ///< since the loop was made or its maxima were reset; not of the interval
    Histogram histogram;
};

/// One loop, as of LoopFrame::takenAt, and what it did in the interval before.
struct LoopFrame
{
    std::uint64_t loopId = 0;   ///< unique within the process, from 1; not reused
    std::string threadName;     ///< may be empty
    std::uint64_t threadId = 0; ///< the system's id; 0 before the first pass
    std::string poller;         ///< "epoll", "poll" …
    std::string mode;           ///< who waits for events: "owner", "hosted", "observed"
    std::string journalFile;    ///< path of its journal, as the publisher sees it; empty if there is none
    bool enabled = false;       ///< false: metrics are off, and the figures do not change
    std::chrono::nanoseconds stallThreshold{};
    std::chrono::nanoseconds takenAt{}; ///< monotonic clock of the publisher
    std::chrono::nanoseconds age{};     ///< since metrics were first switched on
    std::chrono::nanoseconds
        interval{}; ///< the time before takenAt that the counts and durations below are about
    /// True in the first frame of this loop on this connection: the interval is all of the loop's life until
    /// now. Sums from this frame on are totals. It does not mean that the loop is new: see age.
    bool wholeLife = false;

    SeriesInterval taskLatency;   ///< post() to the start of the task
    SeriesInterval wakeUpLatency; ///< wakeUp() of a sleeping loop to the start of the pass
    SeriesInterval timerLateness; ///< deadline to the start of the handler
    SeriesInterval passTime;      ///< one pass, without waiting and without nested loops
    std::array<SeriesInterval, HandlerKindCount> handlerTime; ///< by HandlerKind; without nested loops

    std::array<std::uint64_t, HandlerKindCount> handlerRuns{}; ///< by HandlerKind
    std::uint64_t posts = 0;                                   ///< arrivals: posted events and bare wake-ups
    std::uint64_t passes = 0;
    std::uint64_t idlePasses = 0;       ///< passes in which no handler ran
    std::uint64_t missedTicks = 0;      ///< firings that late repeating timers skipped
    std::uint64_t wakeUps = 0;          ///< wake-ups asked for
    std::uint64_t kernelWakeUps = 0;    ///< those that cost a system call
    std::uint64_t coalescedWakeUps = 0; ///< the others
    std::chrono::nanoseconds busy{};    ///< not waiting; utilisation = busy / interval
    std::chrono::nanoseconds blocked{}; ///< waiting in the poller
    std::uint64_t suspends = 0;         ///< how often the machine was suspended
    std::chrono::nanoseconds suspendedTime{};
    std::uint64_t stallCount = 0; ///< may be more than stalls has: only the last 256 are kept

    Gauge taskDepth;
    std::chrono::nanoseconds oldestTaskAge{}; ///< 0 if no task is queued
    Gauge postsPerPass;
    std::optional<Gauge> postedDepth; ///< only with the depth probe loaded
    Gauge timers;
    Gauge notifiers;
    Gauge readyPerPoll;
    std::uint32_t nestingDepth = 0;
    std::uint32_t nestingDepthMax = 0;
    PoolUse taskSlots;
    PoolUse timeoutSlots;

    std::vector<Stall>
        stalls; ///< those that ended in the interval, by number; with wholeLife, all that are kept
    std::optional<Stall> ongoingStall; ///< a stall that goes on at takenAt; in each frame until it ends
    /// The whole table, with totals since the loop was made. Sent about once a second, and only if it
    /// changed.
    std::optional<std::vector<ReceiverStats>> receivers;
    std::optional<std::vector<TimerStats>> topTimers; ///< as receivers
};

/// All loops of the process. If a loop was in the frame before and is not in this one, it has ended, unless
/// this frame omits loops.
struct Frame
{
    std::uint64_t sequence = 0;                        ///< from 1, without gaps on a connection
    std::chrono::system_clock::time_point takenAtWall; ///< for display only
    std::chrono::nanoseconds takenAt{};                ///< monotonic clock of the publisher
    std::chrono::nanoseconds publishingCpu{}; ///< processor time that publishing took since the last frame
    std::uint32_t omittedLoops = 0;           ///< did not fit in; they may run or have ended
    std::vector<LoopFrame> loops;             ///< by loopId
};

/// The last message before the publisher closes the connection, if it can still send one.
struct Goodbye
{
    enum class Reason : std::uint32_t {
        ShuttingDown = 1,    ///< the program ends or stops publishing
        VersionMismatch = 2, ///< the watcher uses another version
        TooManyWatchers = 3,
        BadMessage = 4, ///< the watcher sent something that it must not send
        NoHello = 5,    ///< the watcher did not send its hello in time
    };
    Reason reason = Reason::ShuttingDown;
    std::string detail; ///< for people; may be empty
};

/// The first message of a watcher. The publisher begins to send frames when it arrives.
struct WatcherHello
{
    std::uint32_t protocolVersion = ProtocolVersion;
    std::string program; ///< for people
    std::chrono::milliseconds interval = DefaultInterval;
};

/// The only other message of a watcher: sets the interval of frames from now on.
struct IntervalRequest
{
    std::chrono::milliseconds interval = DefaultInterval;
};

using Message = std::variant<Hello, Frame, Goodbye, WatcherHello, IntervalRequest>;

} // namespace Flywheel::Telemetry
