// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "hosting/hostlink.h"
#include "hosting/hostmodule.h"
#include "hosting/lookahead.h"
#include "pass/ownpass.h"
#include "pass/pollbudget.h"

#include <QtCore/qobjectdefs.h>

#include <cstdint>
#include <memory>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

class PassSteps;

/// The pass of a loop inside another dispatcher, its host: that one waits, sends posted events and serves the
/// window system, and watches one descriptor (our poller's) and one deadline (our nearest timer's) for us.
///
/// The host only ends its wait: what is due is delivered when it has returned, by our own pass, as deep in
/// Qt's levels of delivery as Qt's dispatchers do it (deleteLater() depends on that). Inside the host's
/// callbacks handlers run only while a foreign loop (g_main_loop_run() in a handler) keeps it from returning.
///
/// While the loop is busy the host is left unasked for a few passes, as an owner's poller is (PollBudget):
/// they are passes of `ownPass`.
class HostedPass final : public Pass, private HostClient
{
public:
    /// Takes the notifiers over. The host's signals reach \a steps' dispatcher while somebody listens.
    HostedPass(PassSteps &steps, OwnPass &ownPass, std::unique_ptr<QAbstractEventDispatcher> native);
    ~HostedPass() override;

    QAbstractEventDispatcher &native() { return *m_native; }

    bool run(QEventLoop::ProcessEventsFlags flags) override;
    void addNotifier(QSocketNotifier *notifier) override;
    void removeNotifier(QSocketNotifier *notifier) override;
    void timerStarted() override { changed(); }
    void beginHandlers() override {}

    /// Whether the host watches the notifiers itself: our poller has no descriptor that it could watch.
    bool leavesNotifiersToHost() const;

    /// Who listens to the dispatcher's signals. A relay costs hundreds of instructions an event.
    void setListeners(bool toAwake, bool toAboutToBlock);

    /// The loop's own thread wakes it. False: the host must be woken. True: it is told when it is asked next.
    bool takeWakeUp();

private:
    bool hasWork() override;
    Nanoseconds untilTimer() override;
    Nanoseconds untilFineTimer() override;
    Nanoseconds untilLook() override;
    void waitEnded() override;
    void workIsReady(bool isReadable) override;
    void serveWork() override;
    void serveTimers() override;
    bool hasStarvedTimers() override;

    bool withNotifiers() const { return !(m_excluded & QEventLoop::ExcludeSocketNotifiers); }
    bool withTimers() const { return !(m_excluded & QEventLoop::X11ExcludeTimers); }
    bool needsExactWaits() const;
    void changed()
    {
        if (m_isAboutToWait) [[unlikely]]
            prepareToWait();
    }
    bool isBusy() const;
    bool runOwnPass(QEventLoop::ProcessEventsFlags flags, bool looksAhead);
    bool runHostedPass(QEventLoop::ProcessEventsFlags flags);
    bool mayHostWait(QEventLoop::ProcessEventsFlags flags, bool hasWorked);
    void exclude(QEventLoop::ProcessEventsFlags flags);
    int watchReadiness();
    void applyInterests();
    void collectReadiness();
    void collectForeignReadiness();
    bool runHost(QEventLoop::ProcessEventsFlags flags);
    int deliver(Instant now, std::uint64_t run);
    void aboutToBlock();
    void prepareToWait();
    Instant nextDeadline();

    PassSteps &m_steps;
    OwnPass &m_ownPass;
    const std::unique_ptr<QAbstractEventDispatcher> m_native;
    const std::unique_ptr<HostLink> m_link;
    QEventLoop::ProcessEventsFlags m_excluded;
    Instant m_applyAgain = Never;
    Instant m_serveStarvedAgain = Immediately; ///< at the earliest
    PollBudget m_hostBudget;
    LookAhead m_lookAhead;
    bool m_deliveredNotifiers = false; ///< in the last pass
    bool m_isReady = false;            ///< the host found our descriptor readable, or other work
    std::uint64_t m_run = 0;           ///< counts what may deliver notifiers
    std::uint64_t m_readableIn = 0;    ///< the run in which the host found our descriptor readable
    bool m_isAboutToWait = false;
    bool m_isInHost = false;   ///< what runs was called by the host, not by us
    bool m_owesWakeUp = false; ///< the host was not told of a wake-up; it may have more to do for one than we
    const bool m_tellsHostAll; ///< a foreign loop may run the host, and asks no source of ours
    bool m_relaysAwake = false;
    bool m_relaysAboutToBlock = false;
};

} // namespace Flywheel
