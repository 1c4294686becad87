// SPDX-License-Identifier: MIT
#pragma once

#include "loop/loopcore.h"
#include "timers/timerqueue.h"

QT_BEGIN_NAMESPACE
class QObject;
class QSocketNotifier;
QT_END_NAMESPACE

namespace Flywheel {

/// The base of the objects by which a loop tells its recorder what it does. While metrics are off, each costs
/// one test. If metrics are switched while it exists, it does nothing more. It may end before others that
/// began later (coroutines).
class Meter
{
public:
    Meter(const Meter &) = delete;

protected:
    Meter(LoopCore &core, LoopRecorder *recorder)
        : m_core(core)
        , m_recorder(recorder)
        , m_generation(core.generation())
    {
    }

    LoopCore &core() const { return m_core; }
    /// Returns null if metrics were off when this object was made, or were switched since.
    LoopRecorder *recorder() const
    {
        return m_recorder && m_core.generation() == m_generation ? m_recorder : nullptr;
    }

private:
    LoopCore &m_core;
    LoopRecorder *const m_recorder;
    const unsigned m_generation;
};

/// Measures one pass, from construction to destruction.
class PassMeter : public Meter
{
public:
    /// \a inExec: the pass belongs to an exec(), where one pass follows another until \a interrupted.
    PassMeter(LoopCore &core, bool inExec, const std::atomic<bool> &interrupted)
        : Meter(core, core.beginRecording())
        , m_inExec(inExec)
        , m_interrupted(interrupted)
    {
        if (LoopRecorder *const recorder = this->recorder())
            m_pass = recorder->beginPass(m_inExec);
    }
    ~PassMeter()
    {
        if (LoopRecorder *const recorder = this->recorder())
            recorder->endPass(m_pass, m_inExec && !m_interrupted.load(std::memory_order_relaxed));
    }

    /// Records what the loop has to do. Call it after the wake-up was taken.
    void recordState(bool woken, std::uint64_t timers, std::uint64_t notifiers)
    {
        if (recorder())
            doRecordState(woken, timers, notifiers);
    }

private:
    void doRecordState(bool woken, std::uint64_t timers, std::uint64_t notifiers);

    const bool m_inExec;
    const std::atomic<bool> &m_interrupted;
    LoopRecorder::Handle m_pass;
};

/// Measures one wait of the poller, from construction to end().
class WaitMeter : public Meter
{
public:
    WaitMeter(LoopCore &core, bool blocks) : Meter(core, core.recording()), m_blocks(blocks)
    {
        if (LoopRecorder *const recorder = this->recorder(); recorder && blocks)
            recorder->beginWait();
    }
    /// Returns the time if the clock was read.
    std::optional<Instant> end(std::size_t ready) { return recorder() ? doEnd(ready) : std::nullopt; }

private:
    std::optional<Instant> doEnd(std::size_t ready);

    const bool m_blocks;
};

/// Measures all posted events of a pass, from construction to destruction.
class BatchMeter : public Meter
{
public:
    explicit BatchMeter(LoopCore &core) : Meter(core, core.recording())
    {
        if (LoopRecorder *const recorder = this->recorder())
            recorder->beginBatch(m_batch);
    }
    ~BatchMeter()
    {
        if (LoopRecorder *const recorder = this->recorder())
            recorder->endBatch(m_batch);
    }

private:
    LoopRecorder::Handle m_batch;
};

/// Measures one handler, from construction to destruction.
class HandlerMeter : public Meter
{
public:
    HandlerMeter(LoopCore &core, const QSocketNotifier *notifier) : Meter(core, core.recording())
    {
        if (recorder())
            beginNotifier(notifier);
    }
    HandlerMeter(LoopCore &core, const TaskQueue::Taken &task) : Meter(core, core.recording())
    {
        if (recorder())
            beginTask(task);
    }
    /// For a timer or a timeout; a timeout has no object.
    HandlerMeter(LoopCore &core, const TimerQueue::Due &due) : Meter(core, core.recording())
    {
        if (recorder())
            beginTimer(due);
    }
    ~HandlerMeter()
    {
        if (LoopRecorder *const recorder = this->recorder())
            recorder->endHandler(m_handler, m_repeats);
    }

    /// Says whether the timer goes on.
    void setRepeats(bool repeats) { m_repeats = repeats; }

private:
    void beginNotifier(const QSocketNotifier *notifier);
    void beginTask(const TaskQueue::Taken &task);
    void beginTimer(const TimerQueue::Due &due);
    void beginUnknownTimer(const TimerQueue::Due &due, std::uint64_t key);

    LoopRecorder::Handle m_handler;
    bool m_repeats = false;
};

} // namespace Flywheel
