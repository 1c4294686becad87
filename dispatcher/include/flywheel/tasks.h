// SPDX-License-Identifier: MIT
#pragma once

#include <flywheel/config.h>
#include <flywheel/inlinetask.h>

#include <QtCore/qpointer.h>

#include <chrono>
#include <cstdint>
#include <memory>

QT_BEGIN_NAMESPACE
class QThread;
QT_END_NAMESPACE

/// Work for a loop without QObject or QEvent. Nothing here allocates once the loop is warm, except for
/// callables that are too large (InlineTask) and, once an object, for a context.
namespace Flywheel {

class LoopCore;

/// A loop as other threads hold it: copy it, keep it, use it from any thread. Holding one does not keep the
/// loop alive; after its end post() returns false.
class FLYWHEEL_EXPORT Loop
{
public:
    /// No loop.
    Loop() = default;
    explicit Loop(std::shared_ptr<LoopCore> core);
    Loop(const Loop &);
    Loop(Loop &&) noexcept;
    Loop &operator=(const Loop &);
    Loop &operator=(Loop &&) noexcept;
    ~Loop();

    /// The loop of the calling thread, or none where another dispatcher rules.
    static Loop current();
    /// The loop of \a thread, or none: another dispatcher rules, or the thread has not started or has ended.
    /// Any thread; \a thread is only compared.
    static Loop of(const QThread *thread);

    /// Whether this was ever a loop; it may have ended since.
    bool isNull() const noexcept { return !m_core; }

    /// Use Flywheel::post().
    bool postTask(InlineTask &&task) const;

private:
    std::shared_ptr<LoopCore> m_core;
};

/// Runs \a callable in \a loop's thread, in the order of the posts, in the next pass at the latest one that
/// begins after this call. Any thread. False, and the callable destroyed, if the loop has ended; a callable
/// that waits when it ends is destroyed there without being run.
///
/// The callable is moved under the queue's lock: its move constructor must not post. An exception that leaves
/// it leaves processEvents(), as one from a slot does; the tasks behind it run in the next pass.
template <typename Callable>
bool post(const Loop &loop, Callable &&callable)
{
    return loop.postTask(InlineTask(std::forward<Callable>(callable)));
}

/// The same in the loop of the thread that \a context lives in; dropped, not run, if the context is destroyed
/// before its turn. Any thread, as long as the context can't be destroyed during this call; the context must
/// stay in its thread until then. False if its thread has no loop of ours.
template <typename Callable>
bool post(QObject *context, Callable &&callable);

/// What clear() takes. A plain value; all handles of one loop differ until 2^32 timeouts have used its place.
struct TimeoutHandle
{
    std::uint64_t loop = 0; ///< 0: no timeout
    std::uint32_t index = 0;
    std::uint32_t generation = 0;

    explicit operator bool() const noexcept { return loop != 0; }
    bool operator==(const TimeoutHandle &) const = default;
};

namespace Detail {
FLYWHEEL_EXPORT Loop loopOfObject(const QObject *object);
FLYWHEEL_EXPORT TimeoutHandle startTimeout(std::chrono::nanoseconds delay, bool repeats, InlineTask &&task);

/// Must not grow over Capacity with a callable of 48 bytes.
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
} // namespace Detail

template <typename Callable>
bool post(QObject *context, Callable &&callable)
{
    return Detail::loopOfObject(context).postTask(
        InlineTask(Detail::WithContext<std::decay_t<Callable>>{context, std::forward<Callable>(callable)}));
}

/// Runs \a callable once in the calling thread's loop, \a delay from now, never earlier; negative delays are
/// 0. As in the HTML standard, a timeout that is started in a timeout's handler is a level deeper than that,
/// and past level 5 a delay under 4 ms becomes 4 ms. Null, after a warning, if the thread has no loop of
/// ours.
template <typename Callable>
TimeoutHandle setTimeout(std::chrono::nanoseconds delay, Callable &&callable)
{
    return Detail::startTimeout(delay, false, InlineTask(std::forward<Callable>(callable)));
}

/// The same again and again until clear(); what a late loop missed is skipped. Each repeat is a level deeper.
template <typename Callable>
TimeoutHandle setInterval(std::chrono::nanoseconds interval, Callable &&callable)
{
    return Detail::startTimeout(interval, true, InlineTask(std::forward<Callable>(callable)));
}

/// Ends a timeout or an interval and destroys its callable; one that is just running ends after its return.
/// False if it is over already, unknown, or of another thread's loop.
FLYWHEEL_EXPORT bool clear(TimeoutHandle handle);

} // namespace Flywheel
