// SPDX-License-Identifier: MIT
#pragma once

#include "messages/nativemessages.h"
#include "pass/pass.h"

namespace Flywheel {

class PassSteps;

/// The pass of a loop that waits in its own poller. A hosted loop runs it too, but without waiting, while it
/// is busy.
class OwnPass final : public Pass, private MessageClient
{
public:
    explicit OwnPass(PassSteps &steps);

    bool run(QEventLoop::ProcessEventsFlags flags) override { return run(flags, {}); }
    /// Emits aboutToBlock() as ever, but does not wait.
    bool runWithoutWaiting(QEventLoop::ProcessEventsFlags flags) { return run(flags, {.mayWait = false}); }
    void addNotifier(QSocketNotifier *notifier) override;
    void removeNotifier(QSocketNotifier *notifier) override;
    void timerStarted() override {}
    void beginHandlers() override { m_messages.beginHandlers(); }

private:
    struct Extent
    {
        bool withMessages = true;
        bool mayWait = true;
    };
    bool run(QEventLoop::ProcessEventsFlags flags, Extent extent);
    bool mayBlockAfterWork(QEventLoop::ProcessEventsFlags flags, Extent extent, unsigned run) const;
    bool mayBlock(QEventLoop::ProcessEventsFlags flags) const;
    void passInForeignLoop() override;
    Instant fallAsleepInForeignLoop() override;
    void ariseInForeignLoop() override;
    int descriptorToWatch() const override;

    PassSteps &m_steps;
    NativeMessages m_messages;
    unsigned m_runs = 0; ///< passes that began, nested ones included
};

} // namespace Flywheel
