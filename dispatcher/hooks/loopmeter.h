// SPDX-License-Identifier: MIT
#pragma once

#include "loop/loopcore.h"
#include "timers/timerqueue.h"

QT_BEGIN_NAMESPACE
class QObject;
class QSocketNotifier;
QT_END_NAMESPACE

namespace Flywheel {

/// The hooks of the loop into its recorder. Each costs one test while metrics are off, and ends rightly if
/// they are switched while it is open, and if others that began later go on (coroutines).
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
    /// Null if metrics were off when this was made, or were switched since.
    LoopRecorder *recorder() const
    {
        return m_recorder && m_core.generation() == m_generation ? m_recorder : nullptr;
    }

private:
    LoopCore &m_core;
    LoopRecorder *const m_recorder;
    const unsigned m_generation;
};

/// One pass, from its beginning to the end of the scope.
class PassMeter : public Meter
{
public:
    /// \a inExec: the pass belongs to exec(), where one follows on another until \a interrupted.
    PassMeter(LoopCore &core, bool inExec, const std::atomic<bool> &interrupted)
        : Meter(core, core.beginRecording())
        , m_inExec(inExec)
        , m_interrupted(interrupted)
    {
        if (recorder())
            begin();
    }
    ~PassMeter()
    {
        if (LoopRecorder *const recorder = this->recorder())
            recorder->endPass(m_pass, m_inExec && !m_interrupted.load(std::memory_order_relaxed));
    }

    /// What the loop has to do. After the wake-up was taken.
    void recordState(std::uint64_t timers, std::uint64_t notifiers)
    {
        if (recorder())
            doRecordState(timers, notifiers);
    }

private:
    void begin();
    void doRecordState(std::uint64_t timers, std::uint64_t notifiers);

    const bool m_inExec;
    const std::atomic<bool> &m_interrupted;
    LoopRecorder::Handle m_pass;
};

/// A look at the poller, from construction to end().
class WaitMeter : public Meter
{
public:
    WaitMeter(LoopCore &core, bool blocks) : Meter(core, core.recording()), m_blocks(blocks)
    {
        if (LoopRecorder *const recorder = this->recorder(); recorder && blocks)
            recorder->beginWait();
    }
    /// The time, if it was read.
    std::optional<Instant> end(std::size_t ready) { return recorder() ? doEnd(ready) : std::nullopt; }

private:
    std::optional<Instant> doEnd(std::size_t ready);

    const bool m_blocks;
};

/// All posted events of a pass, from construction to the end of the scope.
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

/// One handler, from construction to the end of the scope.
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
    /// A timeout has no object.
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

    /// Tells that the timer lives on.
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
