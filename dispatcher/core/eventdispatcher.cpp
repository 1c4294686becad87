// SPDX-License-Identifier: MIT
#include "core/eventdispatcher_p.h"

#include "platform/forkcounter.h"

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
    , core(std::make_shared<LoopCore>(*this, interests.poller().kind(), clockFunction))
    , m_messages(NativeMessages::create(*this))
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
    if (!m_entered) [[unlikely]]
        enterThread(q->thread());
    if (!m_modeSettled) [[unlikely]]
        settleMode(q, false);
    return hosted ? hosted->processEvents(q, flags) : processOwnEvents(q, flags);
}

/// One pass; the numbers are those of docs/contract.md.
bool EventDispatcherPrivate::processOwnEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags,
                                              bool withMessages)
{
    const bool withNotifiers = !(flags & QEventLoop::ExcludeSocketNotifiers);
    const bool withTimers = !(flags & QEventLoop::X11ExcludeTimers);

    PassMeter meter(*core, flags.testFlag(QEventLoop::EventLoopExec), interrupted);
    const NestingScope scope(nesting, NestingLevel::Outside);

    // 1. Wake-ups are taken before the posted events: one that comes later is for the next pass.
    const bool woken = beginPass(meter);
    if (m_messages) {
        m_messages->endForeignLoop();
        if (woken)
            m_messages->beginHandlers();
    }
    Q_EMIT q->awake();
    sendPostedEvents();
    int handled = runTasks();

    // 2. and 3.
    const bool blocks = !woken && handled == 0 && core->tasks.isEmpty() && mayBlock(q, flags);
    if (interrupted.load(std::memory_order_relaxed))
        return false;

    // 4.
    const Instant deadline = blocks ? nextDeadline(withTimers) : Immediately;
    if (m_messages && deadline != Immediately)
        m_messages->endHandlers();
    std::optional<Instant> now;
    if (withNotifiers)
        now = collectReadiness(deadline, flags.testFlag(QEventLoop::EventLoopExec));
    else
        now = waitForWakeUp(deadline);
    handled += woken || interests.poller().hasWakeUp();

    // 5. and 6.
    if (m_messages)
        announceHandlers();
    if (m_messages && withMessages)
        handled += m_messages->deliver(*q, flags);
    if (withNotifiers)
        handled += deliverNotifiers();
    if (withTimers && !timers.isEmpty())
        handled += deliverTimers(now ? *now : clock());
    return handled > 0;
}

void EventDispatcherPrivate::announceHandlers()
{
    if (notifiers.hasPending() || timers.nextDeadline() <= clock())
        m_messages->beginHandlers();
}

void EventDispatcherPrivate::passInForeignLoop()
{
    processOwnEvents(dispatcher, QEventLoop::AllEvents, false);
}

Instant EventDispatcherPrivate::fallAsleepInForeignLoop()
{
    Instant again = Never;
    notifiers.markReady(interests.prepareForeignWait(again));
    const bool isAsleep = interests.poller().fallAsleepElsewhere();
    const bool hasWork = !isAsleep || notifiers.hasPending() || !core->tasks.isEmpty();
    return hasWork ? Immediately : std::min(again, nextDeadline(true));
}

/// Takes the interrupt and the wake-up. True if there was a wake-up.
bool EventDispatcherPrivate::beginPass(PassMeter &meter)
{
    renewAfterFork();
    interrupted.store(false, std::memory_order_relaxed);
    const bool woken = interests.poller().consumeWakeUp();
    meter.recordState(timers.size(), notifiers.size());
    return woken;
}

void EventDispatcherPrivate::sendPostedEvents()
{
    const BatchMeter meter(*core);
    const std::uint64_t before = core->posts();
    QCoreApplication::sendPostedEvents();
    // Qt adds a wake-up of its own when events were posted meanwhile: that is no arrival.
    if (core->posts() - before > 1)
        core->ignorePost();
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
    if (m_messages && m_messages->hasHeldBack(flags))
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
    const bool hasNews = interests.hasChanges(); // what is watched from now on may be ready already
    std::span<const InterestSet::Ready> ready = interests.prepare();
    if (!ready.empty())
        deadline = Immediately;
    if (maySkip && !hasNews && deadline == Immediately) {
        const LoopRecorder *const recorder = core->recording();
        const Instant now = recorder ? recorder->now() : clock();
        if (m_pollBudget.allowsSkip(now)) {
            notifiers.markReady(ready);
            return now;
        }
    }
    WaitMeter meter(*core, deadline != Immediately);
    ready = interests.wait(deadline);
    std::optional<Instant> now = meter.end(ready.size());
    if (maySkip) {
        if (!now)
            now = clock();
        m_pollBudget.polled(*now);
    }
    notifiers.markReady(ready);
    return now;
}

std::optional<Instant> EventDispatcherPrivate::waitForWakeUp(Instant deadline)
{
    WaitMeter meter(*core, deadline != Immediately);
    interests.waitForWakeUp(deadline);
    return meter.end(0);
}

int EventDispatcherPrivate::deliverNotifiers()
{
    int delivered = 0;
    for (auto next = notifiers.takePending(); next.notifier; next = notifiers.takePending()) {
        QEvent event(next.closedByPeer ? QEvent::SockClose : QEvent::SockAct);
        const HandlerMeter meter(*core, next.notifier);
        QCoreApplication::sendEvent(next.notifier, &event);
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
        // Zero timers mean "when idle" and do not count, as in Qt; a timeout is work either way.
        delivered += due->interval > Nanoseconds::zero() || !due->object;
        deliverTimer(*due);
    }
    return delivered;
}

void EventDispatcherPrivate::deliverTimer(const TimerQueue::Due &due)
{
    HandlerMeter meter(*core, due);
    const auto finish = qScopeGuard([&] { meter.setRepeats(timers.finish(due)); });
    const bool isClamped = due.level != NestingLevel::Unclamped;
    const NestingScope scope(nesting, isClamped ? due.level : NestingLevel::Outside);
    if (due.object) {
        QTimerEvent event(due.id);
        QCoreApplication::sendEvent(due.object, &event);
    } else {
        fireTimeout(due);
    }
}

EventDispatcher::EventDispatcher(const Options &options, QObject *parent)
    : EventDispatcher(std::make_unique<EventDispatcherPrivate>(choosePoller(options.poller, steadyNow),
                                                               steadyNow, coarseNow),
                      parent)
{
    d->configure(options);
}

EventDispatcher::EventDispatcher(std::unique_ptr<EventDispatcherPrivate> implementation, QObject *parent)
    : HostedIdentity(parent)
    , d(std::move(implementation))
{
    d->dispatcher = this;
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

Loop EventDispatcher::loop() const
{
    return Detail::LoopAccess::make(d->core);
}

LoopSnapshot EventDispatcher::snapshot() const
{
    return d->core->snapshot({});
}

void EventDispatcher::setMetricsEnabled(bool on)
{
    d->core->setMetricsEnabled(on);
}

bool EventDispatcher::isMetricsEnabled() const
{
    return d->core->isMetricsEnabled();
}

void EventDispatcher::resetMaxima()
{
    d->core->resetMaxima();
}

void EventDispatcher::wakeUp()
{
    d->core->wakeUp();
}

void EventDispatcher::interrupt()
{
    d->interrupted.store(true, std::memory_order_relaxed);
    if (d->native.load())
        d->withHost([](QAbstractEventDispatcher &host) { host.interrupt(); });
    d->wake();
}

} // namespace Flywheel
