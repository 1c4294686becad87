// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/config.h>
#include <flywheel/inlinetask.h>

#include <QtCore/qpointer.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

QT_BEGIN_NAMESPACE
class QThread;
QT_END_NAMESPACE

/// Work for a loop without QObject or QEvent.
///
///     Flywheel::post(loop, [] { save(); });                             // from any thread
///     const auto timeout = Flywheel::setTimeout(20ms, [] { poll(); });  // in the loop's own thread
///     Flywheel::clearTimeout(timeout);
///     Flywheel::setInterval(1s, &page, [&page] { page.update(); });     // ends with the page
///
/// Memory: nothing is allocated once a loop has seen its usual number of tasks. Two exceptions: a callable of
/// more than 48 bytes (InlineTask), and the first use of an object as a context.
namespace Flywheel {

class LoopCore;

namespace Detail {
struct LoopAccess;
} // namespace Detail

/// A handle to a loop, for posting to it. A value: copy it, keep it, use it from any thread. A handle does
/// not keep its loop alive; once the loop has ended, post() returns false.
class FLYWHEEL_EXPORT Loop
{
public:
    /// A null handle.
    Loop() = default;

    /// Returns the loop of the calling thread; null if its event dispatcher is not Flywheel's.
    static Loop current();
    /// Returns the loop of \a thread; null if the thread's event dispatcher is not Flywheel's, or if the
    /// thread does not run. Any thread. \a thread is compared and not used, so it may be deleted meanwhile.
    static Loop of(const QThread *thread);

    /// Returns true for a handle that was made without a loop. A handle whose loop has ended is not null.
    bool isNull() const noexcept { return !m_core; }

private:
    friend struct Detail::LoopAccess;
    explicit Loop(std::shared_ptr<LoopCore> core) : m_core(std::move(core)) {}

    std::shared_ptr<LoopCore> m_core;
};

namespace Detail {
/// The inside of a Loop, for post() and for the library.
struct LoopAccess
{
    static Loop make(std::shared_ptr<LoopCore> core) { return Loop(std::move(core)); }
    FLYWHEEL_EXPORT static Loop ofObject(const QObject *object);
    FLYWHEEL_EXPORT static bool post(const Loop &loop, InlineTask &&task);
};
} // namespace Detail

/// Runs \a callable in \a loop's thread. Any thread.
///
/// Order: callables run in the order they were posted. They run in the pass that goes on, if it has not come
/// to its tasks yet, otherwise in the next one.
/// Returns false, and destroys the callable, if the loop has ended. A callable that is still queued when the
/// loop ends is destroyed in the loop's thread and not run.
/// The callable's move constructor must not call post(): the queue is locked while the callable is moved.
/// An exception from the callable leaves processEvents(), as one from a slot does; the tasks behind it run in
/// the next pass.
template <typename Callable>
bool post(const Loop &loop, Callable &&callable)
{
    return Detail::LoopAccess::post(loop, InlineTask(std::forward<Callable>(callable)));
}

/// Runs \a callable in the thread that \a context lives in, unless \a context is destroyed first: then the
/// callable is destroyed and not run. Any thread.
///
/// \a context must not be destroyed during this call, and must not be moved to another thread before the
/// callable has run. Returns false if \a context is null, or if the event dispatcher of its thread is not
/// Flywheel's, or has ended.
template <typename Callable>
bool post(QObject *context, Callable &&callable);

/// A timeout or an interval, for clearTimeout(). A plain value. A handle of a timeout that is over is never
/// equal to that of a later one, until 2^32 timeouts have used the same place of the loop's memory.
struct TimeoutHandle
{
    std::uint64_t loop = 0; ///< 0 in a null handle
    std::uint32_t index = 0;
    std::uint32_t generation = 0;

    explicit operator bool() const noexcept { return loop != 0; }
    bool operator==(const TimeoutHandle &) const = default;
};

namespace Detail {
FLYWHEEL_EXPORT TimeoutHandle startTimeout(std::chrono::nanoseconds delay, bool repeats, InlineTask &&task);
/// Refuses a context that is null or lives in another thread.
FLYWHEEL_EXPORT TimeoutHandle startTimeout(const QObject *context, std::chrono::nanoseconds delay,
                                           bool repeats, InlineTask &&task);
/// Ends the interval whose callable has just been called. Does nothing in the callable of a timeout.
FLYWHEEL_EXPORT void endRunningInterval();

/// Neither this nor WhileContext may grow over Capacity with a callable of 48 bytes.
template <typename Callable>
struct WithContext
{
    QPointer<QObject> context;
    Callable callable;

    void operator()()
    {
        if (context)
            callable();
    }
};

/// WithContext for intervals, which end with their context.
template <typename Callable>
struct WhileContext
{
    QPointer<QObject> context;
    Callable callable;

    void operator()()
    {
        if (context)
            callable();
        else
            endRunningInterval();
    }
};
} // namespace Detail

template <typename Callable>
bool post(QObject *context, Callable &&callable)
{
    return Detail::LoopAccess::post(
        Detail::LoopAccess::ofObject(context),
        InlineTask(Detail::WithContext<std::decay_t<Callable>>{context, std::forward<Callable>(callable)}));
}

/// Runs \a callable once in the calling thread's loop when \a delay is over, never earlier. A negative delay
/// counts as 0.
///
/// Nested timeouts are clamped as in the HTML Living Standard (8.6, timers): a timeout that is started in the
/// handler of another one is one level deeper, and from level 6 on a delay under 4 ms becomes 4 ms.
/// Returns a null handle, after a warning, if the thread's event dispatcher is not Flywheel's.
template <typename Callable>
TimeoutHandle setTimeout(std::chrono::nanoseconds delay, Callable &&callable)
{
    return Detail::startTimeout(delay, false, InlineTask(std::forward<Callable>(callable)));
}

/// Runs \a callable once when \a delay is over, unless \a context is destroyed first. Otherwise as above.
///
/// A callable whose context is gone is not run. The timeout ends, and the callable is destroyed, when the
/// callable would have run; call clearTimeout() to destroy it earlier.
/// \a context must live in the calling thread, and stay there until the timeout is over. Returns a null
/// handle, after a warning, if \a context is null or lives in another thread.
template <typename Callable>
TimeoutHandle setTimeout(std::chrono::nanoseconds delay, QObject *context, Callable &&callable)
{
    return Detail::startTimeout(
        context, delay, false,
        InlineTask(Detail::WithContext<std::decay_t<Callable>>{context, std::forward<Callable>(callable)}));
}

/// Runs \a callable every \a interval until clearTimeout(). A tick that a late loop has missed is skipped.
/// Each repetition is one level deeper. Otherwise as setTimeout().
template <typename Callable>
TimeoutHandle setInterval(std::chrono::nanoseconds interval, Callable &&callable)
{
    return Detail::startTimeout(interval, true, InlineTask(std::forward<Callable>(callable)));
}

/// Runs \a callable every \a interval until clearTimeout() or until \a context is destroyed. The interval
/// then ends at its next tick. \a context: as for setTimeout().
template <typename Callable>
TimeoutHandle setInterval(std::chrono::nanoseconds interval, QObject *context, Callable &&callable)
{
    return Detail::startTimeout(
        context, interval, true,
        InlineTask(Detail::WhileContext<std::decay_t<Callable>>{context, std::forward<Callable>(callable)}));
}

/// Ends the timeout or interval \a handle and destroys its callable. A callable that runs at this moment is
/// destroyed when it returns. Call it in the thread that started the timeout.
/// Returns false if the timeout is over, if the handle is null, or if it belongs to another thread's loop.
FLYWHEEL_EXPORT bool clearTimeout(TimeoutHandle handle);

} // namespace Flywheel
