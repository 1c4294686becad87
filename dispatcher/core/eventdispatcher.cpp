// SPDX-License-Identifier: MIT
#include "core/eventdispatcher_p.h"

#include <QtCore/qthread.h>

namespace Flywheel {

EventDispatcherPrivate::EventDispatcherPrivate(std::unique_ptr<AbstractPoller> poller, ClockFunction clock,
                                               ClockFunction coarseClock)
    : steps(std::move(poller), clock, coarseClock, *this)
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
    if (!m_isInThread) [[unlikely]]
        enterThread(q->thread());
    if (!m_modeSettled) [[unlikely]]
        settleMode(q, false);
    if (listenersChanged.load(std::memory_order_relaxed)) [[unlikely]]
        updateListeners(*q);
    return m_pass->run(flags);
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
    d->steps.dispatcher = this;
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
    return d->steps.interests.poller().kind();
}

bool EventDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    return d->processEvents(this, flags);
}

Loop EventDispatcher::loop() const
{
    return Detail::LoopAccess::make(d->steps.core);
}

LoopSnapshot EventDispatcher::snapshot() const
{
    return d->steps.core->snapshot({});
}

void EventDispatcher::setMetricsEnabled(bool on)
{
    d->steps.core->setMetricsEnabled(on);
}

bool EventDispatcher::isMetricsEnabled() const
{
    return d->steps.core->isMetricsEnabled();
}

void EventDispatcher::resetMaxima()
{
    d->steps.core->resetMaxima();
}

void EventDispatcher::wakeUp()
{
    d->steps.core->wakeUp();
}

void EventDispatcher::interrupt()
{
    // Released: a pass that sees it returns, and QEventLoop::exec() then sees its exit flag.
    d->steps.interrupted.store(true, std::memory_order_release);
    if (d->native.load())
        d->withHost([](QAbstractEventDispatcher &host) { host.interrupt(); });
    d->wake();
}

} // namespace Flywheel
