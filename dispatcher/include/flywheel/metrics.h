// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/histogram.h>
#include <flywheel/options.h>
#include <flywheel/stacks.h>

#include <QtCore/qnamespace.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// What a loop knows of itself. Every type here is a plain value, taken from running loops by any thread
/// without stopping them; docs/metrics.md explains how to read the figures. Durations are monotonic time.
/// Strings are UTF-8. Later versions append fields (options.h).
namespace Flywheel {

/// What a handler is called for.
enum class HandlerKind {
    Timer,       ///< one timer of a QObject, or one timeout (tasks.h)
    Notifier,    ///< one ready socket notifier
    PostedBatch, ///< all posted events that one pass sends
    Task,        ///< one posted task (tasks.h)
    PostedEvent, ///< one posted event
    WindowEvent, ///< one event of the window system
};
inline constexpr std::size_t HandlerKindCount = 6;

/// One series of durations, since the loop was made.
struct Series
{
    /// Of the last 1,000 samples, exact; a percentile is the smallest sample that at least this share does
    /// not exceed.
    struct Recent
    {
        std::uint32_t samples = 0; ///< how many these figures stand on, at most 1,000; 0: all are 0
        std::chrono::nanoseconds p50{}, p90{}, p95{}, p99{}, max{}, mean{};
    };

    std::uint64_t count = 0;        ///< durations recorded
    std::chrono::nanoseconds sum{}; ///< of all of them
    std::chrono::nanoseconds max{}; ///< since the loop was made or EventDispatcher::resetMaxima()
    Recent recent;
    Histogram histogram; ///< all of them, within 1 %; for p99.9, windows, and merging loops
};

/// How often something happens.
struct Rate
{
    std::uint64_t total = 0; ///< since the loop was made
    double perSecond = 0;    ///< mean of the last 10 s, or of the loop's life if that is shorter
    double lastSecond = 0;   ///< mean of the last second, likewise
};

/// A quantity, read once in each pass.
struct Gauge
{
    std::uint64_t current = 0; ///< as of the last pass; of queues at the moment of the snapshot
    std::uint64_t max = 0;     ///< since the loop was made or EventDispatcher::resetMaxima()
    double average = 0;        ///< exponential moving average over the passes, alpha 0.1
};

/// How the loop spends its time. Utilisation = busy / (busy + blocked + outside), 0 to 1.
struct Utilisation
{
    std::chrono::nanoseconds busy{};    ///< not waiting in the poller, since the loop was made, up to now
    std::chrono::nanoseconds blocked{}; ///< waiting in the poller, likewise
    /// Between passes that no exec() runs, since the first one: the program does other work, or a handler of
    /// an observed loop whose end can't be seen.
    std::chrono::nanoseconds outside{};
    double tenSeconds = 0; ///< over the last 10 s
    double lastSecond = 0; ///< over the last second
};

/// Preallocated slots of one kind.
struct PoolUse
{
    std::uint64_t used = 0;
    std::uint64_t capacity = 0; ///< slots allocated; grows on demand
};

/// A handler or a pass in which nothing else was served for longer than Options::stallThreshold. While a loop
/// inside the handler runs, others are served.
struct Stall
{
    std::uint64_t number = 0; ///< counts the stalls of a loop from 1; gaps are those no longer kept
    std::chrono::system_clock::time_point began; ///< wall clock, for display only
    std::chrono::nanoseconds beganMonotonic{};   ///< on the clock of LoopSnapshot::takenAt
    std::chrono::nanoseconds duration{}; ///< the longest time without service; so far, if it still goes on
    bool wholePass =
        false; ///< no single handler was too long, their sum was; the culprit is the longest of them
    HandlerKind kind = HandlerKind::Timer;
    std::string className;  ///< of the receiver; empty if not known (a batch without attribution, a task)
    std::string objectName; ///< of the receiver, its first 32 UTF-16 units; empty if it has none
    std::int64_t id = 0; ///< timer id, descriptor, or event type, by kind; timeouts are negative; otherwise 0

    /// Where the thread was, in the order in which it was looked at; at most 6. Only while the stalls of the
    /// process are watched (docs/stacks.md). stackLines() names the functions.
    std::vector<StackSample> stacks;
    std::vector<StackModule> modules; ///< that the stacks go through
    std::string stackProblem;         ///< why a stack is missing, for people; empty if none is
    /// The part of the duration that was watched; 0 if none was. What the next two do not cover of it, the
    /// thread slept.
    std::chrono::nanoseconds watched{};
    std::chrono::nanoseconds processorTime{}; ///< in which the thread ran
    std::chrono::nanoseconds readyTime{};     ///< in which it could have run, and others had the processors
};

/// What the receivers of one class cost. A QTimer or QSocketNotifier that has a parent counts under the
/// parent's class.
struct ReceiverStats
{
    std::string
        className; ///< "(timeout)", "(task)" for callables, "(others)" for classes that had to make room
    HandlerKind kind = HandlerKind::Timer; ///< of "(others)": meaningless
    std::uint64_t count = 0;               ///< handlers run
    std::chrono::nanoseconds total{};      ///< time in them, without nested loops
    std::chrono::nanoseconds max{};        ///< since the loop was made or EventDispatcher::resetMaxima()
};

/// What one timer costs: all timers of an object with one interval and type, so that a restart is no new
/// timer.
struct TimerStats
{
    std::string className;  ///< as in ReceiverStats; "(others)" for timers that had to make room
    std::string objectName; ///< the timer's own or else its parent's, the first 32 UTF-16 units
    std::int64_t id = 0;    ///< of the last firing; negative for timeouts
    std::chrono::nanoseconds interval{};
    Qt::TimerType type = Qt::PreciseTimer;
    std::uint64_t fired = 0;
    std::chrono::nanoseconds total{}; ///< time in its handler, without nested loops
    std::chrono::nanoseconds max{};   ///< of one firing, since it came into the table or resetMaxima()
    std::chrono::nanoseconds latenessMean{};
    std::chrono::nanoseconds latenessP99{}; ///< within 13 %, or 1 us; of the time that latenessMax covers
    std::chrono::nanoseconds latenessMax{}; ///< since it came into the table or resetMaxima()
};

/// Everything about one loop at one moment. Figures that are read one after another from a running loop may
/// differ by what it did meanwhile; no single figure is ever torn.
struct LoopSnapshot
{
    std::uint64_t loopId = 0;   ///< unique within the process, from 1; not reused
    std::string threadName;     ///< QThread's object name, else "main" for the application's thread, else the
                                ///< system's name for the thread where it has one of its own, or empty
    std::uint64_t threadId = 0; ///< the system's; 0 before the first pass
    Poller poller = Poller::Auto;
    Mode mode = Mode::Auto;                            ///< never Auto in a snapshot that was taken
    std::chrono::nanoseconds takenAt{};                ///< monotonic
    std::chrono::system_clock::time_point takenAtWall; ///< wall clock, for display only
    std::chrono::nanoseconds age{};                    ///< since metrics were first switched on; 0 if never
    bool enabled = false;                              ///< false: the figures stand still
    std::chrono::nanoseconds stallThreshold{};

    Series taskLatency; ///< post() to the start of the task; of a burst the first and every eighth, weighted
    Series wakeUpLatency; ///< wakeUp() of a sleeping loop to the start of the pass
    Series timerLateness; ///< deadline to the start of the handler; zero timers have no deadline and do not
                          ///< count
    std::array<Series, HandlerKindCount> handlerTime; ///< by HandlerKind; without nested loops
    Series passTime;                                  ///< one pass, without waiting and without nested loops

    /// By HandlerKind. Counts also those that handlerTime leaves out: posted events while
    /// attributePostedEvents() is off, and handlers of an observed loop whose end can't be seen.
    std::array<Rate, HandlerKindCount> handlers;
    Rate posts; ///< calls of wakeUp(): arrivals of posted events and bare wake-ups. Not a depth
    Rate passes;
    std::uint64_t missedTicks = 0; ///< firings that late repeating timers skipped

    Gauge taskDepth; ///< queued tasks, exact
    std::chrono::nanoseconds
        oldestTaskAge{}; ///< how long the first queued task has waited; 0 if there is none
    Gauge postsPerPass;  ///< arrivals in one pass
    /// posted events queued, exact, without deletions; none without the depth probe
    std::optional<Gauge> postedDepth;
    Gauge timers;       ///< live timers and timeouts
    Gauge notifiers;    ///< enabled notifiers
    Gauge readyPerPoll; ///< descriptors that a poll found ready

    Utilisation utilisation;
    std::uint64_t idlePasses = 0;       ///< passes in which no handler ran
    std::uint64_t wakeUps = 0;          ///< wake-ups asked for, by posts and tasks
    std::uint64_t kernelWakeUps = 0;    ///< those that found the loop asleep and cost a system call
    std::uint64_t coalescedWakeUps = 0; ///< the others
    std::uint32_t nestingDepth = 0;     ///< loops on the stack: 1 in a plain exec(), 0 outside
    std::uint32_t nestingDepthMax = 0;  ///< since the loop was made or EventDispatcher::resetMaxima()
    PoolUse taskSlots;
    PoolUse timeoutSlots;

    std::uint64_t suspends = 0;               ///< how often the machine was found to have slept
    std::chrono::nanoseconds suspendedTime{}; ///< and for how long
    std::uint64_t stallCount = 0;             ///< since the loop was made
    std::vector<Stall> stalls;                ///< the last 256, oldest first
    std::optional<Stall> ongoingStall;        ///< one that is going on now
    std::vector<ReceiverStats> receivers;     ///< most expensive first, at most 257
    std::vector<TimerStats> topTimers; ///< most expensive first, at most 128, and "(others)" for the rest

    /// The file in which the flight recorder keeps the last handlers (docs/metrics.md); empty if there is
    /// none.
    std::string journalFile;

    const Series &handlerTimeOf(HandlerKind kind) const
    {
        return handlerTime[static_cast<std::size_t>(kind)];
    }
    const Rate &handlersOf(HandlerKind kind) const { return handlers[static_cast<std::size_t>(kind)]; }
};

/// Which parts a snapshot contains. Leave out what you don't use if you take many: these parts cost more than
/// all others together.
struct SnapshotOptions
{
    bool recent = true; ///< Series::recent of all series
    bool tables = true; ///< LoopSnapshot::receivers and topTimers
};

/// Returns the metrics of all loops of this process, ordered by loopId. Any thread.
FLYWHEEL_EXPORT std::vector<LoopSnapshot> snapshots(const SnapshotOptions &options = {});

/// A handler that has run, or runs.
struct RecentHandler
{
    std::chrono::nanoseconds began{}; ///< monotonic, on the clock of LoopSnapshot::takenAt
    /// From its start to its end, with the loops that ran in it; so far, if it runs. Within 1 us or 1 in 10
    /// million.
    std::chrono::nanoseconds duration{};
    std::chrono::nanoseconds lateness{}; ///< of a timer: how long after its deadline it began; otherwise 0
    HandlerKind kind = HandlerKind::Timer;
    std::string className;  ///< of the receiver, as in Stall; "(others)" if there was no room for its name
    std::string objectName; ///< of the receiver, its first 32 UTF-16 units; empty if it has none
    std::int64_t id = 0;    ///< as Stall::id
    std::uint32_t nestingDepth = 0; ///< loops on the stack: 1 in a plain exec(); 0 for a handler that runs
};

/// What the flight recorder of one loop has kept.
struct LoopHandlers
{
    std::uint64_t loopId = 0; ///< as in LoopSnapshot, like the next two
    std::string threadName;
    std::uint64_t threadId = 0;
    std::chrono::nanoseconds takenAt{};                ///< monotonic
    std::chrono::system_clock::time_point takenAtWall; ///< wall clock, for display only
    std::uint64_t recorded = 0; ///< handlers since the loop was made, with those that are no longer kept
    /// The last ones, in the order in which they ended: a handler comes after those that ran inside it.
    std::vector<RecentHandler> handlers;
    std::optional<RecentHandler> running; ///< the innermost handler that runs now
};

/// Returns the last handlers of each loop of this process that records, at most \a most of each, ordered by
/// loopId. The loops go on meanwhile. Any thread: so a watchdog can tell what a loop that hangs has done, and
/// what it does.
///
/// Options::recentHandlers says how many are kept. `flywheel-run --dump` prints the same from outside, even
/// of a process that hangs or has crashed.
FLYWHEEL_EXPORT std::vector<LoopHandlers>
recentHandlers(std::size_t most = std::numeric_limits<std::size_t>::max());

/// Calls \a handler once for each stall, while the stall still goes on, from a watchdog thread. An empty
/// handler ends the watch. The stall has the stack of the loop's thread (docs/stacks.md).
///
/// The watchdog exists only while a handler is set. It looks at the loops every half threshold and blocks all
/// signals. \a handler must be thread-safe. When this function returns, the former handler does not run any
/// more. Any thread, but not from inside a handler. The child of a fork(2) has no watchdog until it sets a
/// handler.
using StallHandler = std::function<void(const LoopSnapshot &loop, const Stall &stall)>;
FLYWHEEL_EXPORT void setStallHandler(StallHandler handler);

/// Starts the watchdog although no handler is set, so that the stalls in snapshots have stacks. Call
/// unwatchStalls() as often as this; the last call ends the watch. Has no effect where there are no stacks
/// (docs/stacks.md). The child of a fork(2) is not watched until it asks for it. Any thread.
FLYWHEEL_EXPORT void watchStalls();
FLYWHEEL_EXPORT void unwatchStalls();

/// Calls \a handler with the last metrics of each loop that ends, in the thread that ends it, until another
/// handler or an empty one is set. \a handler must be thread-safe. Any thread.
using LoopEndHandler = std::function<void(const LoopSnapshot &loop)>;
FLYWHEEL_EXPORT void setLoopEndHandler(LoopEndHandler handler);

/// Sets whether each posted event is timed by itself, so that tables and stalls name its receiver. On by
/// default. If off, the posted events of a pass are counted and timed together; hosted and observed loops
/// time each one in any case. Any thread, at any time.
///
/// Needs Qt's hook for events, which the first dispatcher that records metrics from the start registers.
/// Returns false if Qt refuses the hook.
FLYWHEEL_EXPORT bool attributePostedEvents(bool on);

/// Loads the module that counts queued posted events exactly (LoopSnapshot::postedDepth), for good. Loops
/// that record metrics from the start load it by themselves if it is installed and was built for the Qt
/// version that runs. Returns false, after a warning that says why, if the module can't be loaded. Any
/// thread.
FLYWHEEL_EXPORT bool loadDepthProbe();

/// Returns the name of a QEvent::Type: "MetaCall"; "User + 5" for a program's own type; empty if \a type is
/// unknown. Any thread.
FLYWHEEL_EXPORT std::string eventTypeName(std::int64_t type);

} // namespace Flywheel
