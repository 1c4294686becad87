// SPDX-License-Identifier: MIT
#include "pass/passsteps.h"

#include <QtCore/qcoreapplication.h>
#include <QtCore/qcoreevent.h>
#include <QtCore/qscopeguard.h>
#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <utility>

namespace Flywheel {

PassSteps::PassSteps(std::unique_ptr<AbstractPoller> poller, ClockFunction clockFunction,
                     ClockFunction coarseClock, LoopWaker &waker)
    : clock(clockFunction)
    , core(std::make_shared<LoopCore>(waker, poller->kind(), clockFunction))
    , interests(std::move(poller), coarseClock)
    , notifiers(interests)
{
}

PassSteps::Arrival PassSteps::begin(PassMeter &meter)
{
    renewAfterFork();
    // Only one that is seen is cleared: a store might hide one that comes now, whose wake-up this pass takes.
    const bool wasInterrupted =
        interrupted.load(std::memory_order_relaxed) && interrupted.exchange(false, std::memory_order_acquire);
    const bool woken = interests.poller().consumeWakeUp();
    meter.recordState(woken, timers.size(), notifiers.size());
    return {woken, wasInterrupted};
}

void PassSteps::renewAfterFork()
{
    if (m_processMark.isSameProcess())
        return;
    m_processMark.renew();
    interests.rebuild();
}

void PassSteps::sendPostedEvents()
{
    const std::uint64_t before = core->ownPosts();
    if (core->mode() == Mode::Hosted) { // each is heard by itself, as those that the host sends
        QCoreApplication::sendPostedEvents();
        endHeardEvents();
    } else {
        const BatchMeter meter(*core);
        QCoreApplication::sendPostedEvents();
    }
    core->ignoreAddedPost(before);
}

void PassSteps::endHeardEvents()
{
    if (LoopRecorder *const recorder = core->recording()) {
        const char here = 0; // they were delivered deeper on the stack
        recorder->endOver(&here);
    }
}

int PassSteps::runBatch()
{
    int run = 0;
    const TaskQueue::Limit limit = core->tasks.beginBatch();
    TaskQueue::Taken taken;
    while (core->tasks.takeNext(limit, taken)) {
        const HandlerMeter meter(*core, taken);
        ++run;
        InlineTask task = std::move(taken.task); // an exception destroys it here
        task();
    }
    return run;
}

Instant PassSteps::nextDeadline(bool withTimers) const
{
    const Instant deadline = withTimers ? timers.nextDeadline() : Never;
    if (deadline <= m_lastTick)
        return Immediately;
    return withTimers ? timers.nextWakeUp() : Never;
}

Instant PassSteps::now() const
{
    const LoopRecorder *const recorder = core->recording();
    return recorder ? recorder->now() : clock();
}

std::optional<Instant> PassSteps::collectReadiness(Instant deadline, bool maySkip)
{
    std::span<const InterestSet::Ready> ready = interests.prepare();
    if (!ready.empty())
        deadline = Immediately;
    if (maySkip && !interests.hasNews() && deadline == Immediately) {
        const Instant time = now();
        if (pollBudget.allowsSkip(time)) {
            notifiers.markReady(ready);
            return time;
        }
    }
    WaitMeter meter(*core, deadline != Immediately);
    ready = interests.wait(deadline);
    std::optional<Instant> time = meter.end(ready.size());
    // The time is what the next pass needs to skip a look. Reading it is cheaper than a look, but a loop that
    // sleeps after each event never asks for that.
    const bool mayComeInUse = deadline == Immediately || pollBudget.takeWasAsked();
    if (maySkip && mayComeInUse && !time)
        time = clock();
    if (time)
        pollBudget.polled(*time);
    else
        pollBudget.expire();
    notifiers.markReady(ready);
    return time;
}

std::optional<Instant> PassSteps::waitForWakeUp(Instant deadline)
{
    WaitMeter meter(*core, deadline != Immediately);
    interests.waitForWakeUp(deadline);
    return meter.end(0);
}

int PassSteps::deliverPending()
{
    int delivered = 0;
    for (auto next = notifiers.takePending(); next.notifier; next = notifiers.takePending()) {
        QEvent event(next.closedByPeer ? QEvent::SockClose : QEvent::SockAct);
        const HandlerMeter meter(*core, next.notifier);
        QCoreApplication::sendEvent(next.notifier, &event);
        ++delivered;
    }
    notifiersDelivered += static_cast<unsigned>(delivered);
    return delivered;
}

int PassSteps::deliverTimers(Instant now)
{
    int delivered = 0;
    m_lastTick = now = std::max(m_lastTick, now); // metrics' clock is behind the system's by less than 1 us
    const TimerQueue::Batch batch = timers.beginBatch(now);
    while (const std::optional<TimerQueue::Due> due = timers.takeDue(batch)) {
        // Zero timers mean "when idle" and do not count, as in Qt; a timeout is work either way.
        delivered += due->interval > Nanoseconds::zero() || !due->object;
        deliverTimer(*due);
    }
    return delivered;
}

void PassSteps::deliverTimer(const TimerQueue::Due &due)
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

void PassSteps::fireTimeout(const TimerQueue::Due &due)
{
    const std::uint32_t index = TimeoutPool::indexOf(due.id);
    if (!timeouts.repeats(index))
        timers.remove(due.id);
    timeouts.run(index);
    publishTimeouts();
}

void PassSteps::publishTimeouts()
{
    core->timeoutsUsed.set(timeouts.used());
    core->timeoutsCapacity.set(timeouts.capacity());
}

} // namespace Flywheel
