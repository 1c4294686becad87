// SPDX-License-Identifier: MIT
#include "pass/ownpass.h"

#include "pass/passsteps.h"

#include <QtCore/qabstracteventdispatcher.h>

#include <algorithm>

namespace Flywheel {

OwnPass::OwnPass(PassSteps &steps) : m_steps(steps), m_messages(*this) {}

void OwnPass::addNotifier(QSocketNotifier *notifier)
{
    m_steps.notifiers.insert(notifier);
}

void OwnPass::removeNotifier(QSocketNotifier *notifier)
{
    m_steps.notifiers.remove(notifier);
}

/// One pass; the numbers are those of docs/contract.md.
bool OwnPass::run(QEventLoop::ProcessEventsFlags flags, Extent extent)
{
    const bool withNotifiers = !(flags & QEventLoop::ExcludeSocketNotifiers);
    const bool withTimers = !(flags & QEventLoop::X11ExcludeTimers);

    PassMeter meter(*m_steps.core, flags.testFlag(QEventLoop::EventLoopExec), m_steps.interrupted);
    const NestingScope scope(m_steps.nesting, NestingLevel::Outside);
    const unsigned run = ++m_runs;

    // 1. Wake-ups are taken before the posted events: one that comes later is for the next pass.
    const auto [woken, wasInterrupted] = m_steps.begin(meter);
    m_messages.beginPass(woken);
    if (m_steps.isAwakeHeard.load(std::memory_order_relaxed))
        Q_EMIT m_steps.dispatcher->awake();
    m_steps.sendPostedEvents();
    int handled = m_steps.runTasks();

    // 2. and 3.
    const bool worked = woken || handled > 0;
    const bool blocks = !wasInterrupted && (!worked || mayBlockAfterWork(flags, extent, run)) &&
                        m_steps.core->tasks.isEmpty() && mayBlock(flags);
    if (m_steps.interrupted.load(std::memory_order_relaxed))
        return false;

    // 4.
    const Instant deadline = blocks && extent.mayWait ? m_steps.nextDeadline(withTimers) : Immediately;
    if (deadline != Immediately)
        m_messages.endHandlers();
    std::optional<Instant> now;
    if (withNotifiers)
        now = m_steps.collectReadiness(deadline, flags.testFlag(QEventLoop::EventLoopExec));
    else
        now = m_steps.waitForWakeUp(deadline);
    handled += woken || m_steps.interests.poller().hasWakeUp();

    // 5. and 6.
    m_messages.beginHandlersIf([this] {
        return m_steps.notifiers.hasPending() || m_steps.timers.nextDeadline() <= m_steps.clock();
    });
    if (extent.withMessages)
        handled += m_messages.deliver(*m_steps.dispatcher, flags);
    if (withNotifiers)
        handled += m_steps.deliverNotifiers();
    if (withTimers && !m_steps.timers.isEmpty())
        handled += m_steps.deliverTimers(now ? *now : m_steps.clock());
    return handled > 0;
}

/// exec() waits for nothing but its exit, which interrupts: docs/decisions/0003-wake-ups-and-blocking.md. Not
/// after a nested pass, which may have taken the interrupt of an outer exec().
bool OwnPass::mayBlockAfterWork(QEventLoop::ProcessEventsFlags flags, Extent extent, unsigned run) const
{
    return flags.testFlag(QEventLoop::EventLoopExec) && extent.mayWait && m_runs == run;
}

bool OwnPass::mayBlock(QEventLoop::ProcessEventsFlags flags) const
{
    const auto isCalledOn = [this] {
        return m_steps.interests.poller().hasWakeUp() || m_steps.interrupted.load(std::memory_order_relaxed);
    };
    if (!flags.testFlag(QEventLoop::WaitForMoreEvents) || isCalledOn() || m_messages.hasHeldBack(flags))
        return false;
    if (!m_steps.isAboutToBlockHeard.load(std::memory_order_relaxed))
        return true;
    Q_EMIT m_steps.dispatcher->aboutToBlock();
    return !isCalledOn();
}

void OwnPass::passInForeignLoop()
{
    run(QEventLoop::AllEvents, {.withMessages = false});
}

Instant OwnPass::fallAsleepInForeignLoop()
{
    Instant again = Never;
    m_steps.notifiers.markReady(m_steps.interests.prepareForeignWait(again));
    const bool isAsleep = m_steps.interests.poller().fallAsleepElsewhere();
    const bool hasWork = !isAsleep || m_steps.notifiers.hasPending() || !m_steps.core->tasks.isEmpty();
    return hasWork ? Immediately : std::min(again, m_steps.nextDeadline(true));
}

void OwnPass::ariseInForeignLoop()
{
    m_steps.interests.poller().ariseElsewhere();
}

int OwnPass::descriptorToWatch() const
{
    return m_steps.interests.poller().descriptor();
}

} // namespace Flywheel
