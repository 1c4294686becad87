// SPDX-License-Identifier: MIT
#pragma once

#include "loop/loopcore.h"

#include <QtCore/qobject.h>

#include <atomic>

QT_BEGIN_NAMESPACE
class QAbstractEventDispatcher;
QT_END_NAMESPACE

namespace Flywheel {

/// Records a loop that another dispatcher runs. It changes nothing in that loop.
///
/// The dispatcher emits a signal when it is about to block and when it is awake, and Qt calls a hook for each
/// event (eventhook.h). Qt's GLib dispatcher begins a pass that may wait with aboutToBlock() and ends it with
/// awake(). All other passes begin with awake(), and nobody reports their end. In exec() the next pass
/// follows at once, so its awake() is the end. If the program calls processEvents() itself, the time between
/// two passes is its own work. Then only what certainly belongs to the pass counts.
class LoopObserver final : public QObject
{
public:
    /// Observes the calling thread's dispatcher until that is destroyed. Returns false if there is none, if
    /// it is Flywheel's own (which records itself), or if it is already observed.
    static bool attach(const Options &options);

    ~LoopObserver() override;

    // Any thread:

    /// Observes each thread with a dispatcher in which an event is delivered from now on (lookAtThread()).
    static void attachToAll(const Options &options);
    /// Ends that, and each observation, when the threads come to it.
    static void detachFromAll();
    /// For the hook, in a thread that is not recorded: observes it if attachToAll() was called.
    static void lookAtThread()
    {
        if (s_attachesToAll.load(std::memory_order_acquire)) [[unlikely]]
            attachIfFound();
    }

private:
    static void attachIfFound();

    static std::atomic<bool> s_attachesToAll;

    LoopObserver(QAbstractEventDispatcher &dispatcher, const Options &options);

    void onAwake();
    void onAboutToBlock();
    static void beginPass(LoopRecorder &recorder, bool followsOn, bool endIsTold);

    const std::shared_ptr<LoopCore> m_core;
    const bool m_isGlib;
};

} // namespace Flywheel
