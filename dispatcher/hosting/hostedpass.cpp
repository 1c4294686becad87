// SPDX-License-Identifier: MIT
#include "hosting/hostedpass.h"

#include "hosting/gliblink.h"
#include "hosting/nativedispatcher.h"
#include "hosting/nativelink.h"
#include "pass/passsteps.h"

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
/// In foreign loops.
constexpr Nanoseconds StarvedAfter = std::chrono::milliseconds(1);

bool isGlib(const QAbstractEventDispatcher &native)
{
    return native.inherits("QEventDispatcherGlib");
}

std::unique_ptr<HostLink> linkTo(QAbstractEventDispatcher &native, HostClient &client, ClockFunction clock)
{
    if (isGlib(native)) {
        GlibSourceOrError glib = attachGlibSource(client);
        if (glib.source)
            return std::make_unique<GlibLink>(std::move(glib.source), native);
        qWarning("Flywheel: %s; timers and sockets stand still while a handler runs a loop of GLib's",
                 glib.error.c_str());
    }
    return std::make_unique<NativeLink>(client, native, clock);
}

} // namespace

HostedPass::HostedPass(PassSteps &steps, OwnPass &ownPass, std::unique_ptr<QAbstractEventDispatcher> native)
    : m_steps(steps)
    , m_ownPass(ownPass)
    , m_native(std::move(native))
    , m_link(linkTo(*m_native, *this, steps.clock))
    , m_tellsHostAll(isGlib(*m_native) && !m_link->servesForeignLoops())
{
    QObject::connect(m_native.get(), &QAbstractEventDispatcher::aboutToBlock, m_native.get(),
                     [this] { aboutToBlock(); });
    if (leavesNotifiersToHost()) {
        for (QSocketNotifier *const notifier : m_steps.notifiers.removeAll())
            m_native->registerSocketNotifier(notifier);
    }
    applyInterests();
}

HostedPass::~HostedPass() = default;

bool HostedPass::leavesNotifiersToHost() const
{
    return !m_steps.interests.poller().hasKernelSet();
}

void HostedPass::addNotifier(QSocketNotifier *notifier)
{
    if (leavesNotifiersToHost()) {
        m_native->registerSocketNotifier(notifier);
        return;
    }
    m_ownPass.addNotifier(notifier);
    changed();
}

void HostedPass::removeNotifier(QSocketNotifier *notifier)
{
    if (leavesNotifiersToHost())
        m_native->unregisterSocketNotifier(notifier);
    else
        m_ownPass.removeNotifier(notifier);
}

/// One pass; docs/contract.md tells it beside an owner's.
bool HostedPass::run(QEventLoop::ProcessEventsFlags flags)
{
    m_steps.core->endForeignWait();
    const auto restore =
        qScopeGuard([this, excluded = m_excluded, wasInHost = std::exchange(m_isInHost, false)] {
            exclude(excluded);
            m_isInHost = wasInHost;
        });
    exclude(flags & OwnFlags);
    ++m_run;
    // Whoever calls processEvents() by hand expects the window system to be served.
    if (!flags.testFlag(QEventLoop::EventLoopExec))
        return runHostedPass(flags);
    const Instant begin = m_steps.clock();
    const bool busy = isBusy();
    const bool looksAhead = !busy && m_deliveredNotifiers && m_lookAhead.isDue();
    if ((busy || looksAhead) && m_hostBudget.allowsSkip(begin))
        return runOwnPass(flags, looksAhead);
    m_hostBudget.polled(begin); // at the latest: what it handles first may take long
    return runHostedPass(flags);
}

/// Is there something to do that the host need not be asked for?
bool HostedPass::isBusy() const
{
    if (m_steps.interests.poller().hasWakeUp() || !m_steps.core->tasks.isEmpty())
        return true;
    const bool hasReady = m_steps.notifiers.hasPending() || m_steps.interests.hasAlwaysReady();
    return (hasReady && withNotifiers()) || m_steps.nextDeadline(withTimers()) == Immediately;
}

bool HostedPass::runOwnPass(QEventLoop::ProcessEventsFlags flags, bool looksAhead)
{
    if (looksAhead)
        m_steps.pollBudget.expire();
    const std::uint64_t before = m_steps.notifiersDelivered;
    const bool handled = m_ownPass.runWithoutWaiting(flags);
    m_deliveredNotifiers = m_steps.notifiersDelivered != before;
    if (looksAhead)
        m_lookAhead.looked(m_deliveredNotifiers);
    return handled;
}

bool HostedPass::runHostedPass(QEventLoop::ProcessEventsFlags flags)
{
    PassMeter meter(*m_steps.core, flags.testFlag(QEventLoop::EventLoopExec), m_steps.interrupted);
    const NestingScope scope(m_steps.nesting, NestingLevel::Outside);
    const std::uint64_t run = m_run;
    const bool woken = m_steps.begin(meter).woken;
    int handled = m_steps.runTasks();
    if (withNotifiers())
        applyInterests();

    QEventLoop::ProcessEventsFlags passedOn = flags & ~OwnFlags;
    if (!mayHostWait(flags, woken || handled > 0))
        passedOn &= ~Waiting;
    if (std::exchange(m_owesWakeUp, false))
        m_native->wakeUp();
    const bool hostHandled = runHost(passedOn);
    const Instant now = m_steps.clock();
    const std::uint64_t before = m_steps.notifiersDelivered;
    if (!m_steps.interrupted.load(std::memory_order_relaxed))
        handled += deliver(now, run);
    m_deliveredNotifiers = m_steps.notifiersDelivered != before;
    return hostHandled || handled > 0;
}

/// What woke us may be delivered in this very pass, and the caller may wait for nothing else (decision 3).
/// exec() is spared the additional pass: it waits for nothing but an exit, which interrupts.
bool HostedPass::mayHostWait(QEventLoop::ProcessEventsFlags flags, bool hasWorked)
{
    if (!flags.testFlag(QEventLoop::WaitForMoreEvents))
        return false;
    if (hasWorked && !flags.testFlag(QEventLoop::EventLoopExec))
        return false;
    if (nextDeadline() != Immediately)
        return true;
    Q_EMIT m_steps.dispatcher->aboutToBlock(); // the host, which will not block, does not
    return false;
}

bool HostedPass::runHost(QEventLoop::ProcessEventsFlags flags)
{
    const auto leave = qScopeGuard([this] { m_isInHost = false; });
    m_isInHost = true;
    const bool handled = m_link->runHost(flags);
    waitEnded();
    m_steps.endHeardEvents();
    return handled;
}

int HostedPass::deliver(Instant now, std::uint64_t run)
{
    int delivered = 0;
    if (withNotifiers()) {
        m_steps.pollBudget.polled(now); // by the host, which watches our descriptor
        if (m_isReady && m_run == run && m_readableIn == run)
            collectForeignReadiness();
        else if (m_isReady)
            collectReadiness();
        delivered += m_steps.deliverNotifiers();
    }
    if (withTimers() && !m_steps.timers.isEmpty())
        delivered += m_steps.deliverTimers(now);
    return delivered;
}

bool HostedPass::takeWakeUp()
{
    if (m_isInHost || m_tellsHostAll)
        return false;
    m_owesWakeUp = true;
    return true;
}

void HostedPass::exclude(QEventLoop::ProcessEventsFlags flags)
{
    if (flags == m_excluded)
        return;
    m_excluded = flags;
    watchReadiness();
}

/// An UNIX host takes 1,600 instructions more for each wait if it watches anything.
int HostedPass::watchReadiness()
{
    const InterestSet &interests = m_steps.interests;
    const bool hasAny = withNotifiers() && !interests.isEmpty();
    const int descriptor = hasAny ? interests.poller().descriptor() : -1;
    m_link->watch(descriptor);
    return descriptor;
}

/// Tells the kernel what changed. The poller's descriptor is another one after a rebuild.
void HostedPass::applyInterests()
{
    InterestSet &interests = m_steps.interests;
    m_steps.notifiers.markReady(interests.prepareForeignWait(m_applyAgain));
    if (watchReadiness() < 0 && !interests.isEmpty()) {
        collectReadiness();
        m_applyAgain = std::min(m_applyAgain, after(m_steps.clock(), LookAfter));
    }
}

void HostedPass::collectReadiness()
{
    m_isReady = false;
    m_steps.interests.prepare();
    m_steps.notifiers.markReady(m_steps.interests.wait(Immediately));
    watchReadiness();
}

/// Nothing was delivered since the host found our descriptor readable: it still means what it did.
void HostedPass::collectForeignReadiness()
{
    m_isReady = false;
    m_steps.notifiers.markReady(m_steps.interests.endForeignWait());
    watchReadiness();
}

Instant HostedPass::nextDeadline()
{
    if (hasWork())
        return Immediately;
    const Instant timer = m_steps.nextDeadline(withTimers());
    if (timer != Immediately && timer <= m_steps.clock())
        return Immediately;
    return withNotifiers() ? std::min(timer, m_applyAgain) : timer;
}

/// The host is about to wait, and what ran in this pass may have started timers and changed interests.
void HostedPass::aboutToBlock()
{
    m_isAboutToWait = true;
    prepareToWait();
    m_steps.core->beginForeignWait();
}

void HostedPass::prepareToWait()
{
    if (withNotifiers() && m_steps.interests.hasChanges())
        applyInterests();
    m_link->beforeWait(nextDeadline(), needsExactWaits());
}

bool HostedPass::hasWork()
{
    if (m_owesWakeUp || !m_steps.core->tasks.isEmpty())
        return true;
    return withNotifiers() && (m_steps.notifiers.hasPending() || m_steps.interests.hasChanges() ||
                               m_steps.interests.hasAlwaysReady());
}

Nanoseconds HostedPass::untilTimer()
{
    const Instant deadline = m_steps.nextDeadline(withTimers());
    if (deadline == Never)
        return Nanoseconds::max();
    return deadline == Immediately ? Nanoseconds::zero()
                                   : std::max(deadline - m_steps.clock(), Nanoseconds::zero());
}

Nanoseconds HostedPass::untilFineTimer()
{
    return needsExactWaits() ? untilTimer() : Nanoseconds::max();
}

bool HostedPass::needsExactWaits() const
{
    return withTimers() && m_steps.timers.hasFineTimers();
}

Nanoseconds HostedPass::untilLook()
{
    if (m_applyAgain == Never || !withNotifiers())
        return Nanoseconds::max();
    return std::max(m_applyAgain - m_steps.clock(), Nanoseconds::zero());
}

void HostedPass::waitEnded()
{
    m_isAboutToWait = false;
    m_steps.core->endForeignWait();
}

void HostedPass::workIsReady(bool isReadable)
{
    waitEnded();
    m_isReady = true;
    if (isReadable)
        m_readableIn = m_run;
}

void HostedPass::serveWork()
{
    waitEnded();
    ++m_run;
    if (std::exchange(m_owesWakeUp, false))
        m_native->wakeUp();
    const NestingScope scope(m_steps.nesting, NestingLevel::Outside);
    m_steps.runTasks();
    if (withNotifiers()) {
        applyInterests();
        collectReadiness();
        m_steps.deliverNotifiers();
    }
    if (!hasStarvedTimers())
        return;
    const Instant begin = m_steps.clock();
    m_steps.deliverTimers(begin);
    const Instant end = m_steps.clock();
    m_serveStarvedAgain = after(end, 2 * (end - begin)); // the rest is for others
}

/// In a foreign loop timers come when idle, as some do with Qt's dispatcher; but there they get a turn after
/// each batch of posted events.
bool HostedPass::hasStarvedTimers()
{
    const Instant due = withTimers() ? m_steps.timers.nextDeadline() : Never;
    if (due == Never)
        return false;
    const Instant now = m_steps.clock();
    return now >= m_serveStarvedAgain && now - due >= StarvedAfter;
}

void HostedPass::serveTimers()
{
    waitEnded();
    const NestingScope scope(m_steps.nesting, NestingLevel::Outside);
    m_steps.deliverTimers(m_steps.clock());
}

void HostedPass::setListeners(bool toAwake, bool toAboutToBlock)
{
    using Signal = void (QAbstractEventDispatcher::*)();
    const auto relay = [this](Signal signal, bool wanted, bool &relays) {
        if (wanted && !relays)
            QObject::connect(m_native.get(), signal, m_steps.dispatcher, signal);
        else if (!wanted && relays)
            QObject::disconnect(m_native.get(), signal, m_steps.dispatcher, signal);
        relays = wanted;
    };
    relay(&QAbstractEventDispatcher::awake, toAwake, m_relaysAwake);
    relay(&QAbstractEventDispatcher::aboutToBlock, toAboutToBlock, m_relaysAboutToBlock);
}

} // namespace Flywheel
