// SPDX-License-Identifier: MIT
#include "hosting/hostedloop.h"

#include "core/eventdispatcher_p.h"
#include "hosting/gliblink.h"
#include "hosting/nativedispatcher.h"
#include "hosting/nativelink.h"

#include <QtCore/qlogging.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qscopeguard.h>
#include <QtCore/qsocketnotifier.h>

#include <algorithm>
#include <utility>

namespace Flywheel {

namespace {

/// What this loop holds back by itself. The host is not told: it would hold back our deadline, and GLib's
/// spins while an excluded descriptor is ready.
constexpr QEventLoop::ProcessEventsFlags OwnFlags =
    QEventLoop::ProcessEventsFlags(QEventLoop::ExcludeSocketNotifiers) | QEventLoop::X11ExcludeTimers;
constexpr QEventLoop::ProcessEventsFlags Waiting = QEventLoop::WaitForMoreEvents;

/// How long descriptors may be left alone while the process has none left to watch them with.
constexpr Nanoseconds LookAfter = std::chrono::milliseconds(10);

std::unique_ptr<HostLink> linkTo(QAbstractEventDispatcher &native, HostClient &client, ClockFunction clock)
{
    if (native.inherits("QEventDispatcherGlib")) {
        GlibSourceOrError glib = attachGlibSource(client);
        if (glib.source)
            return std::make_unique<GlibLink>(std::move(glib.source), native);
        qWarning("Flywheel: %s; timers and sockets stand still while a handler runs a loop of GLib's",
                 glib.error.c_str());
    }
    return std::make_unique<NativeLink>(client, native, clock);
}

} // namespace

HostedLoop::HostedLoop(EventDispatcherPrivate &loop, std::unique_ptr<QAbstractEventDispatcher> native)
    : m_loop(loop)
    , m_native(std::move(native))
    , m_link(linkTo(*m_native, *this, loop.clock))
{
    QObject::connect(m_native.get(), &QAbstractEventDispatcher::aboutToBlock, m_native.get(),
                     [this] { aboutToBlock(); });
    if (leavesNotifiersToHost()) {
        for (QSocketNotifier *const notifier : m_loop.notifiers.removeAll())
            m_native->registerSocketNotifier(notifier);
    }
    applyInterests();
}

HostedLoop::~HostedLoop() = default;

bool HostedLoop::leavesNotifiersToHost() const
{
    return !m_loop.interests.poller().hasKernelSet();
}

/// One pass; docs/contract.md tells it beside an owner's.
bool HostedLoop::processEvents(EventDispatcher *q, QEventLoop::ProcessEventsFlags flags)
{
    LoopCore &core = *m_loop.core;
    core.endForeignWait();
    PassMeter meter(core, flags.testFlag(QEventLoop::EventLoopExec), m_loop.interrupted);
    const NestingScope scope(m_loop.nesting, NestingLevel::Outside);
    const bool woken = m_loop.beginPass(meter);
    if (m_loop.listenersChanged.exchange(false, std::memory_order_relaxed))
        relaySignals(q);
    const auto restore = qScopeGuard([this, outer = m_excluded] { exclude(outer); });
    exclude(flags & OwnFlags);
    int handled = m_loop.runTasks();
    if (withNotifiers())
        applyInterests();

    QEventLoop::ProcessEventsFlags passedOn = flags & ~OwnFlags;
    // What woke us may be delivered in this very pass, and the caller may wait for nothing else (decision 3).
    // exec() is spared the additional pass: it waits for nothing but an exit, which interrupts.
    const bool hasWorked = woken || handled > 0;
    if ((hasWorked && !flags.testFlag(QEventLoop::EventLoopExec)) || nextDeadline() == Immediately)
        passedOn &= ~Waiting;
    const bool hostHandled = runHost(passedOn);
    if (!m_loop.interrupted.load(std::memory_order_relaxed))
        handled += deliver();
    return hostHandled || handled > 0;
}

bool HostedLoop::runHost(QEventLoop::ProcessEventsFlags flags)
{
    const bool handled = m_link->runHost(flags);
    waitEnded();
    if (LoopRecorder *const recorder = m_loop.core->recording()) {
        const char here = 0; // whatever the host delivered, it did so deeper on the stack
        recorder->endOver(&here);
    }
    return handled;
}

int HostedLoop::deliver()
{
    int delivered = 0;
    if (withNotifiers()) {
        if (m_isReady)
            collectReadiness();
        delivered += m_loop.deliverNotifiers();
    }
    if (withTimers() && !m_loop.timers.isEmpty())
        delivered += m_loop.deliverTimers(m_loop.clock());
    return delivered;
}

void HostedLoop::exclude(QEventLoop::ProcessEventsFlags flags)
{
    if (flags == m_excluded)
        return;
    m_excluded = flags;
    m_link->watch(withNotifiers() ? m_loop.interests.poller().descriptor() : -1);
}

/// Tells the kernel what changed. The poller's descriptor is another one after a rebuild.
void HostedLoop::applyInterests()
{
    InterestSet &interests = m_loop.interests;
    m_loop.notifiers.markReady(interests.prepareForeignWait(m_applyAgain));
    const int descriptor = interests.poller().descriptor();
    m_link->watch(descriptor);
    if (descriptor < 0 && m_loop.notifiers.size() > 0) {
        collectReadiness();
        m_applyAgain = std::min(m_applyAgain, after(m_loop.clock(), LookAfter));
    }
}

void HostedLoop::collectReadiness()
{
    m_isReady = false;
    m_loop.interests.prepare();
    m_loop.notifiers.markReady(m_loop.interests.wait(Immediately));
    m_link->watch(m_loop.interests.poller().descriptor());
}

Instant HostedLoop::nextDeadline()
{
    if (hasWork())
        return Immediately;
    const Instant timer = m_loop.nextDeadline(withTimers());
    if (timer != Immediately && timer <= m_loop.clock())
        return Immediately;
    return withNotifiers() ? std::min(timer, m_applyAgain) : timer;
}

/// The host is about to wait, and what ran in this pass may have started timers and changed interests.
void HostedLoop::aboutToBlock()
{
    m_isAboutToWait = true;
    prepareToWait();
    m_loop.core->beginForeignWait();
}

void HostedLoop::prepareToWait()
{
    if (withNotifiers() && m_loop.interests.hasChanges())
        applyInterests();
    m_link->beforeWait(nextDeadline());
}

bool HostedLoop::hasWork()
{
    if (!m_loop.core->tasks.isEmpty())
        return true;
    return withNotifiers() && (m_loop.notifiers.hasPending() || m_loop.interests.hasChanges() ||
                               m_loop.interests.hasAlwaysReady());
}

Nanoseconds HostedLoop::untilTimer()
{
    const Instant deadline = m_loop.nextDeadline(withTimers());
    if (deadline == Never)
        return Nanoseconds::max();
    return deadline == Immediately ? Nanoseconds::zero()
                                   : std::max(deadline - m_loop.clock(), Nanoseconds::zero());
}

Nanoseconds HostedLoop::untilLook()
{
    if (m_applyAgain == Never || !withNotifiers())
        return Nanoseconds::max();
    return std::max(m_applyAgain - m_loop.clock(), Nanoseconds::zero());
}

void HostedLoop::waitEnded()
{
    m_isAboutToWait = false;
    m_loop.core->endForeignWait();
}

void HostedLoop::workIsReady()
{
    waitEnded();
    m_isReady = true;
}

void HostedLoop::serveWork()
{
    waitEnded();
    const NestingScope scope(m_loop.nesting, NestingLevel::Outside);
    m_loop.runTasks();
    if (!withNotifiers())
        return;
    applyInterests();
    collectReadiness();
    m_loop.deliverNotifiers();
}

void HostedLoop::serveTimers()
{
    waitEnded();
    const NestingScope scope(m_loop.nesting, NestingLevel::Outside);
    m_loop.deliverTimers(m_loop.clock());
}

/// The host passes on q's signals only while somebody listens: a relay costs hundreds of instructions an
/// event.
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
