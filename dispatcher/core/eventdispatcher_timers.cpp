// SPDX-License-Identifier: MIT
// The timer functions of QAbstractEventDispatcher: checks as strict as Qt's, then the queue.
#include "core/eventdispatcher_p.h"

#include "base/logging.h"
#include "core/threadcheck.h"

#include <limits>

namespace Flywheel {

namespace {

bool mayStart(const QAbstractEventDispatcher *dispatcher, int id, Nanoseconds interval, const QObject *object)
{
    if (id < 1 || interval < Nanoseconds::zero() || !object) {
        qCWarning(lcDispatcher, "Flywheel::EventDispatcher::registerTimer: invalid arguments");
        return false;
    }
    if (!isInThreadOf(dispatcher, object)) {
        qCWarning(lcDispatcher,
                  "Flywheel::EventDispatcher::registerTimer: timers cannot be started from another thread");
        return false;
    }
    return true;
}

bool mayStop(const QAbstractEventDispatcher *dispatcher, int id)
{
    if (id < 1) {
        qCWarning(lcDispatcher, "Flywheel::EventDispatcher::unregisterTimer: invalid argument");
        return false;
    }
    if (!isInThreadOf(dispatcher, nullptr)) {
        qCWarning(lcDispatcher,
                  "Flywheel::EventDispatcher::unregisterTimer: timers cannot be stopped from another thread");
        return false;
    }
    return true;
}

/// What is left of a timer, 0 when overdue, nothing (and a warning) if it is unknown.
std::optional<Nanoseconds> remainingOf(const EventDispatcherPrivate &d, int id)
{
    if (id < 1) {
        qCWarning(lcDispatcher, "Flywheel::EventDispatcher::remainingTime: invalid argument");
        return std::nullopt;
    }
    const std::optional<Instant> deadline = d.steps.timers.deadlineOf(id);
    if (!deadline) {
        qCWarning(lcDispatcher, "Flywheel::EventDispatcher::remainingTime: timer id %d not found", id);
        return std::nullopt;
    }
    return std::max(*deadline - d.steps.clock(), Nanoseconds::zero());
}

std::vector<TimerQueue::Info> timersOf(const EventDispatcherPrivate &d, const QObject *object)
{
    if (object)
        return d.steps.timers.timersOf(object);
    qCWarning(lcDispatcher, "Flywheel::EventDispatcher::registeredTimers: invalid argument");
    return {};
}

} // namespace

void EventDispatcherPrivate::startTimer(int id, Nanoseconds interval, Qt::TimerType type, QObject *object)
{
    noteOwner(object);
    const NestingLevel level = options.clampNestedTimers ? steps.nesting : NestingLevel::Unclamped;
    steps.timers.insert(id, interval, type, object, steps.clock(), level);
    m_pass->timerStarted();
}

bool EventDispatcher::unregisterTimers(QObject *object)
{
    if (!object) {
        qCWarning(lcDispatcher, "Flywheel::EventDispatcher::unregisterTimers: invalid argument");
        return false;
    }
    if (!isInThreadOf(this, object)) {
        qCWarning(
            lcDispatcher,
            "Flywheel::EventDispatcher::unregisterTimers: timers cannot be stopped from another thread");
        return false;
    }
    if (d->steps.timers.isEmpty())
        return false;
    d->steps.timers.removeAll(object);
    return true;
}

#if FLYWHEEL_HAS_NANOSECOND_TIMERS

void EventDispatcher::registerTimer(Qt::TimerId timerId, Duration interval, Qt::TimerType timerType,
                                    QObject *object)
{
    if (mayStart(this, qToUnderlying(timerId), interval, object))
        d->startTimer(qToUnderlying(timerId), interval, timerType, object);
}

bool EventDispatcher::unregisterTimer(Qt::TimerId timerId)
{
    return mayStop(this, qToUnderlying(timerId)) && d->steps.timers.remove(qToUnderlying(timerId));
}

QList<EventDispatcher::TimerInfoV2> EventDispatcher::timersForObject(QObject *object) const
{
    QList<TimerInfoV2> result;
    for (const TimerQueue::Info &info : timersOf(*d, object))
        result.append({info.interval, Qt::TimerId(info.id), info.type});
    return result;
}

EventDispatcher::Duration EventDispatcher::remainingTime(Qt::TimerId timerId) const
{
    return remainingOf(*d, qToUnderlying(timerId)).value_or(Duration::min());
}

#else

namespace {

int toMilliseconds(Nanoseconds duration)
{
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(duration).count();
    return static_cast<int>(std::min<std::chrono::milliseconds::rep>(ms, std::numeric_limits<int>::max()));
}

/// The interval in nanoseconds; what does not fit is never due either way.
Nanoseconds fromMilliseconds(qint64 interval)
{
    constexpr qint64 Most = std::chrono::floor<std::chrono::milliseconds>(Nanoseconds::max()).count();
    return std::chrono::milliseconds(std::min(interval, Most));
}

} // namespace

void EventDispatcher::registerTimer(int timerId, qint64 interval, Qt::TimerType timerType, QObject *object)
{
    const Nanoseconds duration = interval < 0 ? Nanoseconds(-1) : fromMilliseconds(interval);
    if (mayStart(this, timerId, duration, object))
        d->startTimer(timerId, duration, timerType, object);
}

bool EventDispatcher::unregisterTimer(int timerId)
{
    return mayStop(this, timerId) && d->steps.timers.remove(timerId);
}

QList<EventDispatcher::TimerInfo> EventDispatcher::registeredTimers(QObject *object) const
{
    QList<TimerInfo> result;
    for (const TimerQueue::Info &info : timersOf(*d, object))
        result.append(TimerInfo(info.id, toMilliseconds(info.interval), info.type));
    return result;
}

int EventDispatcher::remainingTime(int timerId)
{
    const std::optional<Nanoseconds> remaining = remainingOf(*d, timerId);
    return remaining ? toMilliseconds(*remaining) : -1;
}

#endif

} // namespace Flywheel
