// SPDX-License-Identifier: MIT
#include "eventdispatcher_p.h"

#include "base/forkcounter.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qscopeguard.h>
#include <QtCore/qsocketnotifier.h>
#include <QtCore/qthread.h>

#include <limits>

namespace Flywheel {

EventDispatcherPrivate::EventDispatcherPrivate(std::unique_ptr<AbstractPoller> poller,
                                               ClockFunction clockFunction, ClockFunction coarseClock)
    : clock(clockFunction)
    , interests(std::move(poller), coarseClock)
    , notifiers(interests)
    , m_forkCount(forkCount())
{
}

std::unique_ptr<EventDispatcher>
EventDispatcherPrivate::createDispatcher(std::unique_ptr<AbstractPoller> poller, ClockFunction clock)
{
    auto d = std::make_unique<EventDispatcherPrivate>(std::move(poller), clock, clock);
    return std::unique_ptr<EventDispatcher>(new EventDispatcher(std::move(d), nullptr));
}

bool EventDispatcherPrivate::processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags)
{
    if (!m_modeSettled) [[unlikely]]
        settleMode(q, false);
    return hosted ? hosted->processEvents(q, flags) : processOwnEvents(q, flags);
}

/// One pass; the numbers are those of docs/contract.md.
bool EventDispatcherPrivate::processOwnEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags)
{
    const bool withNotifiers = !(flags & QEventLoop::ExcludeSocketNotifiers);
    const bool withTimers = !(flags & QEventLoop::X11ExcludeTimers);

    // 1. Wake-ups are taken before the posted events: one that comes later is for the next pass.
    const bool woken = beginPass();
    Q_EMIT q->awake();
    QCoreApplication::sendPostedEvents();

    // 2. and 3.
    const bool blocks = !woken && mayBlock(q, flags);
    if (interrupted.load(std::memory_order_relaxed))
        return false;

    // 4.
    const Instant deadline = blocks ? nextDeadline(withTimers) : Immediately;
    std::optional<Instant> now;
    if (withNotifiers)
        now = collectReadiness(deadline, flags.testFlag(QEventLoop::EventLoopExec));
    else
        interests.waitForWakeUp(deadline);
    int handled = woken || interests.poller().hasWakeUp();

    // 5. and 6.
    if (withNotifiers)
        handled += deliverNotifiers();
    if (withTimers && !timers.isEmpty())
        handled += deliverTimers(now ? *now : clock());
    return handled > 0;
}

/// Takes the interrupt and the wake-up. True if there was a wake-up.
bool EventDispatcherPrivate::beginPass()
{
    renewAfterFork();
    interrupted.store(false, std::memory_order_relaxed);
    return interests.poller().consumeWakeUp();
}

void EventDispatcherPrivate::renewAfterFork()
{
    const unsigned forks = forkCount();
    if (forks == m_forkCount)
        return;
    m_forkCount = forks;
    interests.rebuild();
}

bool EventDispatcherPrivate::mayBlock(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags) const
{
    const auto isCalledOn = [this] {
        return interests.poller().hasWakeUp() || interrupted.load(std::memory_order_relaxed);
    };
    if (!flags.testFlag(QEventLoop::WaitForMoreEvents) || isCalledOn())
        return false;
    Q_EMIT q->aboutToBlock();
    return !isCalledOn();
}

/// Spares the poller the clock where a timer was due when the clock was read last.
Instant EventDispatcherPrivate::nextDeadline(bool withTimers) const
{
    const Instant deadline = withTimers ? timers.nextDeadline() : Never;
    if (deadline <= m_lastTick)
        return Immediately;
    return withTimers ? timers.nextWakeUp() : Never;
}

/// Looks for ready descriptors, and waits for them if the deadline allows. The time, if it was read and still
/// holds.
std::optional<Instant> EventDispatcherPrivate::collectReadiness(Instant deadline, bool maySkip)
{
    std::span<const InterestSet::Ready> ready = interests.prepare();
    if (!ready.empty())
        deadline = Immediately;
    if (maySkip && deadline == Immediately) {
        const Instant now = clock();
        if (m_pollBudget.allowsSkip(now)) {
            notifiers.markReady(ready);
            return now;
        }
    }
    m_pollBudget.polled();
    notifiers.markReady(interests.wait(deadline));
    return std::nullopt;
}

int EventDispatcherPrivate::deliverNotifiers()
{
    int delivered = 0;
    QEvent event(QEvent::SockAct);
    while (QSocketNotifier *notifier = notifiers.takePending()) {
        QCoreApplication::sendEvent(notifier, &event);
        ++delivered;
    }
    return delivered;
}

int EventDispatcherPrivate::deliverTimers(Instant now)
{
    int delivered = 0;
    m_lastTick = now;
    const TimerQueue::Batch batch = timers.beginBatch(now);
    while (const std::optional<TimerQueue::Due> due = timers.takeDue(batch)) {
        const auto finish = qScopeGuard([&] { timers.finish(*due); });
        if (hosted)
            hosted->arm();
        delivered +=
            due->interval > Nanoseconds::zero(); // zero timers mean "when idle" and do not count, as in Qt
        QTimerEvent event(due->id);
        QCoreApplication::sendEvent(due->object, &event);
    }
    return delivered;
}

EventDispatcher::EventDispatcher(const Options &options, QObject *parent)
    : EventDispatcher(std::make_unique<EventDispatcherPrivate>(choosePoller(options.poller, steadyNow),
                                                               steadyNow, coarseNow),
                      parent)
{
    d->options = options;
}

EventDispatcher::EventDispatcher(std::unique_ptr<EventDispatcherPrivate> implementation, QObject *parent)
    : EventDispatcherBase(parent)
    , d(std::move(implementation))
{
}

EventDispatcher::~EventDispatcher()
{
    d->endHosting();
}

EventDispatcher *EventDispatcher::of(QThread *thread)
{
    return qobject_cast<EventDispatcher *>(QAbstractEventDispatcher::instance(thread));
}

Poller EventDispatcher::poller() const
{
    return d->interests.poller().kind();
}

bool EventDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    return d->processEvents(this, flags);
}

void EventDispatcher::wakeUp()
{
    d->interests.poller().wakeUp();
    // Hosting may begin meanwhile: it sees this wake-up, or this sees the native dispatcher (both are
    // sequentially consistent).
    if (QAbstractEventDispatcher *native = d->native.load())
        native->wakeUp();
}

void EventDispatcher::interrupt()
{
    d->interrupted.store(true, std::memory_order_relaxed);
    if (QAbstractEventDispatcher *native = d->native.load())
        native->interrupt();
    wakeUp();
}

} // namespace Flywheel
