// SPDX-License-Identifier: MIT
#include "hosting/hostedloop.h"

#include "eventdispatcher_p.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qscopeguard.h>

#include <algorithm>

namespace Flywheel {

namespace {

/// What this loop holds back by itself. The native dispatcher is not told: it would hold back the alarm, and
/// GLib's spins while an excluded descriptor is ready.
constexpr QEventLoop::ProcessEventsFlags OwnFlags =
    QEventLoop::ProcessEventsFlags(QEventLoop::ExcludeSocketNotifiers) | QEventLoop::X11ExcludeTimers;

} // namespace

HostedLoop::HostedLoop(EventDispatcherPrivate &loop, std::unique_ptr<QAbstractEventDispatcher> native)
    : m_loop(loop)
    , m_native(std::move(native))
    , m_soon(*this, *m_native, loop.clock)
    , m_alarm(*this, *m_native, loop.clock)
    , m_bridge(*this, *m_native)
{
    m_loop.timers.removeAll(&m_soon);
    m_loop.timers.removeAll(&m_alarm);
    applyInterests();
    arm();
}

HostedLoop::~HostedLoop() = default;

bool HostedLoop::processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags)
{
    LoopCore &core = *m_loop.core;
    core.endForeignWait();
    PassMeter meter(core, flags.testFlag(QEventLoop::EventLoopExec), m_loop.interrupted);
    const NestingScope scope(m_loop.nesting, NestingLevel::Outside);
    const bool woken = m_loop.beginPass(meter);
    watchWaits(core.isMetricsEnabled());
    if (m_loop.listenersChanged.exchange(false, std::memory_order_relaxed))
        relaySignals(q);
    const auto restore = qScopeGuard([this, outer = m_excluded] { exclude(outer); });
    exclude(flags & OwnFlags);
    const unsigned delivered = m_delivered;
    runTasks();

    if (withNotifiers())
        applyInterests();
    arm();
    QEventLoop::ProcessEventsFlags passedOn = flags & ~OwnFlags;
    // What woke us may be delivered in this very pass, and the caller may wait for nothing else (decision 3).
    // exec() is spared the additional pass: it waits for nothing but an exit, which interrupts.
    const bool hasWorked = woken || m_delivered != delivered;
    if (hasWorked && !flags.testFlag(QEventLoop::EventLoopExec))
        passedOn &= ~QEventLoop::ProcessEventsFlags(QEventLoop::WaitForMoreEvents);
    const bool handled = m_native->processEvents(passedOn);
    core.endForeignWait();
    return handled || m_delivered != delivered;
}

void HostedLoop::exclude(QEventLoop::ProcessEventsFlags flags)
{
    if (flags == m_excluded)
        return;
    m_excluded = flags;
    m_bridge.watch(withNotifiers() ? m_loop.interests.poller().descriptor() : -1);
    arm();
}

/// Tells the kernel what changed. The poller's descriptor is another one after a rebuild.
void HostedLoop::applyInterests()
{
    m_loop.notifiers.markReady(m_loop.interests.prepareForeignWait(m_applyAgain));
    m_bridge.watch(m_loop.interests.poller().descriptor());
}

Instant HostedLoop::nextDeadline() const
{
    const Instant timer = m_loop.nextDeadline(withTimers());
    if (!withNotifiers())
        return timer;
    if (m_loop.notifiers.hasPending() || m_loop.interests.hasChanges())
        return Immediately;
    return std::min(timer, m_applyAgain);
}

void HostedLoop::arm()
{
    const Instant next = nextDeadline();
    if (next == Immediately) {
        m_soon.arm(Immediately);
        if (m_alarm.deadline() == Immediately)
            m_alarm.arm(Never); // one that came due between two ticks and repeats at once by now
    } else {
        m_soon.arm(Never);
        m_alarm.arm(next);
    }
}

void HostedLoop::interestChanged()
{
    if (withNotifiers())
        m_soon.arm(Immediately);
}

void HostedLoop::timerStarted()
{
    if (withTimers() && m_loop.timers.nextDeadline() < m_alarm.deadline())
        arm();
}

void HostedLoop::onReadiness()
{
    m_loop.core->endForeignWait();
    if (!withNotifiers())
        return;
    runTasks();
    m_loop.interests.prepare();
    m_loop.notifiers.markReady(m_loop.interests.wait(Immediately));
    m_bridge.watch(m_loop.interests.poller().descriptor());
    m_delivered += static_cast<unsigned>(m_loop.deliverNotifiers());
}

void HostedLoop::onAlarm()
{
    m_loop.core->endForeignWait();
    if (withNotifiers()) {
        applyInterests();
        if (m_loop.notifiers.hasPending())
            arm();
        m_delivered += static_cast<unsigned>(m_loop.deliverNotifiers());
    }
    if (withTimers())
        m_delivered += static_cast<unsigned>(m_loop.deliverTimers(m_loop.clock()));
}

void HostedLoop::runTasks()
{
    m_delivered += static_cast<unsigned>(m_loop.runTasks());
}

/// The native dispatcher tells when it is about to wait, which costs too much where nothing is recorded.
void HostedLoop::watchWaits(bool on)
{
    if (on == m_watchesWaits)
        return;
    m_watchesWaits = on;
    if (!on) {
        QObject::disconnect(m_waits);
        return;
    }
    m_waits = QObject::connect(m_native.get(), &QAbstractEventDispatcher::aboutToBlock, m_native.get(),
                               [core = m_loop.core.get()] { core->beginForeignWait(); });
}

void HostedLoop::relaySignals(EventDispatcher *q)
{
    using Signal = void (QAbstractEventDispatcher::*)();
    const auto relay = [&](Signal signal, bool &relays) {
        const bool wanted = EventDispatcherPrivate::hasListener(*q, QMetaMethod::fromSignal(signal));
        if (wanted && !relays)
            QObject::connect(m_native.get(), signal, q, signal);
        else if (!wanted && relays)
            QObject::disconnect(m_native.get(), signal, q, signal);
        relays = wanted;
    };
    relay(&QAbstractEventDispatcher::awake, m_relaysAwake);
    relay(&QAbstractEventDispatcher::aboutToBlock, m_relaysAboutToBlock);
}

} // namespace Flywheel
